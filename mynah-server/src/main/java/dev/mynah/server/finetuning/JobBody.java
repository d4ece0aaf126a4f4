package dev.mynah.server.finetuning;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A job as the API shows it.
 *
 * @param step       the last one, which the OpenAI API tells in events only
 * @param totalSteps of the job
 */
record JobBody(
        String id,
        String object,
        String model,
        long createdAt,
        @Nullable Long finishedAt,
        @Nullable Long estimatedFinish,
        @Nullable String fineTunedModel,
        String organizationId,
        List<String> resultFiles,
        String status,
        String trainingFile,
        @Nullable String validationFile,
        @Nullable Map<String, Object> hyperparameters,
        @Nullable Long trainedTokens,
        @Nullable ErrorBody error,
        long seed,
        List<String> integrations,
        Map<String, Object> method,
        Map<String, String> metadata,
        int step,
        int totalSteps) {

    record ErrorBody(String code, String message, @Nullable String param) {}

    static JobBody of(Job job, @Nullable Long estimatedFinish) {
        JobSettings settings = job.settings();
        Map<String, Object> hyperparameters = hyperparameters(settings);
        return new JobBody(
                job.id(),
                "fine_tuning.job",
                job.baseModel(),
                job.createdAt().getEpochSecond(),
                seconds(job.finishedAt()),
                estimatedFinish,
                job.fineTunedModel(),
                job.organisationId(),
                job.resultFile() == null ? List.of() : List.of(job.resultFile()),
                job.state().id(),
                job.trainingFile(),
                job.validationFile(),
                settings.method() == Method.SUPERVISED ? hyperparameters : Map.of(),
                job.state().isOver() ? job.trainedTokens() : null,
                job.error() == null ? null : new ErrorBody("training_failed", job.error(), null),
                settings.seed(),
                List.of(),
                method(settings, hyperparameters),
                settings.metadata(),
                job.step(),
                job.totalSteps());
    }

    private static Map<String, Object> hyperparameters(JobSettings settings) {
        Map<String, Object> shown = new LinkedHashMap<>();
        put(shown, "n_epochs", settings.epochs());
        put(shown, "batch_size", settings.batch());
        put(shown, "learning_rate_multiplier", settings.learningRateMultiplier());
        put(shown, "beta", settings.beta());
        if (settings.method() == Method.REINFORCEMENT) {
            shown.put("compute_multiplier", settings.answers());
            shown.put("max_tokens", settings.maxTokens());
        }
        shown.put("tuning", settings.full() ? "full" : "lora");
        return shown;
    }

    private static void put(Map<String, Object> into, String name, @Nullable Object value) {
        if (value != null) {
            into.put(name, value);
        }
    }

    private static Map<String, Object> method(JobSettings settings, Map<String, Object> hyperparameters) {
        Map<String, Object> own = new LinkedHashMap<>();
        own.put("hyperparameters", hyperparameters);
        if (settings.rule() != null) {
            own.put("grader", Map.of("type", "rule", "name", settings.rule()));
        } else if (settings.rewardRun() != null) {
            own.put("grader", Map.of("type", "reward_model", "model", settings.rewardRun()));
        }
        return Map.of("type", settings.method().id(), settings.method().id(), own);
    }

    private static @Nullable Long seconds(@Nullable Instant moment) {
        return moment == null ? null : moment.getEpochSecond();
    }
}
