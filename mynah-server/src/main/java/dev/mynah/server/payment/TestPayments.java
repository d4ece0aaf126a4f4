package dev.mynah.server.payment;

import org.jspecify.annotations.Nullable;

/**
 * A provider for tests and demonstrations: no money moves. Its page is one of the web app, which says so; there the customer chooses whether the payment succeeds, and whether renewals will.
 */
public final class TestPayments implements PaymentProvider {
    /** Its name. */
    public static final String ID = "test";

    static final String ALWAYS_PAYS = "test_pays";
    static final String DECLINES_LATER = "test_declines";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public Checkout checkout(Payment payment, @Nullable PaymentMethod method) {
        return new Checkout("test_" + payment.id(), "/pay/" + payment.id());
    }

    @Override
    public Result charge(Payment payment, PaymentMethod method) {
        return method.method().equals(ALWAYS_PAYS)
                ? new Result(State.SUCCEEDED, "test_" + payment.id(), "")
                : Result.failed("The test card declines renewals.");
    }

    /** Its page tells at once, and so does a charge: what has not been told of is open still. */
    @Override
    public Standing look(Payment payment) {
        return new Standing(new Result(State.PENDING, null, ""), payment.amount(), null);
    }

    @Override
    public Result look(String refundReference) {
        return new Result(State.SUCCEEDED, refundReference, "");
    }

    @Override
    public Result refund(Refund refund, Payment payment) {
        return new Result(State.SUCCEEDED, "test_" + refund.id(), "");
    }
}
