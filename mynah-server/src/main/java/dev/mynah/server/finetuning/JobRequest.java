package dev.mynah.server.finetuning;

import dev.mynah.server.web.JsonObject;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** The body of {@code POST /v1/fine_tuning/jobs}. */
record JobRequest(
        String model, String trainingFile, @Nullable String validationFile, JobSettings settings) {
    private static final int MAX_SUFFIX = 64;
    private static final int MAX_EPOCHS = 50;
    private static final int MAX_BATCH = 256;
    private static final String AUTO = "auto";
    private static final String HYPERPARAMETERS = "hyperparameters";

    static JobRequest read(JsonObject body) {
        String model = body.requiredString("model");
        String training = body.requiredString("training_file");
        @Nullable String validation = body.string("validation_file").orElse(null);
        JobSettings settings = settings(body);
        body.finish();
        return new JobRequest(model, training, validation, settings);
    }

    private static JobSettings settings(JsonObject body) {
        @Nullable String suffix = body.string("suffix").orElse(null);
        if (suffix != null && !suffix.matches("[A-Za-z0-9_-]{1," + MAX_SUFFIX + "}")) {
            throw body.invalid("suffix", "it must have 1 to " + MAX_SUFFIX + " letters, digits, _ and -");
        }
        long seed = body.integer("seed", 0L, Integer.MAX_VALUE)
                .orElse(ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE));
        Map<String, String> metadata = body.metadata();
        Optional<JsonObject> wrapped = body.object("method");
        // The older form, for supervised training only.
        Optional<JsonObject> old = body.object(HYPERPARAMETERS);
        if (wrapped.isEmpty()) {
            return settings(Method.SUPERVISED, old, null, suffix, seed, metadata);
        }
        if (old.isPresent()) {
            throw body.invalid(HYPERPARAMETERS, "it must not be set together with 'method'");
        }
        JsonObject object = wrapped.get();
        String type = object.requiredString("type");
        Method method = Method.of(type)
                .orElseThrow(() -> object.invalid("type", "it must be supervised, dpo or reinforcement"));
        Optional<JsonObject> own = object.object(method.id());
        object.finish();
        @Nullable JsonObject grader = own.flatMap(of -> of.object("grader")).orElse(null);
        if (method == Method.REINFORCEMENT && grader == null) {
            throw own.orElse(object).missing("grader");
        }
        Optional<JsonObject> hyperparameters = own.flatMap(of -> of.object(HYPERPARAMETERS));
        own.ifPresent(JsonObject::finish);
        return settings(method, hyperparameters, grader, suffix, seed, metadata);
    }

    private static JobSettings settings(
            Method method,
            Optional<JsonObject> given,
            @Nullable JsonObject grader,
            @Nullable String suffix,
            long seed,
            Map<String, String> metadata) {
        boolean reinforced = method == Method.REINFORCEMENT;
        @Nullable String rule = null;
        @Nullable String reward = null;
        if (grader != null && reinforced) {
            String type = grader.requiredString("type");
            switch (type) {
                case "rule" -> rule = grader.requiredString("name");
                case "reward_model" -> reward = grader.requiredString("model");
                default -> throw grader.invalid("type", "it must be rule or reward_model");
            }
            if (rule != null && !rule.equals("poet")) {
                throw grader.invalid("name", "the rules that there are: poet");
            }
            grader.finish();
        }
        if (given.isEmpty()) {
            return new JobSettings(
                    method, suffix, seed, null, null, null, reinforced, null, 8, 128, reward, rule, metadata);
        }
        JsonObject h = given.get();
        JobSettings settings = new JobSettings(
                method,
                suffix,
                seed,
                integer(h, "n_epochs", MAX_EPOCHS),
                integer(h, "batch_size", MAX_BATCH),
                number(h, "learning_rate_multiplier", 1e-3, 1e3),
                full(h, reinforced),
                method == Method.DPO ? number(h, "beta", 1e-3, 2) : null,
                reinforced ? h.integer("compute_multiplier", 2, 64).orElse(8) : 8,
                reinforced ? h.integer("max_tokens", 1, 4096).orElse(128) : 128,
                reward,
                rule,
                metadata);
        h.finish();
        return settings;
    }

    /** Reinforcement learning changes all weights; elsewhere an adapter is trained unless told otherwise. */
    private static boolean full(JsonObject h, boolean reinforced) {
        String tuning = h.string("tuning").orElse(reinforced ? "full" : "lora");
        if (!tuning.equals("full") && (reinforced || !tuning.equals("lora"))) {
            throw h.invalid("tuning", reinforced ? "reinforcement trains in full" : "it must be lora or full");
        }
        return tuning.equals("full");
    }

    private static @Nullable Integer integer(JsonObject h, String key, int most) {
        if (isAuto(h, key)) {
            return null;
        }
        var value = h.integer(key, 1, most);
        return value.isEmpty() ? null : Integer.valueOf(value.getAsInt());
    }

    private static @Nullable Double number(JsonObject h, String key, double least, double most) {
        if (isAuto(h, key)) {
            return null;
        }
        var value = h.number(key, least, most);
        return value.isEmpty() ? null : Double.valueOf(value.getAsDouble());
    }

    private static boolean isAuto(JsonObject h, String key) {
        return h.value(key)
                .filter(value -> value.isString() && value.stringValue().equals(AUTO))
                .isPresent();
    }
}
