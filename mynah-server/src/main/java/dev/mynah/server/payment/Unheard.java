package dev.mynah.server.payment;

import dev.mynah.server.store.Times;
import java.time.Instant;
import java.util.List;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What providers were asked for and nothing was heard of for too long, so that they are asked again.
 *
 * @param table   of payments or refunds
 * @param unknown the condition of rows of which the provider may know nothing
 */
record Unheard<T>(JdbcClient jdbc, String table, String unknown, RowMapper<T> mapper) {

    /** Some that are due, the oldest first, of those begun after {@code oldest}. */
    List<T> due(Instant oldest, Instant now) {
        return jdbc.sql("select * from " + table
                        + " where state = 'pending' and " + unknown
                        + " and next_attempt_at <= ? and created_at > ? order by id limit 100")
                .params(Times.sql(now), Times.sql(oldest))
                .query(mapper)
                .list();
    }

    /** Some that are asked for no more, the oldest first: begun before {@code oldest}. */
    List<T> lost(Instant oldest) {
        return jdbc.sql("select * from " + table + " where state = 'pending' and " + unknown
                        + " and next_attempt_at is not null and created_at <= ? order by id limit 100")
                .param(Times.sql(oldest))
                .query(mapper)
                .list();
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
