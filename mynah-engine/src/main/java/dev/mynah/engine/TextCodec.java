package dev.mynah.engine;

import dev.mynah.model.GenerationConfig;
import dev.mynah.model.SamplingDefaults;
import dev.mynah.text.Tokenizer;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * How texts become a model's tokens, and by which tokens its texts begin and end.
 *
 * @param beginId the token that begins a text, or -1 for none
 * @param endIds  the tokens that end one
 * @param sampling how the model wants to be sampled where nobody says otherwise
 */
public record TextCodec(Tokenizer tokenizer, int beginId, Set<Integer> endIds, SamplingDefaults sampling) {

    public TextCodec {
        endIds = Set.copyOf(endIds);
    }

    /** A text ends with what the configuration names, and with the tokenizer's own end: chat models are published that name only one of the two they use. */
    static TextCodec of(Tokenizer tokenizer, GenerationConfig generation) {
        int beginId = generation.bosId() >= 0 ? generation.bosId() : tokenizer.bosId();
        Set<Integer> endIds = new LinkedHashSet<>(generation.eosIds());
        if (tokenizer.eosId() >= 0) {
            endIds.add(tokenizer.eosId());
        }
        return new TextCodec(tokenizer, beginId, endIds, generation.sampling());
    }

    /**
     * The tokens of a text to go on from: as the tokenizer's post-processor gives them, and for the empty text the token that begins one.
     *
     * @throws IllegalArgumentException if the text is empty and the model has no such token
     */
    public int[] prompt(String text) {
        int[] ids = tokenizer.encodeForModel(text);
        if (ids.length > 0) {
            return ids;
        }
        if (beginId < 0) {
            throw new IllegalArgumentException(
                    "the prompt is empty, and the model names no token that begins a text (bos_token_id)");
        }
        return new int[] {beginId};
    }
}
