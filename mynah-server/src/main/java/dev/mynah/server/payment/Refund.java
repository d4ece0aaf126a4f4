package dev.mynah.server.payment;

import dev.mynah.server.billing.Money;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Money that is given back.
 *
 * @param source      the kind of the account that it is taken from
 * @param state       pending, succeeded or failed
 * @param requestedBy a user, or {@code system} where the provider began it
 */
public record Refund(
        String id,
        String paymentId,
        Money amount,
        String source,
        Payment.State state,
        String reason,
        @Nullable String failure,
        String requestedBy,
        Instant createdAt) {}
