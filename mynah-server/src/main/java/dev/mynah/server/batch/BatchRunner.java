package dev.mynah.server.batch;

import dev.mynah.server.ops.RepeatedTask;
import dev.mynah.server.store.Ids;
import jakarta.annotation.PreDestroy;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Finds batches to work on, and keeps their leases. One whose process is gone is taken by the next, which goes on after the lines that were answered. Organisations share the places for lines evenly,
 * however many batches each has.
 */
@Component
public final class BatchRunner extends RepeatedTask {
    private static final Logger LOG = LoggerFactory.getLogger(BatchRunner.class);
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final Duration LEASE = Duration.ofSeconds(15);
    private static final Duration RENEWAL = Duration.ofSeconds(4);
    // More than one file open and a few lines in memory costs none that waits for its place.
    private static final int MOST_AT_ONCE = 64;

    private final BatchRepository batches;
    private final BatchWork work;
    private final Clock clock;
    private final Semaphore room;
    private final int parallel;
    private final String owner = Ids.next("proc_");
    /** The organisations of the batches at work, by the batches' ids. */
    private final Map<String, String> running = new ConcurrentHashMap<>();
    /** By their organisations. */
    private final Map<String, Semaphore> lines = new HashMap<>();

    private volatile boolean closed;
    private Instant renewedAt = Instant.EPOCH;

    BatchRunner(BatchRepository batches, BatchWork work, BatchSettings settings, Clock clock) {
        super("batches", PAUSE);
        this.batches = batches;
        this.work = work;
        this.clock = clock;
        parallel = settings.parallel();
        room = new Semaphore(parallel, true);
    }

    @Override
    protected void once() {
        Instant now = clock.instant();
        List<String> ids = List.copyOf(running.keySet());
        if (!ids.isEmpty() && renewedAt.plus(RENEWAL).isBefore(now)) {
            renewedAt = now;
            batches.renew(owner, ids, now.plus(LEASE));
        }
        lines.keySet().retainAll(running.values());
        while (parallel > 0 && !closed && running.size() < MOST_AT_ONCE) {
            Batch batch = batches.claim(owner, now.plus(LEASE), now).orElse(null);
            if (batch == null || running.putIfAbsent(batch.id(), batch.organisationId()) != null) {
                return;
            }
            Semaphore own = lines.computeIfAbsent(batch.organisationId(), _ -> new Semaphore(parallel, true));
            Thread.ofVirtual().name("batch").start(() -> run(batch, new BatchWork.Places(own, room)));
        }
    }

    private void run(Batch batch, BatchWork.Places places) {
        try {
            work.run(batch, owner, places, () -> closed);
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
