package dev.mynah.server.subscription;

import dev.mynah.server.store.Times;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Subscriptions, and the months that were paid. */
@Component
final class SubscriptionRepository {
    private final JdbcClient jdbc;

    SubscriptionRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    Optional<Subscription> find(String organisationId) {
        return jdbc.sql("select * from subscription where organisation_id = ?")
                .param(organisationId)
                .query(SubscriptionRepository::subscription)
                .optional();
    }

    /** The subscription, locked until the transaction ends. */
    Optional<Subscription> lock(String organisationId) {
        return jdbc.sql("select * from subscription where organisation_id = ? for update")
                .param(organisationId)
                .query(SubscriptionRepository::subscription)
                .optional();
    }

    /** Begins one in the place of one that has ended; false where another was begun at the same time. */
    boolean begin(Subscription subscription) {
        jdbc.sql("delete from subscription where organisation_id = ? and state = 'ended'")
                .param(subscription.organisationId())
                .update();
        return jdbc.sql("""
                                insert into subscription (organisation_id, user_id, plan_id, state, anchor_at, period, period_start, period_end, price, currency, cancel_at_end, failures,
                                    next_attempt_at, created_at)
                                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing
                                """)
                        .params(subscription.organisationId(), subscription.userId())
                        .params(values(subscription))
                        .param(Times.sql(subscription.anchorAt()))
                        .update()
                == 1;
    }

    /** Goes over to another month. */
    void renew(Subscription month) {
        jdbc.sql("""
                        update subscription set plan_id = ?, state = ?, anchor_at = ?, period = ?, period_start = ?, period_end = ?, price = ?, currency = ?, cancel_at_end = ?, failures = ?,
                            next_attempt_at = ?
                        where organisation_id = ?
                        """).params(values(month)).param(month.organisationId()).update();
    }

    private static List<Object> values(Subscription subscription) {
        return List.of(
                subscription.planId(),
                subscription.state().id(),
                Times.sql(subscription.anchorAt()),
                subscription.period(),
                Times.sql(subscription.periodStart()),
                Times.sql(subscription.periodEnd()),
                subscription.price(),
                subscription.currency(),
                subscription.cancelAtEnd(),
                subscription.failures(),
                Times.sql(subscription.nextAttemptAt()));
    }

    /** Goes over to another plan for the rest of the month. */
    void change(String organisationId, String planId, long price) {
        jdbc.sql("update subscription set plan_id = ?, price = ?, state = 'active' where organisation_id = ?")
                .params(planId, price, organisationId)
                .update();
    }

    void setCancelled(String organisationId, boolean cancelled) {
        jdbc.sql("update subscription set cancel_at_end = ? where organisation_id = ?")
                .params(cancelled, organisationId)
                .update();
    }

    /** Notes that a renewal failed, which is tried again at {@code then}. */
    void postponeFailed(String organisationId, Instant then) {
        jdbc.sql(
                        "update subscription set state = 'past_due', failures = failures + 1, next_attempt_at = ? where organisation_id = ?")
                .params(Times.sql(then), organisationId)
                .update();
    }

    void postpone(String organisationId, Instant then) {
        jdbc.sql("update subscription set next_attempt_at = ? where organisation_id = ?")
                .params(Times.sql(then), organisationId)
                .update();
    }

    void end(String organisationId, Instant now) {
        jdbc.sql("update subscription set state = 'ended', ended_at = ? where organisation_id = ?")
                .params(Times.sql(now), organisationId)
                .update();
    }

    /** Notes that the month which runs was paid. */
    void insertCharge(Subscription paid, @Nullable String transferId, @Nullable String paymentId, Instant now) {
        jdbc.sql("""
                        insert into subscription_charge (organisation_id, period_start, period_end, plan_id, amount, currency, transfer_id, payment_id, created_at)
                        values (?, ?, ?, ?, ?, ?, ?, ?, ?)
                        """)
                .params(
                        paid.organisationId(),
                        Times.sql(paid.periodStart()),
                        Times.sql(paid.periodEnd()),
                        paid.planId(),
                        paid.price(),
                        paid.currency())
                .param(transferId)
                .param(paymentId)
                .param(Times.sql(now))
                .update();
    }

    /** Organisations whose subscription is to be looked at. */
    List<String> due(Instant now) {
        return jdbc.sql(
                        "select organisation_id from subscription where state <> 'ended' and next_attempt_at <= ? order by next_attempt_at limit 200")
                .param(Times.sql(now))
                .query(String.class)
                .list();
    }

    List<String> begunBy(String userId) {
        return jdbc.sql("select organisation_id from subscription where user_id = ?")
                .param(userId)
                .query(String.class)
                .list();
    }

    /** All subscriptions, by the end of the month that runs, those that ended last. */
    List<Subscription> page(int offset, int limit) {
        return jdbc.sql(
                        "select * from subscription order by case state when 'past_due' then 0 when 'active' then 1 else 2 end,"
                                + " period_end, organisation_id limit " + limit + " offset " + offset)
                .query(SubscriptionRepository::subscription)
                .list();
    }

    private static Subscription subscription(ResultSet row, int number) throws SQLException {
        return new Subscription(
                row.getString("organisation_id"),
                row.getString("user_id"),
                row.getString("plan_id"),
                Subscription.State.of(row.getString("state")),
                Times.get(row, "anchor_at"),
                row.getInt("period"),
                Times.get(row, "period_start"),
                Times.get(row, "period_end"),
                row.getLong("price"),
                row.getString("currency"),
                row.getBoolean("cancel_at_end"),
                row.getInt("failures"),
                Times.get(row, "next_attempt_at"));
    }
}
