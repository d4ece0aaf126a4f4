package dev.mynah.server.statement;

import dev.mynah.server.ops.RepeatedTask;
import dev.mynah.server.statement.StatementRepository.Wallet;
import dev.mynah.server.store.Ids;
import dev.mynah.server.store.Transactions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Draws up the statements of months (UTC) that have ended, one hour later, when everything that began in them is booked. All replicas do so; each statement is drawn up once. */
@Component
public final class Statements extends RepeatedTask {
    private static final Duration PAUSE = Duration.ofMinutes(10);
    private static final Duration CLOSING = Duration.ofHours(1);

    private final StatementRepository repository;
    private final Transactions transactions;
    private final Clock clock;

    Statements(StatementRepository repository, Transactions transactions, Clock clock) {
        super("drawing up statements", PAUSE);
        this.repository = repository;
        this.transactions = transactions;
        this.clock = clock;
    }

    @Override
    public void once() {
        @Nullable Instant since = repository.openSince();
        if (since == null) {
            return;
        }
        Instant now = clock.instant();
        for (ZonedDateTime month = month(since);
                !month.plusMonths(1).toInstant().plus(CLOSING).isAfter(now);
                month = month.plusMonths(1)) {
            Instant start = month.toInstant();
            Instant end = month.plusMonths(1).toInstant();
            for (Wallet wallet : repository.open(start, end)) {
                transactions.run(() -> close(wallet, start, end));
            }
            repository.setClosedUntil(end);
        }
    }

    private static ZonedDateTime month(Instant moment) {
        return moment.atZone(ZoneOffset.UTC).withDayOfMonth(1).truncatedTo(ChronoUnit.DAYS);
    }

    private void close(Wallet wallet, Instant start, Instant end) {
        // The number first: its row is locked, so that another replica sees this statement or waits.
        long number = repository.nextNumber();
        if (repository.exists(wallet, start)) {
            repository.takeNumberBack();
            return;
        }
        List<Statement.UsageLine> usage = repository.usage(wallet, start, end);
        long sum = usage.stream().mapToLong(Statement.UsageLine::amount).sum();
        repository.insert(
                new Statement(
                        Ids.next("stmt_"),
                        number,
                        wallet.organisationId(),
                        wallet.currency(),
                        start,
                        end,
                        repository.balance(wallet, start),
                        repository.balance(wallet, end),
                        usage,
                        repository.charged(wallet, start, end) - sum,
                        repository.entries(wallet, start, end)),
                clock.instant());
    }
}
