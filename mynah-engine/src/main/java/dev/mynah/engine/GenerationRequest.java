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
 */
@SuppressWarnings("ArrayRecordComponent") // ids by the thousand; requests are never compared
public record GenerationRequest(
        int[] prompt,
        SamplingOptions sampling,
        String tenant,
        int priority,
        @Nullable Instant deadline) {

    public GenerationRequest {
        prompt = prompt.clone();
    }

    /** A request of the only user. */
    public static GenerationRequest of(int[] prompt, SamplingOptions sampling) {
        return new GenerationRequest(prompt, sampling, "", 0, null);
    }
}
