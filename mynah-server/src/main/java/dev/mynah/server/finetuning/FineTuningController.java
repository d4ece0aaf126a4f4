package dev.mynah.server.finetuning;

import dev.mynah.server.account.Caller;
import dev.mynah.server.account.Scopes;
import dev.mynah.server.studio.RunFolders;
import dev.mynah.server.web.Idempotency;
import dev.mynah.server.web.JsonObject;
import dev.mynah.server.web.ListPage;
import dev.mynah.server.web.Page;
import dev.mynah.server.web.Pages;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v1/fine_tuning/jobs}, and the same for the web app. */
@RestController
@RequestMapping({"/v1/fine_tuning", "/api/fine_tuning"})
final class FineTuningController {
    private static final String TWENTY = "20";
    private static final int POINTS = 1_000;
    private static final int SAMPLES = 400;

    private final FineTuning fineTuning;
    private final JobRepository jobs;
    private final Idempotency idempotency;
    private final Clock clock;

    FineTuningController(FineTuning fineTuning, JobRepository jobs, Idempotency idempotency, Clock clock) {
        this.fineTuning = fineTuning;
        this.jobs = jobs;
        this.idempotency = idempotency;
        this.clock = clock;
    }

    /** An {@code Idempotency-Key} lets it be sent again. */
    @PostMapping("/jobs")
    @Nullable
    Object create(Caller caller, JsonObject body, HttpServletRequest request) {
        caller.require(Scopes.FINE_TUNING);
        return idempotency.once(request, caller, body, () -> {
            try {
                return body(fineTuning.create(caller, JobRequest.read(body)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** The newest first; {@code metadata[NAME]=WORD} asks for those that have it. */
    @GetMapping("/jobs")
    ListPage<JobBody> list(
            Caller caller,
            @RequestParam(name = "limit", defaultValue = TWENTY) int limit,
            @RequestParam(name = "after", defaultValue = "") String after,
            HttpServletRequest request) {
        caller.require(Scopes.FINE_TUNING);
        int size = Pages.size(limit);
        Map<String, String> wanted = Pages.metadata(request);
        List<Job> found = new ArrayList<>();
        List<Job> page = jobs.page(caller.organisationId(), Pages.cursor(after), size + 1);
        while (!page.isEmpty() && found.size() <= size) {
            page.stream()
                    .filter(job -> job.settings().metadata().entrySet().containsAll(wanted.entrySet()))
                    .forEach(found::add);
            page = page.size() <= size
                    ? List.of()
                    : jobs.page(caller.organisationId(), page.getLast().id(), size + 1);
        }
        return ListPage.of(found, size, this::body, Job::id);
    }

    @GetMapping("/jobs/{id}")
    JobBody get(Caller caller, @PathVariable String id) {
        return body(find(caller, id));
    }

    @PostMapping("/jobs/{id}/cancel")
    JobBody cancel(Caller caller, @PathVariable String id) throws IOException {
        caller.require(Scopes.FINE_TUNING);
        return body(fineTuning.cancel(caller, id));
    }

    @PostMapping("/jobs/{id}/pause")
    JobBody pause(Caller caller, @PathVariable String id) {
        caller.require(Scopes.FINE_TUNING);
        return body(fineTuning.pause(caller, id));
    }

    @PostMapping("/jobs/{id}/resume")
    JobBody resume(Caller caller, @PathVariable String id) {
        caller.require(Scopes.FINE_TUNING);
        return body(fineTuning.resume(caller, id));
    }

    /** @param type {@code metrics} where {@code data} has the figures of a step, else {@code message} */
    record EventBody(
            String id,
            String object,
            long createdAt,
            String level,
            String message,
            @Nullable JsonNode data,
            String type) {
        static EventBody of(JobRepository.Event event) {
            return new EventBody(
                    event.id(),
                    "fine_tuning.job.event",
                    event.createdAt().getEpochSecond(),
                    event.level(),
                    event.message(),
                    event.data(),
                    event.step() == null ? "message" : "metrics");
        }
    }

    /** The newest first. */
    @GetMapping("/jobs/{id}/events")
    ListPage<EventBody> events(
            Caller caller,
            @PathVariable String id,
            @RequestParam(name = "limit", defaultValue = TWENTY) int limit,
            @RequestParam(name = "after", defaultValue = "") String after) {
        int size = Pages.size(limit);
        return ListPage.of(
                jobs.events(find(caller, id).id(), Pages.cursor(after), size + 1),
                size,
                EventBody::of,
                JobRepository.Event::id);
    }

    record CheckpointBody(
            String id,
            String object,
            long createdAt,
            String fineTunedModelCheckpoint,
            String fineTuningJobId,
            int stepNumber,
            Map<String, Double> metrics) {}

    /** The newest first. Those before the last are what a job goes on from; only the last is served, under the name of the model. */
    @GetMapping("/jobs/{id}/checkpoints")
    ListPage<CheckpointBody> checkpoints(
            Caller caller,
            @PathVariable String id,
            @RequestParam(name = "limit", defaultValue = "10") int limit,
            @RequestParam(name = "after", defaultValue = "") String after)
            throws IOException {
        int size = Pages.size(limit);
        Job job = find(caller, id);
        JobFolder folder = fineTuning.folder(job);
        Map<Integer, ObjectNode> steps = new HashMap<>();
        new MetricsTail(folder.metrics())
                .all()
                .forEach(step -> steps.put(step.get("step").intValue(), step));
        List<CheckpointBody> all = new ArrayList<>();
        for (int step : folder.checkpoints()) {
            all.add(checkpoint(job, step, steps.get(step)));
        }
        Collections.reverse(all);
        int from = 1 + all.stream().map(CheckpointBody::id).toList().indexOf(after);
        return ListPage.of(all.subList(from, all.size()), size, checkpoint -> checkpoint, CheckpointBody::id);
    }

    private static CheckpointBody checkpoint(Job job, int step, @Nullable ObjectNode metrics) {
        Map<String, Double> figures = new HashMap<>();
        figures.put("step", (double) step);
        if (metrics != null && metrics.path("loss").isNumber()) {
            figures.put("train_loss", metrics.get("loss").doubleValue());
        }
        if (metrics != null && metrics.path("val_loss").isNumber()) {
            figures.put("full_valid_loss", metrics.get("val_loss").doubleValue());
        }
        String model = job.fineTunedModel() == null ? "ft:" + job.baseModel() : job.fineTunedModel();
        return new CheckpointBody(
                "ftckpt-" + job.id().substring("ftjob-".length()) + "-" + step,
                "fine_tuning.job.checkpoint",
                job.createdAt().getEpochSecond(),
                step == job.totalSteps() ? model : model + ":ckpt-step-" + step,
                job.id(),
                step,
                figures);
    }

    /** A run's curves, for the web app. */
    @GetMapping("/jobs/{id}/metrics")
    Page<JsonNode> metrics(Caller caller, @PathVariable String id) throws IOException {
        return new Page<>(RunFolders.metrics(fineTuning.folder(find(caller, id)).run(), POINTS), null);
    }

    /** What the model wrote on the way, for the web app. */
    @GetMapping("/jobs/{id}/samples")
    Page<JsonNode> samples(Caller caller, @PathVariable String id) throws IOException {
        return new Page<>(RunFolders.samples(fineTuning.folder(find(caller, id)).run(), SAMPLES), null);
    }

    /** @param trainingPrice micro-units per million tokens */
    record BaseBody(String id, long trainingPrice, String currency) {}

    /** The models that can be fine-tuned. */
    @GetMapping("/models")
    Page<BaseBody> models(Caller caller) {
        caller.require(Scopes.FINE_TUNING);
        return new Page<>(
                fineTuning.bases(caller.organisationId()).stream()
                        .map(model -> new BaseBody(model.id(), model.trainingPrice(), model.currency()))
                        .toList(),
                null);
    }

    private Job find(Caller caller, String id) {
        caller.require(Scopes.FINE_TUNING);
        return fineTuning.find(caller, id);
    }

    private JobBody body(Job job) {
        return JobBody.of(job, estimatedFinish(job));
    }

    private @Nullable Long estimatedFinish(Job job) {
        if (job.state() != JobState.RUNNING || job.startedAt() == null || job.step() == 0) {
            return null;
        }
        Instant now = clock.instant();
        Duration each = Duration.between(job.startedAt(), now).dividedBy(job.step());
        return now.plus(each.multipliedBy(job.totalSteps() - (long) job.step())).getEpochSecond();
    }
}
