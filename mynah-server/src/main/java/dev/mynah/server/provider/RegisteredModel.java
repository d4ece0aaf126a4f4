package dev.mynah.server.provider;

import java.time.Instant;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A model that the service offers.
 *
 * @param id               its name in the API
 * @param provider         who answers with it
 * @param currency         of the prices, which are in micro-units per million tokens
 * @param trainingPrice    of tokens that it is fine-tuned on
 * @param organisationId   who alone may use it, or null for everybody
 * @param maxOutputTokens  the most tokens of one answer, or empty for what the context has room for
 */
public record RegisteredModel(
        String id,
        String provider,
        boolean enabled,
        String currency,
        long inputPrice,
        long cachedInputPrice,
        long outputPrice,
        long trainingPrice,
        OptionalInt maxOutputTokens,
        @Nullable String organisationId,
        Instant createdAt) {

    /** Whether members of an organisation may use it. */
    public boolean isFor(String organisation) {
        return organisationId == null || organisationId.equals(organisation);
    }

    /** The same model for others. */
    public RegisteredModel shown(boolean nowEnabled, @Nullable String toOrganisation) {
        return new RegisteredModel(
                id,
                provider,
                nowEnabled,
                currency,
                inputPrice,
                cachedInputPrice,
                outputPrice,
                trainingPrice,
                maxOutputTokens,
                toOrganisation,
                createdAt);
    }

    /** The same model at other prices. */
    public RegisteredModel pricedAt(long input, long cachedInput, long output) {
        return new RegisteredModel(
                id,
                provider,
                enabled,
                currency,
                input,
                cachedInput,
                output,
                trainingPrice,
                maxOutputTokens,
                organisationId,
                createdAt);
    }
}
