package dev.mynah.engine.fused;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Threads that share the chunks of one task at a time with the thread that gives it. A token takes a hundred tasks of some microseconds each, so idle workers spin for a moment before they sleep.
 *
 * <p>Chunks are taken one by one, and nobody waits for a worker that has taken none: on a busy machine, whose scheduler lets a worker sleep, the caller does the work itself.
 */
final class WorkerPool implements AutoCloseable {
    /** Longer than what lies between two tasks of a token, shorter than what lies between two users. */
    private static final long SPIN_NANOS = 100_000;

    /** How long the caller sleeps at a time, once it has waited for a chunk so long. */
    private static final long NAP_NANOS = 20_000;

    private static final int FIELD_BITS = 20;
    private static final long FIELD = (1L << FIELD_BITS) - 1;

    /** The task's number, its chunks, and the chunk to take next, {@code FIELD_BITS} each for the latter: together they change at once. */
    private final AtomicLong state = new AtomicLong();

    private final AtomicInteger done = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final Worker[] workers;
    private Task task = (chunk, worker) -> {};
    private long number;
    private volatile boolean closed;

    /** Work in chunks that do not depend on each other. */
    interface Task {
        /** Does one chunk; {@code worker} is below {@link #threads()}, and no two chunks run with the same one at a time. */
        void run(int chunk, int worker);
    }

    /** A pool of {@code threads}, the caller's included. */
    WorkerPool(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads must be at least 1, not " + threads);
        }
        workers = new Worker[threads - 1];
        for (int i = 0; i < workers.length; i++) {
            workers[i] = new Worker(i + 1);
            workers[i].thread.start();
        }
    }

    int threads() {
        return workers.length + 1;
    }

    /** Runs all chunks, and returns when they are done. To be called by one thread at a time. */
    void run(Task newTask, int chunks) {
        if (chunks <= 1 || workers.length == 0) {
            for (int chunk = 0; chunk < chunks; chunk++) {
                newTask.run(chunk, 0);
            }
            return;
        }
        if (chunks > FIELD) {
            throw new IllegalArgumentException("a task has up to " + FIELD + " chunks, not " + chunks);
        }
        task = newTask;
        done.set(0);
        state.set((++number << (2 * FIELD_BITS)) | ((long) chunks << FIELD_BITS));
        for (Worker worker : workers) {
            worker.wake();
        }
        work(0);
        awaitDone(chunks);
        Throwable thrown = failure.getAndSet(null);
        if (thrown != null) {
            throw new IllegalStateException("a worker failed: " + thrown, thrown);
        }
    }

    private void awaitDone(int chunks) {
        long start = System.nanoTime();
        while (done.get() < chunks) {
            if (System.nanoTime() - start < SPIN_NANOS) {
                Thread.onSpinWait();
            } else {
                LockSupport.parkNanos(NAP_NANOS);
            }
        }
    }

    /** Takes chunks until none is left. */
    private void work(int worker) {
        while (true) {
            long now = state.get();
            long next = now & FIELD;
            if (next >= ((now >>> FIELD_BITS) & FIELD)) {
                return;
            }
            // Once a chunk is taken, its task stays until the chunk is done.
            if (state.compareAndSet(now, now + 1)) {
                try {
                    task.run((int) next, worker);
                } catch (Throwable e) {
                    failure.compareAndSet(null, e);
                } finally {
                    done.incrementAndGet();
                }
            }
        }
    }

    private boolean isIdle() {
        long now = state.get();
        return (now & FIELD) >= ((now >>> FIELD_BITS) & FIELD);
    }

    @Override
    public void close() {
        closed = true;
        for (Worker worker : workers) {
            LockSupport.unpark(worker.thread);
        }
        for (Worker worker : workers) {
            boolean interrupted = false;
            while (true) {
                try {
                    worker.thread.join();
                    break;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private final class Worker implements Runnable {
        private final int index;
        private final Thread thread;
        private volatile boolean parked;

        Worker(int index) {
            this.index = index;
            thread = Thread.ofPlatform().name("mynah-worker-" + index).daemon().unstarted(this);
        }

        void wake() {
            if (parked) {
                LockSupport.unpark(thread);
            }
        }

        @Override
        public void run() {
            while (!closed) {
                work(index);
                awaitWork();
            }
        }

        private void awaitWork() {
            long start = System.nanoTime();
            while (isIdle() && !closed) {
                if (System.nanoTime() - start < SPIN_NANOS) {
                    Thread.onSpinWait();
                } else {
                    parked = true;
                    if (isIdle() && !closed) {
                        LockSupport.park(WorkerPool.this);
                    }
                    parked = false;
                }
            }
        }
    }
}
