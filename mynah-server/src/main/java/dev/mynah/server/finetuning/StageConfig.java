package dev.mynah.server.finetuning;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Writes what {@code mynah train} is told: its YAML, as JSON, which is a part of that. */
final class StageConfig {
    private static final int MOST_STEPS_WITHOUT_CHECKPOINT = 100;
    private static final int MOST_AT_ONCE = 8;
    private static final int SAMPLES = 10;
    private static final long SMALL_BYTES = 256L << 20;

    private StageConfig() {}

    /**
     * What training works with.
     *
     * @param base       the folder of the model
     * @param baseBytes  of its weights
     * @param reward     the folder of the reward model, or null
     */
    record Inputs(
            Path base,
            long baseBytes,
            Path training,
            @Nullable Path validation,
            @Nullable Path reward) {}

    static String write(TrainingPlan plan, Inputs inputs, List<String> prompts, int threads) {
        JobSettings settings = plan.settings();
        ObjectNode config = JsonMapper.shared().createObjectNode();
        config.put("seed", settings.seed());
        ObjectNode data = config.putObject("data").put("validation", 0);
        data.putArray("paths").add(inputs.training().toString());
        if (inputs.validation() != null) {
            data.putArray("validation_paths").add(inputs.validation().toString());
        }
        ObjectNode model = config.putObject("model").put("path", inputs.base().toString());
        if (settings.method() == Method.SUPERVISED) {
            model.put("context", plan.context());
        }
        train(config.putObject("train"), plan, inputs, prompts, threads);
        stage(config.putObject(settings.method().stage()), settings, inputs);
        return config.toPrettyString();
    }

    private static void train(ObjectNode train, TrainingPlan plan, Inputs inputs, List<String> prompts, int threads) {
        JobSettings settings = plan.settings();
        boolean reinforced = settings.method() == Method.REINFORCEMENT;
        int rows = Objects.requireNonNull(settings.batch()) * (reinforced ? settings.answers() : 1);
        boolean evaluated = inputs.validation() != null;
        train.put("steps", plan.steps())
                .put("batch", rows)
                .put("micro_batch", atOnce(rows))
                .put("learning_rate", learningRate(settings, inputs.baseBytes()))
                .put("threads", threads)
                .put("checkpoint_every", Math.min(plan.stepsPerEpoch(), MOST_STEPS_WITHOUT_CHECKPOINT))
                .put("eval_every", evaluated ? plan.stepsPerEpoch() : 0);
        if (settings.method() == Method.SUPERVISED) {
            train.put("sample_every", Math.max(1, plan.steps() / SAMPLES));
            var samples = train.putArray("sample_prompts");
            prompts.forEach(samples::add);
        } else {
            train.put("sample_every", 0);
        }
    }

    /** The largest part of a batch that goes through the model in one pass. */
    private static int atOnce(int rows) {
        return IntStream.rangeClosed(1, MOST_AT_ONCE)
                .filter(part -> rows % part == 0)
                .max()
                .orElse(1);
    }

    private static double learningRate(JobSettings settings, long baseBytes) {
        boolean small = baseBytes < SMALL_BYTES;
        double usual = switch (settings.method()) {
            case SUPERVISED -> settings.full() && !small ? 2e-5 : 3e-4;
            case DPO -> (settings.full() ? 2e-6 : 2e-5) * (small ? 5 : 1);
            case REINFORCEMENT -> small ? 1e-4 : 5e-6;
        };
        return usual * Objects.requireNonNull(settings.learningRateMultiplier());
    }

    private static void stage(ObjectNode stage, JobSettings settings, Inputs inputs) {
        switch (settings.method()) {
            case SUPERVISED -> lora(stage, settings);
            case DPO -> {
                stage.put("beta", settings.beta());
                lora(stage, settings);
            }
            case REINFORCEMENT -> {
                stage.put("group", settings.answers()).put("max_tokens", settings.maxTokens());
                if (settings.rule() != null) {
                    stage.putObject("rule").put("name", settings.rule());
                }
                if (inputs.reward() != null) {
                    stage.putObject("reward").put("path", inputs.reward().toString());
                }
            }
        }
    }

    private static void lora(ObjectNode stage, JobSettings settings) {
        if (!settings.full()) {
            stage.putObject("lora").put("rank", 16);
        }
    }
}
