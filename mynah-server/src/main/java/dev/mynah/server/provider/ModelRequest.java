package dev.mynah.server.provider;

import dev.mynah.engine.SamplingOptions;

/**
 * A request to a provider.
 *
 * @param model    the model's name
 * @param sampling how tokens are chosen; a {@code maxTokens} beyond the context means all that it has room for
 * @param form     what each answer may look like
 * @param choices  how many answers to the prompt, at least 1
 * @param tenant   whose request it is: cached prefixes are not shared between two
 * @param priority requests of a higher one go first
 */
public record ModelRequest(
        String model,
        Prompt prompt,
        SamplingOptions sampling,
        AnswerForm form,
        int choices,
        String tenant,
        int priority) {}
