package dev.mynah.server.payment;

import dev.mynah.server.store.Times;
import java.time.Instant;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Disputes, by the provider's names. */
@Component
final class DisputeRepository {
    private final JdbcClient jdbc;

    DisputeRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    boolean isKnown(String id) {
        return jdbc.sql("select count(*) from dispute where id = ?")
                        .param(id)
                        .query(Long.class)
                        .single()
                > 0;
    }

    void open(String id, Payment payment, String reason, Instant now) {
        jdbc.sql(
                        "insert into dispute (id, payment_id, organisation_id, reason, state, opened_at) values (?, ?, ?, ?, 'open', ?)")
                .params(id, payment.id(), payment.organisationId(), reason, Times.sql(now))
                .update();
    }

    /** Notes how it ended; false where that is known. */
    boolean close(String id, String state, Instant now) {
        return jdbc.sql("update dispute set state = ?, closed_at = ? where id = ? and state = 'open'")
                        .params(state, Times.sql(now), id)
                        .update()
                == 1;
    }
}
