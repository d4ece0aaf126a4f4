package dev.mynah.server.provider;

import dev.mynah.engine.SamplingOptions;
import java.util.List;

/**
 * A request to a provider.
 *
 * @param model    the model's name
 * @param choices  how the tokens of each answer are chosen, one entry for each answer to the prompt; a {@code maxTokens} beyond the context means all that it has room for
 * @param tenant   whose request it is: cached prefixes are not shared between two
 * @param priority requests of a higher one go first
 */
public record ModelRequest(String model, Prompt prompt, List<SamplingOptions> choices, String tenant, int priority) {
    public ModelRequest {
        choices = List.copyOf(choices);
    }
}
