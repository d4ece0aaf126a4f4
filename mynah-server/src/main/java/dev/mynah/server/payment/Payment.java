package dev.mynah.server.payment;

import dev.mynah.server.billing.Money;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Something that is paid for, or is to be.
 *
 * @param provider         who takes the money
 * @param period           of a renewal, the subscription's month
 * @param refunded         micro-units of it that were given back, or are about to be
 * @param failure          why it failed
 * @param paymentReference the provider's name for the money that moved
 * @param checkoutReference the provider's name of the page on which the customer pays it, and may try again; null where there is none
 */
public record Payment(
        String id,
        String organisationId,
        String userId,
        String provider,
        Purpose purpose,
        @Nullable String planId,
        @Nullable Integer period,
        Money amount,
        long refunded,
        State state,
        @Nullable String failure,
        @Nullable String paymentReference,
        @Nullable String checkoutReference,
        Instant createdAt) {

    /** Whether the customer pays it on a page of the provider. */
    public boolean onPage() {
        return checkoutReference != null;
    }

    /** What it is for. */
    public enum Purpose {
        /** Credit on the wallet. */
        TOP_UP,
        /** A subscription's first month. */
        SUBSCRIPTION,
        /** A later month. */
        RENEWAL,
        /** The rest of a month on a dearer plan. */
        CHANGE;

        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Purpose of(String id) {
            return valueOf(id.toUpperCase(Locale.ROOT));
        }
    }

    /** How far it is. */
    public enum State {
        PENDING,
        SUCCEEDED,
        FAILED;

        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }

        static State of(String id) {
            return valueOf(id.toUpperCase(Locale.ROOT));
        }
    }
}
