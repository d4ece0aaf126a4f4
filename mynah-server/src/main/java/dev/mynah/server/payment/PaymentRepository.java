package dev.mynah.server.payment;

import dev.mynah.server.billing.Money;
import dev.mynah.server.store.Times;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Payments, the methods that they are made with, and the events that providers told of them. */
@Component
public final class PaymentRepository {
    // What the provider has not told a name for.
    private static final String UNKNOWN = "payment_reference is null and checkout_reference is null";

    private final JdbcClient jdbc;
    private final Unheard<Payment> unheard;

    public PaymentRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
        unheard = new Unheard<>(jdbc, "payment", UNKNOWN, PaymentRepository::payment);
    }

    /** @param nextAttemptAt of a charge, when it is asked for again if nothing was heard of it */
    public void insert(Payment payment, @Nullable Instant nextAttemptAt) {
        jdbc.sql("""
                        insert into payment (id, organisation_id, user_id, provider, purpose, plan_id, period, amount, currency, refunded, state, next_attempt_at, created_at)
                        values (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 'pending', ?, ?)
                        """)
                .params(
                        payment.id(),
                        payment.organisationId(),
                        payment.userId(),
                        payment.provider(),
                        payment.purpose().id())
                .param(payment.planId())
                .param(payment.period())
                .params(payment.amount().micros(), payment.amount().currency())
                .param(Times.sqlOrNull(nextAttemptAt))
                .param(Times.sql(payment.createdAt()))
                .update();
    }

    public Optional<Payment> find(String id) {
        return jdbc.sql("select * from payment where id = ?")
                .param(id)
                .query(PaymentRepository::payment)
                .optional();
    }

    /** The payment, locked until the transaction ends. */
    public Optional<Payment> lock(String id) {
        return jdbc.sql("select * from payment where id = ? for update")
                .param(id)
                .query(PaymentRepository::payment)
                .optional();
    }

    /** The payment for which a provider moved this money. */
    Optional<Payment> byReference(String provider, String paymentReference) {
        return jdbc.sql("select * from payment where provider = ? and payment_reference = ?")
                .params(provider, paymentReference)
                .query(PaymentRepository::payment)
                .optional();
    }

    /** @param nextLook when the provider is asked how it stands, if nothing was heard of it */
    void setCheckout(String id, String reference, Instant nextLook) {
        jdbc.sql("update payment set checkout_reference = ?, next_attempt_at = ? where id = ?")
                .params(reference, Times.sql(nextLook), id)
                .update();
    }

    /** Notes that the provider has a charge under way, by its name there. */
    void setUnderWay(String id, @Nullable String reference, Instant nextLook) {
        jdbc.sql("update payment set payment_reference = ?, next_attempt_at = ? where id = ? and state = 'pending'")
                .param(reference)
                .params(Times.sql(nextLook), id)
                .update();
    }

    /** Some that this provider has under way, and of which it is to be asked, those that wait longest first. */
    List<Payment> underWay(String provider, Instant now) {
        return jdbc.sql(
                        "select * from payment where provider = ? and state = 'pending' and next_attempt_at <= ? and not ("
                                + UNKNOWN + ") order by next_attempt_at limit 100")
                .params(provider, Times.sql(now))
                .query(PaymentRepository::payment)
                .list();
    }

    void succeed(String id, @Nullable String reference, Instant now) {
        jdbc.sql(
                        "update payment set state = 'succeeded', failure = null, payment_reference = coalesce(cast(? as varchar), payment_reference), settled_at = ? where id = ?")
                .param(reference)
                .params(Times.sql(now), id)
                .update();
    }

    void fail(String id, String reason, Instant now) {
        jdbc.sql("update payment set state = 'failed', failure = ?, settled_at = ? where id = ?")
                .params(shortened(reason), Times.sql(now), id)
                .update();
    }

    static String shortened(String reason) {
        return reason.length() <= 400 ? reason : reason.substring(0, 400);
    }

    /** Counts a refund, or tells that no more than {@code amount} less what was refunded is left. */
    boolean takeRefund(String id, long amount) {
        return jdbc.sql(
                                "update payment set refunded = refunded + ? where id = ? and state = 'succeeded' and refunded + ? <= amount")
                        .params(amount, id, amount)
                        .update()
                == 1;
    }

    void giveRefundBack(String id, long amount) {
        jdbc.sql("update payment set refunded = refunded - ? where id = ?")
                .params(amount, id)
                .update();
    }

    /** An organisation's payments, the newest first, before {@code after} unless that is empty; of all where {@code organisationId} is empty. */
    public List<Payment> page(String organisationId, String after, int limit) {
        return jdbc.sql("select * from payment where (? = '' or organisation_id = ?) and (? = '' or id < ?)"
                        + " order by id desc limit " + limit)
                .params(organisationId, organisationId, after, after)
                .query(PaymentRepository::payment)
                .list();
    }

    /** Whether a month of a subscription is being charged. */
    public boolean hasPendingRenewal(String organisationId, int period) {
        return jdbc.sql(
                                "select count(*) from payment where organisation_id = ? and purpose = 'renewal' and period = ? and state = 'pending' and checkout_reference is null")
                        .params(organisationId, period)
                        .query(Long.class)
                        .single()
                > 0;
    }

    /** Charges of which nothing was heard. */
    Unheard<Payment> unheard() {
        return unheard;
    }

    /** Notes an event; false where it is known already. */
    boolean hear(String provider, String eventId, String kind, Instant now) {
        return jdbc.sql(
                                "insert into payment_event (provider, id, kind, received_at) values (?, ?, ?, ?) on conflict do nothing")
                        .params(provider, eventId, kind, Times.sql(now))
                        .update()
                == 1;
    }

    /** Forgets an event that could not be worked on, so that it may come again. */
    void forget(String provider, String eventId) {
        jdbc.sql("delete from payment_event where provider = ? and id = ?")
                .params(provider, eventId)
                .update();
    }

    public Optional<PaymentMethod> method(String organisationId) {
        return jdbc.sql("select * from payment_method where organisation_id = ?")
                .param(organisationId)
                .query((row, n) -> new PaymentMethod(
                        row.getString("provider"), row.getString("customer"), row.getString("method")))
                .optional();
    }

    void setMethod(String organisationId, PaymentMethod method, Instant now) {
        jdbc.sql(
                        "insert into payment_method (organisation_id, provider, customer, method, created_at) values (?, ?, ?, ?, ?) on conflict do nothing")
                .params(organisationId, method.provider(), method.customer(), method.method(), Times.sql(now))
                .update();
        jdbc.sql("update payment_method set provider = ?, customer = ?, method = ? where organisation_id = ?")
                .params(method.provider(), method.customer(), method.method(), organisationId)
                .update();
    }

    public void deleteMethod(String organisationId) {
        jdbc.sql("delete from payment_method where organisation_id = ?")
                .param(organisationId)
                .update();
    }

    private static Payment payment(ResultSet row, int number) throws SQLException {
        return new Payment(
                row.getString("id"),
                row.getString("organisation_id"),
                row.getString("user_id"),
                row.getString("provider"),
                Payment.Purpose.of(row.getString("purpose")),
                row.getString("plan_id"),
                row.getObject("period", Integer.class),
                new Money(row.getLong("amount"), row.getString("currency")),
                row.getLong("refunded"),
                Payment.State.of(row.getString("state")),
                row.getString("failure"),
                row.getString("payment_reference"),
                row.getString("checkout_reference"),
                Times.get(row, "created_at"));
    }
}
