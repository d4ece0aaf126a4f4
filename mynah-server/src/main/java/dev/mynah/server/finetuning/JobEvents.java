package dev.mynah.server.finetuning;

import java.time.Instant;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Writes the figures of a step as an event, in the API's names. */
final class JobEvents {
    private JobEvents() {}

    static void metrics(JobRepository jobs, Job job, ObjectNode metrics, Instant now) {
        ObjectNode data = JsonMapper.shared().createObjectNode();
        data.put("step", metrics.get("step").intValue()).put("total_steps", job.totalSteps());
        data.set("train_loss", metrics.get("loss"));
        copy(metrics, "val_loss", data, "full_valid_loss");
        for (String name : new String[] {"reward", "kl", "accuracy", "tok_s"}) {
            copy(metrics, name, data, name);
        }
        StringBuilder message = new StringBuilder(String.format(
                Locale.ROOT,
                "Step %d/%d: training loss=%.4f",
                data.get("step").intValue(),
                job.totalSteps(),
                metrics.get("loss").doubleValue()));
        if (metrics.path("val_loss").isNumber()) {
            message.append(String.format(
                    Locale.ROOT,
                    ", validation loss=%.4f",
                    metrics.get("val_loss").doubleValue()));
        }
        if (metrics.path("reward").isNumber()) {
            message.append(String.format(
                    Locale.ROOT, ", reward=%.4f", metrics.get("reward").doubleValue()));
        }
        jobs.insertEvent(job.id(), "info", data.get("step").intValue(), message.toString(), data, now);
    }

    private static void copy(ObjectNode from, String name, ObjectNode to, String as) {
        if (from.path(name).isNumber()) {
            to.set(as, from.get(name));
        }
    }
}
