package dev.mynah.model;

import java.util.List;

/**
 * What a model folder says of where its text begins and ends: the part of {@code generation_config.json} (or, in older
 * folders, of {@code config.json}) that Mynah uses.
 *
 * @param bosId  the id that begins a sequence, or -1 for none
 * @param eosIds the ids that end generation; may be empty
 */
public record GenerationConfig(int bosId, List<Integer> eosIds) {
    /** No id begins or ends a sequence. */
    public static final GenerationConfig NONE = new GenerationConfig(-1, List.of());

    public GenerationConfig {
        eosIds = List.copyOf(eosIds);
    }

    static GenerationConfig of(JsonFields fields) {
        return new GenerationConfig(fields.integer("bos_token_id", -1), fields.integers("eos_token_id"));
    }
}
