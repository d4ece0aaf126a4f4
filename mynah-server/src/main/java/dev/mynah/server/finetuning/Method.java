package dev.mynah.server.finetuning;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How a model is fine-tuned. */
enum Method {
    SUPERVISED("sft"),
    DPO("dpo"),
    REINFORCEMENT("grpo");

    private final String stage;

    Method(String stage) {
        this.stage = stage;
    }

    /** The API's name. */
    String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The stage of {@code mynah train}. */
    String stage() {
        return stage;
    }

    static Optional<Method> of(String id) {
        return Arrays.stream(values()).filter(method -> method.id().equals(id)).findFirst();
    }
}
