package dev.mynah.server.answer;

import dev.mynah.server.account.Caller;
import dev.mynah.server.billing.Plan;
import dev.mynah.server.billing.PlanRepository;
import dev.mynah.server.store.Times;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What decides, beside the question, how somebody is answered: read with one statement, since every request waits for it. */
@Component
final class AskerRepository {
    private final JdbcClient jdbc;

    AskerRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Somebody who asks.
     *
     * @param plan           of the organisation
     * @param suspendedUntil before when nothing is generated for the user, or null
     * @param disputes       whether the organisation disputes a payment
     */
    record Asker(Plan plan, @Nullable Instant suspendedUntil, boolean disputes) {}

    Asker find(Caller caller) {
        return jdbc.sql("""
                        select p.*, s.suspended_until,
                            exists (select 1 from dispute d where d.organisation_id = o.id and d.closed_at is null) as disputes
                        from organisation o join plan p on p.id = o.plan_id
                            left join moderation_standing s on s.user_id = ? where o.id = ?
                        """)
                .params(caller.userId(), caller.organisationId())
                .query((row, n) -> new Asker(
                        PlanRepository.plan(row, n),
                        Times.getOrNull(row, "suspended_until"),
                        row.getBoolean("disputes")))
                .single();
    }
}
