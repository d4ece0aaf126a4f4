package dev.mynah.server.answer;

import dev.mynah.engine.GenerationHandle;
import dev.mynah.engine.Usage;
import dev.mynah.server.billing.Outcome;
import dev.mynah.server.billing.RateLimits;
import dev.mynah.server.billing.TokenCounts;
import dev.mynah.server.provider.GenerationEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * An answer while it is generated. One thread takes its events, shows them to whoever asked, and says so with {@link #delivered}; closing it settles it, whatever happened before.
 *
 * <p>What was delivered is committed behind it. {@link #next} holds the reader back where the database falls more than {@link #MAX_LAG} behind, so that a kill never loses more.
 */
public final class RunningAnswer implements AutoCloseable {
    private static final Duration MAX_LAG = Duration.ofMillis(80);

    private final AnswerOrder order;
    private final Answers.Begun begun;
    // By System.nanoTime, as all moments here.
    private final long startedAt;
    private final BiConsumer<RunningAnswer, Runnable> settle;
    private final ReentrantLock persisting = new ReentrantLock();
    private final BlockingQueue<GenerationEvent> events = new LinkedBlockingQueue<>();
    // Of its one reader: what has passed the filter.
    private final Queue<GenerationEvent> passed = new ArrayDeque<>();
    private volatile @Nullable GenerationHandle generation;
    private volatile boolean cancelled;

    // Guarded by this.
    private final StringBuilder uncommittedText = new StringBuilder();
    private int deliveredTokens;
    private int committedTokens;
    private int cachedTokens;
    private int chunks;
    private long oldestUncommitted;
    private Instant leaseUntil;
    private long firstTokenAt;
    private long lastTokenAt;
    private boolean lost;
    private boolean interrupted;
    private Outcome outcome = Outcome.CANCELLED;
    private boolean closed;

    RunningAnswer(AnswerOrder order, Answers.Begun begun, long startedAt, BiConsumer<RunningAnswer, Runnable> settle) {
        this.order = order;
        this.begun = begun;
        this.startedAt = startedAt;
        leaseUntil = begun.leaseUntil();
        this.settle = settle;
    }

    /** Starts the generation. */
    void start() {
        GenerationHandle handle = order.generation().start(events::add);
        generation = handle;
        if (cancelled) {
            handle.cancel();
        }
    }

    public String id() {
        return order.id();
    }

    public AnswerOrder order() {
        return order;
    }

    /** What it leaves of the limits of its plan. */
    public RateLimits.Remaining remaining() {
        return begun.remaining();
    }

    OpenAnswer open() {
        return begun.open();
    }

    /** The next event that may be shown, or nothing if none comes within {@code timeout} or one is held back. */
    public Optional<GenerationEvent> next(Duration timeout) throws InterruptedException {
        awaitCommit();
        if (passed.isEmpty()) {
            GenerationEvent event = events.poll(timeout.toNanos(), TimeUnit.NANOSECONDS);
            if (event != null) {
                filter(event);
            }
        }
        return Optional.ofNullable(passed.poll());
    }

    private void filter(GenerationEvent event) {
        passed.addAll(order.filter().accept(event));
        GenerationHandle handle = generation;
        if (order.filter().isCut() && handle != null) {
            handle.cancel();
        }
    }

    private synchronized void awaitCommit() throws InterruptedException {
        while (!lost
                && committedTokens < deliveredTokens
                && System.nanoTime() - oldestUncommitted > MAX_LAG.toNanos()) {
            wait(MAX_LAG.toMillis());
        }
        if (lost) {
            throw new AnswerLostException(order.id());
        }
    }

    /** Says that an event was shown, so that it counts. */
    public void delivered(GenerationEvent event) {
        delivered(event, "");
    }

    /** As {@link #delivered(GenerationEvent)}, and keeps {@code text} for who reads the answer later. */
    public synchronized void delivered(GenerationEvent event, String text) {
        if (!hasProgress()) {
            oldestUncommitted = System.nanoTime();
        }
        uncommittedText.append(text);
        switch (event) {
            case GenerationEvent.Token token -> {
                lastTokenAt = System.nanoTime();
                firstTokenAt = deliveredTokens == 0 ? lastTokenAt : firstTokenAt;
                deliveredTokens += token.tokens();
            }
            case GenerationEvent.Call call -> {}
            case GenerationEvent.End end -> count(end.usage());
            case GenerationEvent.Failure failure -> count(failure.usage());
        }
    }

    private void count(Usage usage) {
        cachedTokens =
                Math.min(cachedTokens + usage.cachedTokens(), order.generation().knownPromptTokens());
    }

    /** Says how it ended; without this, closing it counts as cancelled. */
    public synchronized void end(Outcome how) {
        outcome = how;
    }

    /** Stops the generation; its end still comes as an event. */
    public void cancel() {
        cancelled = true;
        GenerationHandle handle = generation;
        if (handle != null) {
            handle.cancel();
        }
    }

    /** Stops it because its process ends: what was generated is kept, and marked as interrupted. */
    void interrupt() {
        synchronized (this) {
            interrupted = true;
        }
        cancel();
    }

    /** Whether it was stopped because its process ends. */
    public synchronized boolean isInterrupted() {
        return interrupted;
    }

    /** Whether it was stopped, by its reader or by the service. */
    public boolean isCancelled() {
        return cancelled;
    }

    /** Stops what still runs, and settles. */
    @Override
    public void close() {
        close(() -> {});
    }

    /**
     * As {@link #close()}.
     *
     * @param within what further belongs into the transaction in which it is settled
     */
    public void close(Runnable within) {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        cancel();
        settle.accept(this, within);
    }

    synchronized Outcome outcome() {
        return interrupted && outcome == Outcome.CANCELLED ? Outcome.KILLED : outcome;
    }

    /** How fast it came, if it had a token. */
    synchronized Optional<Pace> pace() {
        if (deliveredTokens == 0) {
            return Optional.empty();
        }
        Duration perToken =
                deliveredTokens == 1 ? null : Duration.ofNanos((lastTokenAt - firstTokenAt) / (deliveredTokens - 1));
        return Optional.of(new Pace(Duration.ofNanos(firstTokenAt - startedAt), perToken));
    }

    /**
     * How fast an answer was delivered.
     *
     * @param first    from the request's reservation to the first token
     * @param perToken from the first token to the last, a token; null where there is one only
     */
    record Pace(Duration first, @Nullable Duration perToken) {}

    /** What was delivered. */
    public synchronized TokenCounts counts() {
        return new TokenCounts(order.generation().knownPromptTokens(), cachedTokens, deliveredTokens);
    }

    /** Takes the right to write what was delivered; false where somebody else is at it. {@link #endPersist} gives it back. */
    boolean tryPersist() {
        return persisting.tryLock();
    }

    /** As {@link #tryPersist}, but waits for it. */
    void persist() {
        persisting.lock();
    }

    void endPersist() {
        persisting.unlock();
    }

    synchronized boolean hasProgress() {
        return deliveredTokens > committedTokens || !uncommittedText.isEmpty();
    }

    /** What was delivered, with the text that is not committed yet. */
    synchronized AnswerRepository.Progress progress() {
        return new AnswerRepository.Progress(order.id(), deliveredTokens, chunks, uncommittedText.toString());
    }

    /** Says that {@code progress} is committed. */
    synchronized void committed(AnswerRepository.Progress progress, Instant lease) {
        committedTokens = progress.tokens();
        chunks += progress.text().isEmpty() ? 0 : 1;
        uncommittedText.delete(0, progress.text().length());
        oldestUncommitted = System.nanoTime();
        leaseUntil = lease;
        notifyAll();
    }

    synchronized Instant leaseUntil() {
        return leaseUntil;
    }

    /** Says that another process has settled this answer: nothing more of it may be shown. */
    void lose() {
        synchronized (this) {
            lost = true;
            notifyAll();
        }
        cancel();
    }
}
