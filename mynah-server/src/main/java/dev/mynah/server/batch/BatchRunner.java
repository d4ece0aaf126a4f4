package dev.mynah.server.batch;

import dev.mynah.server.ops.RepeatedTask;
import dev.mynah.server.store.Ids;
import jakarta.annotation.PreDestroy;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Finds batches to work on, and keeps their leases. One whose process is gone is taken by the next, which goes on after the lines that were answered. */
@Component
public final class BatchRunner extends RepeatedTask {
    private static final Logger LOG = LoggerFactory.getLogger(BatchRunner.class);
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final Duration LEASE = Duration.ofSeconds(15);
    private static final Duration RENEWAL = Duration.ofSeconds(4);
    private static final int MOST_AT_ONCE = 4;

    private final BatchRepository batches;
    private final BatchWork work;
    private final Clock clock;
    private final Semaphore room;
    private final boolean enabled;
    private final String owner = Ids.next("proc_");
    private final Set<String> running = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;
    private Instant renewedAt = Instant.EPOCH;

    BatchRunner(BatchRepository batches, BatchWork work, BatchSettings settings, Clock clock) {
        super("batches", PAUSE);
        this.batches = batches;
        this.work = work;
        this.clock = clock;
        room = new Semaphore(settings.parallel(), true);
        enabled = settings.parallel() > 0;
    }

    @Override
    protected void once() {
        Instant now = clock.instant();
        if (!running.isEmpty() && renewedAt.plus(RENEWAL).isBefore(now)) {
            renewedAt = now;
            batches.renew(owner, now.plus(LEASE));
        }
        while (enabled && !closed && running.size() < MOST_AT_ONCE) {
            Optional<Batch> batch = batches.claim(owner, now.plus(LEASE), now);
            if (batch.isEmpty() || !running.add(batch.get().id())) {
                return;
            }
            Thread.ofVirtual().name("batch").start(() -> run(batch.get()));
        }
    }

    private void run(Batch batch) {
        try {
            work.run(batch, owner, room, () -> closed);
        } catch (IOException | RuntimeException e) {
            // Its lease ends, and it is tried again.
            LOG.error("the batch {} could not be worked on", batch.id(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            running.remove(batch.id());
        }
    }

    /** Takes what a service that is gone has left, at once: nobody else works on this database. */
    public void takeOver() {
        batches.leases().releaseAllBut(owner, clock.instant());
    }

    @PreDestroy
    void close() {
        closed = true;
        batches.leases().release(owner, clock.instant());
    }
}
