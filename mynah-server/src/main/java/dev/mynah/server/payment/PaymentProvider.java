package dev.mynah.server.payment;

import dev.mynah.server.billing.Money;
import org.jspecify.annotations.Nullable;

/**
 * Who takes money from customers and gives it back. Each call may be repeated for the same payment or refund without moving money twice. A call that ends with a {@link ProviderException} may
 * have moved it or not.
 */
public interface PaymentProvider {
    /** Its name in the database. */
    String id();

    /**
     * Prepares a page on which the customer pays, and which keeps the payment method for renewals where the payment is for a subscription. The outcome comes later, as an event.
     *
     * @param method the customer's known method, or null
     */
    Checkout checkout(Payment payment, @Nullable PaymentMethod method);

    /** Takes a payment from a known method, without the customer. */
    Result charge(Payment payment, PaymentMethod method);

    /** How a payment stands of which this provider told a reference: of its page, or of the money. */
    Standing look(Payment payment);

    /** Gives money back. */
    Result refund(Refund refund, Payment payment);

    /** What became of a refund, by this provider's name for it. */
    Result look(String refundReference);

    /**
     * A page to pay on.
     *
     * @param reference the provider's name for it
     * @param url       where the customer is sent
     */
    record Checkout(String reference, String url) {}

    /** How far a movement of money came. */
    enum State {
        SUCCEEDED,
        /** An event tells later. */
        PENDING,
        FAILED
    }

    /**
     * How a payment stands.
     *
     * @param paid   what was paid, if it succeeded
     * @param method that the customer left for later charges, or null
     */
    record Standing(Result result, Money paid, @Nullable PaymentMethod method) {}

    /**
     * What became of a movement of money.
     *
     * @param reference the provider's name for it, or null where it has none
     * @param reason    why it failed, else empty
     */
    record Result(State state, @Nullable String reference, String reason) {
        static Result failed(String reason) {
            return new Result(State.FAILED, null, reason);
        }
    }
}
