package dev.mynah.server.subscription;

import dev.mynah.server.payment.Payment;
import dev.mynah.server.payment.PaymentMethod;
import dev.mynah.server.payment.PaymentProvider;
import dev.mynah.server.payment.ProviderException;
import dev.mynah.server.payment.Refund;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A provider whose charges do what the test wants, and that remembers which it was asked for. */
public final class Card implements PaymentProvider {
    /** What a charge does. */
    public enum Mood {
        PAYS,
        DECLINES,
        /** Says that it tells later. */
        WAITS,
        /** Takes the money, and is not heard. */
        BREAKS
    }

    public volatile Mood mood = Mood.PAYS;

    private final List<Payment> looked = new CopyOnWriteArrayList<>();
    private final List<Payment> charged = new CopyOnWriteArrayList<>();

    /** The names of the payments that an organisation was charged, as often as it was. */
    public List<String> charged(String organisationId) {
        return of(organisationId, charged);
    }

    /** The names of the payments of an organisation that it was asked about, as often as it was. */
    public List<String> looked(String organisationId) {
        return of(organisationId, looked);
    }

    private static List<String> of(String organisationId, List<Payment> payments) {
        return payments.stream()
                .filter(payment -> payment.organisationId().equals(organisationId))
                .map(Payment::id)
                .toList();
    }

    @Override
    public String id() {
        return "card";
    }

    @Override
    public Checkout checkout(Payment payment, @Nullable PaymentMethod method) {
        return new Checkout("page_" + payment.id(), "/page");
    }

    @Override
    public Result charge(Payment payment, PaymentMethod method) {
        charged.add(payment);
        return outcome(payment);
    }

    @Override
    public Standing look(Payment payment) {
        looked.add(payment);
        PaymentMethod left = payment.onPage() ? new PaymentMethod(id(), "cus", "card") : null;
        return new Standing(outcome(payment), payment.amount(), left);
    }

    private Result outcome(Payment payment) {
        return switch (mood) {
            case PAYS -> new Result(State.SUCCEEDED, payment.id(), "");
            case DECLINES -> new Result(State.FAILED, null, "declined");
            case WAITS -> new Result(State.PENDING, payment.id(), "");
            case BREAKS -> throw new ProviderException("the connection broke");
        };
    }

    @Override
    public Result look(String refundReference) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Result refund(Refund refund, Payment payment) {
        throw new UnsupportedOperationException();
    }
}
