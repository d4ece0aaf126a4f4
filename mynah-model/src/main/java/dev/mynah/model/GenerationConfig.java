package dev.mynah.model;

import java.util.List;

/**
 * What a model folder says of where its text begins and ends, and of how it is sampled: the part of {@code generation_config.json} (or, in older
 * folders, of {@code config.json}) that Mynah uses.
 *
 * @param bosId    the id that begins a sequence, or -1 for none
 * @param eosIds   the ids that end generation; may be empty
 * @param sampling how the model wants to be sampled
 */
public record GenerationConfig(int bosId, List<Integer> eosIds, SamplingDefaults sampling) {
    /** No id begins or ends a sequence. */
    public static final GenerationConfig NONE = new GenerationConfig(-1, List.of());

    public GenerationConfig {
        eosIds = List.copyOf(eosIds);
    }

    /** Says nothing of sampling. */
    public GenerationConfig(int bosId, List<Integer> eosIds) {
        this(bosId, eosIds, SamplingDefaults.NONE);
    }

    public GenerationConfig withSampling(SamplingDefaults sampling) {
        return new GenerationConfig(bosId, eosIds, sampling);
    }

    /** Reads the fields of a model with {@code vocabSize} tokens. */
    static GenerationConfig of(JsonFields fields, int vocabSize) {
        int bosId = fields.integer("bos_token_id", -1);
        if (bosId < -1 || bosId >= vocabSize) {
            throw fields.error("bos_token_id", "is outside the vocabulary of " + vocabSize + " tokens");
        }
        List<Integer> eosIds = fields.integers("eos_token_id");
        if (eosIds.stream().anyMatch(id -> id < 0 || id >= vocabSize)) {
            throw fields.error("eos_token_id", "is outside the vocabulary of " + vocabSize + " tokens");
        }
        return new GenerationConfig(bosId, eosIds, SamplingDefaults.of(fields));
    }
}
