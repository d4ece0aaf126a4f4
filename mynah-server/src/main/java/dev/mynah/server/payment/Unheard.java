package dev.mynah.server.payment;

import dev.mynah.server.store.Times;
import java.time.Instant;
import java.util.List;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What providers were asked for and nothing was heard of for too long, so that they are asked again.
 *
 * @param table of payments or refunds
 */
record Unheard<T>(JdbcClient jdbc, String table, RowMapper<T> mapper) {

    /** Some that are due, the oldest first, of those begun after {@code oldest}. */
    List<T> due(Instant oldest, Instant now) {
        return jdbc.sql("select * from " + table
                        + " where state = 'pending' and next_attempt_at <= ? and created_at > ? order by id limit 100")
                .params(Times.sql(now), Times.sql(oldest))
                .query(mapper)
                .list();
    }

    /** Some that are asked for no more, the oldest first: begun before {@code oldest}. */
    List<T> lost(Instant oldest) {
        return jdbc.sql(
                        "select * from " + table
                                + " where state = 'pending' and next_attempt_at is not null and created_at <= ? order by id limit 100")
                .param(Times.sql(oldest))
                .query(mapper)
                .list();
    }

    /** Asks for one no more: the provider knows it, and tells what becomes of it. */
    void stop(String id) {
        jdbc.sql("update " + table + " set next_attempt_at = null where id = ?")
                .param(id)
                .update();
    }

    /** Takes one for another attempt; false where another replica did. */
    boolean claim(String id, Instant next, Instant now) {
        return jdbc.sql(
                                "update " + table
                                        + " set next_attempt_at = ? where id = ? and state = 'pending' and next_attempt_at <= ?")
                        .params(Times.sql(next), id, Times.sql(now))
                        .update()
                == 1;
    }
}
