package dev.mynah.server.store;

import java.time.Instant;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Ends leases before their time: of rows that one process at a time works on, so that whoever comes next takes them at once.
 *
 * @param table   with {@code owner} and {@code lease_until}
 * @param working the condition of rows that are worked on
 */
public record Leases(JdbcClient jdbc, String table, String working) {

    /** Ends those of an owner. */
    public void release(String owner, Instant now) {
        end("owner = ?", owner, now);
    }

    /** Ends those of all but one. */
    public void releaseAllBut(String owner, Instant now) {
        end("owner <> ?", owner, now);
    }

    private void end(String whose, String owner, Instant now) {
        jdbc.sql("update " + table + " set lease_until = ? where " + working + " and " + whose)
                .params(Times.sql(now), owner)
                .update();
    }
}
