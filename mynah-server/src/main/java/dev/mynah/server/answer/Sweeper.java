package dev.mynah.server.answer;

import dev.mynah.server.billing.Outcome;
import dev.mynah.server.ops.RepeatedTask;
import dev.mynah.server.store.Transactions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Settles what processes left behind that were killed: what they had committed is charged, the rest is let go. */
@Component
public final class Sweeper extends RepeatedTask {
    private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);
    private static final Duration PAUSE = Duration.ofSeconds(3);

    private final Answers answers;
    private final AnswerRepository repository;
    private final Transactions transactions;
    private final Clock clock;

    public Sweeper(Answers answers, AnswerRepository repository, Transactions transactions, Clock clock) {
        super("settling abandoned answers", PAUSE);
        this.answers = answers;
        this.repository = repository;
        this.transactions = transactions;
        this.clock = clock;
    }

    @Override
    protected void once() {
        sweep(clock.instant());
    }

    /**
     * Settles the answers whose leases ended before {@code before}.
     *
     * @return how many
     */
    public int sweep(Instant before) {
        int swept = 0;
        for (AnswerRepository.Row row : repository.abandoned(before)) {
            boolean settled = transactions.call(() -> repository
                    .lockAbandoned(row.id(), before)
                    .map(locked -> {
                        answers.settle(locked.id(), Outcome.KILLED, locked.committed());
                        return true;
                    })
                    .orElse(false));
            if (settled) {
                swept++;
                LOG.info("settled answer {}, which its process had left behind", row.id());
            }
        }
        return swept;
    }
}
