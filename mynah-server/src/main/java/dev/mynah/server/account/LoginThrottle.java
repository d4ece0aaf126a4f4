package dev.mynah.server.account;

import dev.mynah.server.store.Times;
import dev.mynah.server.store.Transactions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Slows down those who guess passwords: after some failures a subject (an account, an address) must wait, twice as long after each further one. What is counted is in the database, so
 * that neither a restart nor a second replica helps a guesser.
 */
@Component
public final class LoginThrottle {
    private static final Duration FIRST_WAIT = Duration.ofSeconds(2);
    private static final int MAX_DOUBLINGS = 9;
    private static final Duration FORGOTTEN_AFTER = Duration.ofHours(24);

    private final JdbcClient jdbc;
    private final Transactions transactions;
    private final Clock clock;

    public LoginThrottle(JdbcClient jdbc, Transactions transactions, Clock clock) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.clock = clock;
    }

    private record Failures(int count, Instant lastAt) {}

    /** The name of a subject that many people share, such as a network address. It is another each day (UTC): among many somebody always tries, so that its failures would never be left alone for long enough to be forgotten. */
    public String shared(String subject) {
        return subject + " " + LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    }

    /**
     * Counts an attempt before it is made, so that many at once count as many.
     *
     * @param free how many may fail before the subject must wait
     * @return how long the subject must wait instead, or nothing where it may try
     */
    public Optional<Duration> attempt(String subject, int free) {
        Instant now = clock.instant();
        return transactions.call(() -> {
            jdbc.sql("insert into login_failure (subject, failures, last_at) values (?, 0, ?) on conflict do nothing")
                    .params(subject, Times.sql(now))
                    .update();
            Failures failures = jdbc.sql("select failures, last_at from login_failure where subject = ? for update")
                    .param(subject)
                    .query((row, n) -> new Failures(row.getInt("failures"), Times.get(row, "last_at")))
                    .optional()
                    // Somebody proved meanwhile to be the subject.
                    .orElse(new Failures(0, now));
            int count = failures.lastAt().plus(FORGOTTEN_AFTER).isBefore(now) ? 0 : failures.count();
            Duration wait = wait(count - free);
            Duration left = Duration.between(now, failures.lastAt().plus(wait));
            // Another attempt may have been counted since this one began, so that it comes from the future.
            if (wait.isPositive() && left.isPositive()) {
                return Optional.of(left);
            }
            jdbc.sql("update login_failure set failures = ?, last_at = ? where subject = ?")
                    .params(count + 1, Times.sql(now), subject)
                    .update();
            return Optional.empty();
        });
    }

    /**
     * As {@link #attempt}, for who may not go on.
     *
     * @throws ThrottledException where the subject must wait
     */
    public void require(String subject, int free) {
        attempt(subject, free).ifPresent(wait -> {
            throw new ThrottledException(wait);
        });
    }

    private static Duration wait(int failures) {
        return failures < 0 ? Duration.ZERO : FIRST_WAIT.multipliedBy(1L << Math.min(failures, MAX_DOUBLINGS));
    }

    /** Takes back one attempt, which did not fail; the others stay, or a guesser could sign in now and then. */
    public void takeBack(String subject) {
        jdbc.sql("update login_failure set failures = failures - 1 where subject = ? and failures > 0")
                .param(subject)
                .update();
    }

    /** Forgets the failures of a subject that proved who it is. */
    public void succeeded(String subject) {
        jdbc.sql("delete from login_failure where subject = ?").param(subject).update();
    }
}
