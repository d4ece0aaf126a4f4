package dev.mynah.engine;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What one generation is asked for.
 *
 * @param prompt   the token ids to go on from
 * @param sampling how tokens are chosen, and when generation ends
 * @param tenant   whose request this is: cached prefixes are shared within a tenant, never between two
 * @param priority requests of a higher one go first
 * @param deadline when the answer is of no more use, or null for never
 * @param adapter  the adapter to answer with, by the name it was given in {@link Engine#addAdapter}; empty for none
 */
@SuppressWarnings("ArrayRecordComponent") // ids by the thousand; requests are never compared
public record GenerationRequest(
        int[] prompt,
        SamplingOptions sampling,
        String tenant,
        int priority,
        @Nullable Instant deadline,
        String adapter) {

    public GenerationRequest {
        prompt = prompt.clone();
    }

    /** A request to the model as it is. */
    public GenerationRequest(
            int[] prompt, SamplingOptions sampling, String tenant, int priority, @Nullable Instant deadline) {
        this(prompt, sampling, tenant, priority, deadline, "");
    }

    /** A request of the only user. */
    public static GenerationRequest of(int[] prompt, SamplingOptions sampling) {
        return new GenerationRequest(prompt, sampling, "", 0, null);
    }
}
