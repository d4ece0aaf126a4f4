package dev.mynah.server.mail;

import dev.mynah.server.store.Ids;
import dev.mynah.server.store.ServerSecret;
import dev.mynah.server.store.Times;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Mails that are to be sent, in the database. What they say is encrypted, since it may hold a token. */
@Component
public final class MailOutbox {
    // Longer than one attempt takes, so that no two replicas send the same mail.
    private static final Duration FIRST_PAUSE = Duration.ofMinutes(2);
    private static final int MAX_DOUBLINGS = 7;
    private static final int BATCH = 20;

    private final JdbcClient jdbc;
    private final ServerSecret secret;
    private final Clock clock;

    public MailOutbox(JdbcClient jdbc, ServerSecret secret, Clock clock) {
        this.jdbc = jdbc;
        this.secret = secret;
        this.clock = clock;
    }

    /** A mail that waits, and how often it was tried. */
    record Waiting(Mail mail, int attempts) {}

    /**
     * Adds a mail, within the transaction of its cause.
     *
     * @param to the address, or empty for a mail that is dropped: as much work as one that is sent
     */
    public void add(String to, MailText text) {
        Instant now = clock.instant();
        jdbc.sql(
                        "insert into outgoing_mail (id, recipient, content, attempts, next_at, created_at) values (?, ?, ?, 0, ?, ?)")
                .params(
                        Ids.next("mail_"),
                        to,
                        secret.encrypt(text.subject() + "\n" + text.text()),
                        Times.sql(now),
                        Times.sql(now))
                .update();
    }

    /** The mails that may be tried now. */
    List<Waiting> due() {
        return jdbc.sql("select * from outgoing_mail where next_at <= ? order by next_at limit " + BATCH)
                .param(Times.sql(clock.instant()))
                .query(this::waiting)
                .list();
    }

    private Waiting waiting(ResultSet row, int number) throws SQLException {
        String[] content = secret.decrypt(row.getString("content")).split("\n", 2);
        Mail mail = new Mail(
                row.getString("id"), row.getString("recipient"), content[0], content[1], Times.get(row, "created_at"));
        return new Waiting(mail, row.getInt("attempts"));
    }

    /** Takes a mail for one attempt; false where another replica did. */
    boolean claim(Waiting waiting) {
        Instant next = clock.instant().plus(FIRST_PAUSE.multipliedBy(1L << Math.min(waiting.attempts, MAX_DOUBLINGS)));
        return jdbc.sql("update outgoing_mail set attempts = attempts + 1, next_at = ? where id = ? and attempts = ?")
                        .params(Times.sql(next), waiting.mail.id(), waiting.attempts)
                        .update()
                == 1;
    }

    /** Forgets a mail that is out, or is given up. */
    void remove(String id) {
        jdbc.sql("delete from outgoing_mail where id = ?").param(id).update();
    }
}
