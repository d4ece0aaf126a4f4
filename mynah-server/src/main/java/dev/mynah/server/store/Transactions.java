package dev.mynah.server.store;

import java.util.function.Supplier;
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

    private final TransactionTemplate template;

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
