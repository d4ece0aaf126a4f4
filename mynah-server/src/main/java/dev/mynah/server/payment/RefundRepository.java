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

/** Refunds. */
@Component
final class RefundRepository {
    private final JdbcClient jdbc;
    private final Unheard<Refund> unheard;

    RefundRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
        unheard = new Unheard<>(jdbc, "refund", "provider_reference is null", RefundRepository::refund);
    }

    /** @param reference the provider's name for it, where it began there */
    void insert(Refund refund, @Nullable String reference, @Nullable Instant nextAttemptAt) {
        jdbc.sql("""
                        insert into refund (id, payment_id, amount, currency, source, state, reason, provider_reference, requested_by, next_attempt_at, created_at)
                        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                        """)
                .params(
                        refund.id(),
                        refund.paymentId(),
                        refund.amount().micros(),
                        refund.amount().currency(),
                        refund.source(),
                        refund.state().id(),
                        refund.reason())
                .param(reference)
                .param(refund.requestedBy())
                .param(Times.sqlOrNull(nextAttemptAt))
                .param(Times.sql(refund.createdAt()))
                .update();
    }

    Optional<Refund> find(String id) {
        return jdbc.sql("select * from refund where id = ?")
                .param(id)
                .query(RefundRepository::refund)
                .optional();
    }

    Optional<Refund> byReference(String reference) {
        return jdbc.sql("select * from refund where provider_reference = ?")
                .param(reference)
                .query(RefundRepository::refund)
                .optional();
    }

    List<Refund> of(List<String> paymentIds) {
        return paymentIds.isEmpty()
                ? List.of()
                : jdbc.sql("select * from refund where payment_id in (:payments) order by id")
                        .param("payments", paymentIds)
                        .query(RefundRepository::refund)
                        .list();
    }

    /** Notes that the money is on its way; false where that is known, or it failed. */
    boolean succeed(String id, @Nullable String reference, Instant now) {
        return jdbc.sql(
                                "update refund set state = 'succeeded', provider_reference = coalesce(cast(? as varchar), provider_reference), settled_at = ? where id = ? and state = 'pending'")
                        .param(reference)
                        .params(Times.sql(now), id)
                        .update()
                == 1;
    }

    /** Notes that the money did not go; false where that is known. */
    boolean fail(String id, String failure, Instant now) {
        return jdbc.sql(
                                "update refund set state = 'failed', failure = ?, settled_at = ? where id = ? and state <> 'failed'")
                        .params(PaymentRepository.shortened(failure), Times.sql(now), id)
                        .update()
                == 1;
    }

    /** Whether nothing was bought with a payment that was made, so that all of it became credit. */
    boolean isKept(String paymentId) {
        return jdbc.sql("""
                        select (select count(*) from subscription_charge where payment_id = ?)
                            + (select count(*) from ledger_transfer where kind = 'change' and reference = ?)
                        """).params(paymentId, paymentId).query(Long.class).single() == 0;
    }

    /** What changes of plan since then have made credit, less what refunds took of it. */
    long madeCredit(String organisationId, String currency, Instant since) {
        return jdbc.sql("""
                        select coalesce(sum(e.amount), 0) from ledger_entry e join ledger_transfer t on t.id = e.transfer_id
                            join ledger_account a on a.id = e.account_id
                        where a.organisation_id = ? and a.kind = 'wallet' and a.currency = ? and t.created_at >= ?
                            and (t.kind = 'change' and e.amount > 0 or t.kind = 'change_back')
                        """)
                .params(organisationId, currency, Times.sql(since))
                .query(Long.class)
                .single();
    }

    /** What of a refund came off the wallet by {@code change_back}. */
    long tookBack(String refundId) {
        return jdbc.sql("""
                        select coalesce(-sum(e.amount), 0) from ledger_entry e join ledger_transfer t on t.id = e.transfer_id
                            join ledger_account a on a.id = e.account_id
                        where t.kind = 'change_back' and t.reference = ? and a.kind = 'wallet'
                        """).param(refundId).query(Long.class).single();
    }

    /** A refund that the provider has under way, by its name there. */
    record UnderWay(Refund refund, String reference) {}

    /** Notes that the provider has a refund under way, by its name there. */
    void setUnderWay(String id, @Nullable String reference, Instant nextLook) {
        jdbc.sql("update refund set provider_reference = ?, next_attempt_at = ? where id = ? and state = 'pending'")
                .param(reference)
                .params(Times.sql(nextLook), id)
                .update();
    }

    /** Some that this provider has under way, and of which it is to be asked, those that wait longest first. */
    List<UnderWay> underWay(String provider, Instant now) {
        return jdbc.sql("""
                        select r.* from refund r join payment p on p.id = r.payment_id
                        where p.provider = ? and r.state = 'pending' and r.next_attempt_at <= ? and r.provider_reference is not null
                        order by r.next_attempt_at limit 100
                        """)
                .params(provider, Times.sql(now))
                .query((row, n) -> new UnderWay(refund(row, n), row.getString("provider_reference")))
                .list();
    }

    /** Refunds of which nothing was heard. */
    Unheard<Refund> unheard() {
        return unheard;
    }

    private static Refund refund(ResultSet row, int number) throws SQLException {
        return new Refund(
                row.getString("id"),
                row.getString("payment_id"),
                new Money(row.getLong("amount"), row.getString("currency")),
                row.getString("source"),
                Payment.State.of(row.getString("state")),
                row.getString("reason"),
                row.getString("failure"),
                row.getString("requested_by"),
                Times.get(row, "created_at"));
    }
}
