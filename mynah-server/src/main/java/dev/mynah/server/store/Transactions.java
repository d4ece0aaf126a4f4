package dev.mynah.server.store;

import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.springframework.dao.PessimisticLockingFailureException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The boundary of a use case: all of its work on the database is done, or none of it. Repositories open none of their own.
 */
@Component
public final class Transactions {
    private static final int ATTEMPTS = 5;

    // Enough that two keys at work seldom share one.
    private static final int TURNS = 1_024;

    private final TransactionTemplate template;
    private final List<Lock> turns =
            Stream.generate(() -> (Lock) new ReentrantLock(true)).limit(TURNS).toList();

    public Transactions(PlatformTransactionManager manager) {
        template = new TransactionTemplate(manager);
    }

    /** Runs {@code work}, again where the database gave way to another transaction: it must do nothing but work on the database. Within a transaction it is a part of that. */
    public <T> T call(Supplier<T> work) {
        if (TransactionSynchronizationManager.isActualTransactionActive()) {
            return work.get();
        }
        for (int attempt = 1; ; attempt++) {
            try {
                return attempt(work);
            } catch (PessimisticLockingFailureException | QueryTimeoutException e) {
                // The latter is how H2 says that a lock was not to be had in time.
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    /**
     * As {@link #call}, but those of the same {@code key} come one after the other, in the order in which they asked. They would wait for each other's rows all the same, each on a connection that others need, and the
     * embedded database lets whoever is quick go first.
     */
    public <T> T callInTurn(String key, Supplier<T> work) {
        if (TransactionSynchronizationManager.isActualTransactionActive()) {
            return work.get();
        }
        Lock turn = turns.get(Math.floorMod(key.hashCode(), TURNS));
        turn.lock();
        try {
            return call(work);
        } finally {
            turn.unlock();
        }
    }

    @SuppressWarnings("NullAway") // what the work returns, which is never null
    private <T> T attempt(Supplier<T> work) {
        return template.execute(status -> work.get());
    }

    /** As {@link #call}, for work without a result. */
    public void run(Runnable work) {
        call(() -> {
            work.run();
            return true;
        });
    }
}
