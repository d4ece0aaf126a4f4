package dev.mynah.server.answer;

import dev.mynah.server.ops.RepeatedTask;
import dev.mynah.server.ops.ServiceState;
import dev.mynah.server.store.Transactions;
import dev.mynah.server.store.UrgentConnection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Commits what the answers of this process have delivered, all of them in one transaction every few milliseconds, and keeps their leases. */
@Component
final class ProgressCommitter extends RepeatedTask {
    private static final Logger LOG = LoggerFactory.getLogger(ProgressCommitter.class);
    private static final Duration PAUSE = Duration.ofMillis(25);
    private static final Duration ASK_EVERY = Duration.ofMillis(250);
    private static final Duration RENEW_BEFORE_END = Answers.LEASE.minusSeconds(2);

    private final Answers answers;
    private final AnswerRepository repository;
    private final ServiceState state;
    private final ServiceState own;
    private final Transactions transactions;
    private final Clock clock;
    private Instant askedAt = Instant.EPOCH;

    ProgressCommitter(Answers answers, ServiceState state, UrgentConnection connection, Clock clock) {
        super("committing the progress of answers", PAUSE);
        this.answers = answers;
        repository = new AnswerRepository(connection.client(), connection.jdbc());
        this.state = state;
        own = new ServiceState(connection.client());
        transactions = connection.transactions();
        this.clock = clock;
    }

    /** If it fails, readers wait meanwhile, and the answers are lost when their leases run out. */
    @Override
    protected void once() {
        commit();
        stopWhatIsAskedFor();
    }

    /** Other processes ask through the database. */
    private void stopWhatIsAskedFor() {
        Instant now = clock.instant();
        if (askedAt.plus(ASK_EVERY).isAfter(now)) {
            return;
        }
        askedAt = now;
        boolean stopped = own.isStopped();
        state.remember(stopped);
        if (stopped) {
            answers.cancelAll();
        }
        if (!answers.running().isEmpty()) {
            repository.stopRequests(answers.owner()).forEach(answers::requestStop);
        }
    }

    private void commit() {
        Instant now = clock.instant();
        List<RunningAnswer> due = new ArrayList<>();
        try {
            for (RunningAnswer answer : answers.running()) {
                if ((answer.hasProgress() || answer.leaseUntil().isBefore(now.plus(RENEW_BEFORE_END)))
                        && answer.tryPersist()) {
                    due.add(answer);
                }
            }
            if (!due.isEmpty()) {
                commit(due, now.plus(Answers.LEASE));
            }
        } finally {
            due.forEach(RunningAnswer::endPersist);
        }
    }

    private void commit(List<RunningAnswer> due, Instant leaseUntil) {
        List<AnswerRepository.Progress> progress =
                due.stream().map(RunningAnswer::progress).toList();
        boolean[] kept = transactions.call(() -> repository.commit(progress, answers.owner(), leaseUntil));
        for (int i = 0; i < kept.length; i++) {
            if (kept[i]) {
                due.get(i).committed(progress.get(i), leaseUntil);
            } else {
                LOG.warn(
                        "answer {} was settled by another process; it is stopped here",
                        due.get(i).id());
                due.get(i).lose();
            }
        }
    }
}
