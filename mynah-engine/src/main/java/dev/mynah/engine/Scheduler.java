package dev.mynah.engine;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides, step by step, what a model computes for whom. Used by one thread.
 *
 * <p><b>Continuous batching</b> (Yu et al. 2022, Orca). A step is one pass of the model over a batch that is put together anew each time: of every sequence whose answer is being
 * written the last token, and of those whose prompts are not read yet some more tokens, as many as {@link PrefillBudget} allows. Sequences thus come and go between any two tokens, and
 * no prompt holds up the others for longer than a step. Among the prompts of one priority the budget is shared equally, so that a short one need not wait for a long one's end.
 *
 * <p><b>Order.</b> Sequences are ordered by priority, then by arrival. Those that wait are admitted in that order and never past one another: a large request is not starved by small
 * ones. Running ones are served in that order when blocks are short, and the last of them is the one to be pre-empted.
 *
 * <p><b>Memory.</b> Keys and values lie in the blocks of a {@link BlockPool}. On admission a sequence takes blocks for all tokens that it has, as far as it does not find them in the
 * cache, and leaves one for each sequence that runs already. While it writes, it takes a block whenever the last is full. Where none is left, the last sequence of the order is pre-empted:
 * it gives back its blocks, waits, and reads its prompt and what it has written so far again when it is its turn. Its sampler's state is kept, and no token is drawn twice, so its
 * output is what it would have been. Since a pre-empted sequence is behind the one it made room for, the first of the order always advances, and since {@link #context(ModelRunner)} is no more
 * than all blocks hold, the first alone always has room: nothing is lost, and nothing waits for ever. A waiting sequence pre-empts running ones of a lower priority.
 *
 * <p><b>Sharing.</b> Full blocks are published within a tenant as soon as they are computed. A sequence looks for published blocks on admission and again before each piece of its prompt
 * is read, and waits for a block that another is reading, so equal prompts that arrive together are read once. Further continuations of one prompt begin with all blocks of the first; the last of them, which is not full, is copied
 * by whoever writes to it while others refer to it.
 *
 * <p><b>Speculation.</b> A {@link Drafter} may guess further tokens of a sequence that is being answered. They are computed behind its last token in the same pass, and taken as far as
 * they hold; what was computed of the others is written over by what comes instead.
 *
 * <p><b>Failure.</b> If the model fails in a step, the sequences of that step fail, and the others go on. If one sequence's logits cannot be sampled, or its listener throws, only that
 * one ends.
 */
final class Scheduler {
    /** Of the prompts of one priority each gets at least so many tokens, in order, while there are any. */
    private static final int LEAST_SHARE = 16;

    private static final System.Logger LOG = System.getLogger(Scheduler.class.getName());

    private final ModelRunner runner;
    private final BlockPool pool;
    private final Set<Integer> endIds;
    private final int maxRunning;
    private final Drafter drafter;
    private int draftTokens;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final AtomicInteger unfinished;
    private final PrefillBudget budget = new PrefillBudget();

    private final TreeSet<Sequence> waiting = new TreeSet<>(Sequence.ORDER);
    private final TreeSet<Sequence> running = new TreeSet<>(Sequence.ORDER);

    private long promptTokens;
    private long cachedTokens;
    private long generatedTokens;
    private long preemptions;
    private long steps;
    private Duration lastStep = Duration.ZERO;

    /** What a step computes of one sequence: {@code count} of its tokens, and a guess behind them. */
    private record Work(Sequence sequence, int count, Drafter.Draft draft, ModelRunner.Chunk chunk) {}

    /**
     * A scheduler with nothing to do.
     *
     * @param endIds     tokens that end a text
     * @param drafter    guesses what comes next
     * @param clock      what deadlines are compared with
     * @param nanoTime   what steps are timed by
     * @param unfinished counted down when a sequence ends
     */
    Scheduler(
            ModelRunner runner,
            Set<Integer> endIds,
            EngineOptions options,
            Drafter drafter,
            InstantSource clock,
            LongSupplier nanoTime,
            AtomicInteger unfinished) {
        this.runner = runner;
        this.endIds = endIds;
        this.drafter = drafter;
        maxRunning = options.running();
        draftTokens = options.draftTokens();
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.unfinished = unfinished;
        pool = new BlockPool(runner.blocks(), runner.blockTokens());
    }

    /** The most tokens that a sequence may have in the cache. */
    static int context(ModelRunner runner) {
        return (int) Math.min(runner.context(), (long) runner.blocks() * runner.blockTokens());
    }

    /** Lets a sequence wait for its turn. */
    void add(Sequence sequence) {
        waiting.add(sequence);
    }

    /** Forgets an adapter, and fails those that are still answered with it. */
    void removeAdapter(String name) {
        for (TreeSet<Sequence> place : List.of(running, waiting)) {
            for (Sequence sequence : List.copyOf(place)) {
                if (sequence.adapter().equals(name)) {
                    fail(sequence, new IllegalStateException("the adapter " + name + " was removed"));
                }
            }
        }
        runner.removeAdapter(name);
    }

    void addAdapter(String name, Path folder) throws IOException {
        runner.addAdapter(name, folder);
    }

    /** The sequences that hold blocks, in order. */
    SortedSet<Sequence> running() {
        return Collections.unmodifiableSortedSet(running);
    }

    BlockPool pool() {
        return pool;
    }

    boolean isIdle() {
        return waiting.isEmpty() && running.isEmpty();
    }

    /** Ends what is no longer wanted, admits whom there is room for, and lets each that runs advance. */
    void step() {
        long began = nanoTime.getAsLong();
        endUnwanted();
        admit();
        List<Work> batch = new ArrayList<>();
        List<Sequence> prompts = planDecoding(batch);
        int promptTokens = planPrompts(prompts, batch);
        if (!batch.isEmpty()) {
            compute(batch);
            measure(began, promptTokens);
        }
    }

    EngineMetrics metrics() {
        return new EngineMetrics(
                running.size(),
                waiting.size(),
                pool.usedBlocks(),
                pool.cachedBlocks(),
                pool.freeBlocks(),
                promptTokens,
                cachedTokens,
                generatedTokens,
                preemptions,
                steps,
                lastStep);
    }

    // ---- who runs

    private void endUnwanted() {
        for (TreeSet<Sequence> place : List.of(running, waiting)) {
            List.copyOf(place).forEach(this::endIfUnwanted);
        }
    }

    private boolean endIfUnwanted(Sequence sequence) {
        if (sequence.submission().isCancelled()) {
            finish(sequence, FinishReason.CANCELLED);
            return true;
        }
        if (sequence.submission().isOverdue(clock.instant())) {
            finish(sequence, FinishReason.DEADLINE);
            return true;
        }
        return false;
    }

    private void admit() {
        while (!waiting.isEmpty() && makeRoom(waiting.first())) {
            Sequence sequence = waiting.removeFirst();
            reserve(sequence, sequence.size());
            running.add(sequence);
        }
    }

    /** Whether a place and blocks for all tokens of a sequence are there, if need be after pre-empting others of a lower priority. It has taken over the blocks that it found then. */
    private boolean makeRoom(Sequence sequence) {
        int adopted = sequence.adopt(pool);
        if (!canFit(sequence)) {
            sequence.startOver(pool);
            return false;
        }
        cachedTokens += adopted;
        while (!fits(sequence)) {
            preempt(running.last());
        }
        return true;
    }

    private boolean fits(Sequence sequence) {
        return running.size() < maxRunning && blocksMissing(sequence) + running.size() <= pool.available();
    }

    /** Whether the sequence would fit with none running but those that it must not pre-empt; blocks that are shared count as if they stayed. */
    private boolean canFit(Sequence sequence) {
        int places = maxRunning - running.size();
        int blocks = pool.available() - running.size();
        for (Sequence other : running.descendingSet()) {
            if (places > 0 && blocks >= blocksMissing(sequence)) {
                return true;
            }
            if (other.priority() >= sequence.priority()) {
                return false;
            }
            places++;
            blocks += 1 + other.unsharedBlocks(pool);
        }
        return places > 0 && blocks >= blocksMissing(sequence);
    }

    private int blocksMissing(Sequence sequence) {
        return pool.blocksFor(sequence.size()) - sequence.blockCount();
    }

    private void preempt(Sequence sequence) {
        preemptions++;
        sequence.startOver(pool);
        running.remove(sequence);
        waiting.add(sequence);
    }

    // ---- what a step computes

    /** Adds every running sequence that has one token left to read, and gives those that have more. */
    private List<Sequence> planDecoding(List<Work> batch) {
        Map<Sequence, Drafter.Draft> drafts = drafts();
        List<Sequence> prompts = new ArrayList<>();
        for (Sequence sequence : List.copyOf(running)) {
            // Serving one may have pre-empted others, which come later in the order.
            if (!running.contains(sequence)) {
                break;
            }
            cachedTokens += sequence.adopt(pool);
            Drafter.Draft draft = affordable(sequence, drafts.getOrDefault(sequence, Drafter.Draft.NONE));
            if (sequence.remaining() > 1) {
                prompts.add(sequence);
            } else if (reserve(sequence, sequence.size() + draft.tokens().length)) {
                batch.add(work(sequence, 1, draft));
            }
        }
        return prompts;
    }

    /** A guess is not worth pre-empting anybody: it leaves a block for each that runs. */
    private Drafter.Draft affordable(Sequence sequence, Drafter.Draft draft) {
        int missing = pool.blocksFor(sequence.size() + draft.tokens().length) - sequence.blockCount();
        boolean fits = missing <= 0 || missing + running.size() <= pool.available();
        return fits ? draft : Drafter.Draft.NONE;
    }

    /** Guesses for the sequences that are being answered. */
    private Map<Sequence, Drafter.Draft> drafts() {
        if (draftTokens == 0) {
            return Map.of();
        }
        List<Sequence> answered = running.stream()
                .filter(sequence -> sequence.remaining() == 1 && sequence.written() > 0)
                .toList();
        List<Drafter.Draft> drafts;
        try {
            drafts = drafter.draft(answered, draftTokens);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "guessing failed; texts go on without", e);
            draftTokens = 0;
            return Map.of();
        }
        Map<Sequence, Drafter.Draft> bySequence = new HashMap<>();
        for (int i = 0; i < answered.size(); i++) {
            bySequence.put(answered.get(i), drafts.get(i));
        }
        return bySequence;
    }

    /**
     * Shares out the tokens of prompts that this step may read: by priority, equally within one, and what short prompts leave to the longer ones. Whoever comes next to a block that
     * another is about to read waits for it.
     *
     * @return how many these are
     */
    private int planPrompts(List<Sequence> prompts, List<Work> batch) {
        int allowed = budget.next(!batch.isEmpty());
        int left = allowed;
        prompts.sort(Comparator.comparingInt((Sequence sequence) -> -sequence.priority())
                .thenComparingInt(Sequence::remaining)
                .thenComparing(Sequence.ORDER));
        Set<BlockPool.Key> underway = new HashSet<>();
        prompts.removeIf(sequence -> !underway.add(sequence.nextBlock(pool)) && sequence.canAdopt(pool));
        for (int i = 0; i < prompts.size() && left > 0; i++) {
            Sequence sequence = prompts.get(i);
            long equals = prompts.stream()
                    .skip(i)
                    .filter(other -> other.priority() == sequence.priority())
                    .count();
            int share = (int) Math.min(left, Math.max(LEAST_SHARE, left / equals));
            int count = Math.min(share, sequence.remaining());
            batch.add(work(sequence, count, Drafter.Draft.NONE));
            left -= count;
        }
        return allowed - left;
    }

    private static Work work(Sequence sequence, int count, Drafter.Draft draft) {
        int[] tokens = sequence.next(count, draft.tokens());
        int logitRows = count == sequence.remaining() ? 1 + draft.tokens().length : 0;
        ModelRunner.Chunk chunk =
                new ModelRunner.Chunk(tokens, sequence.computed(), sequence.blocks(), logitRows, sequence.adapter());
        return new Work(sequence, count, draft, chunk);
    }

    /**
     * Takes blocks until the sequence has room for {@code positions} and the next to be written is its own, if need be from the last of the order.
     *
     * @return whether it still runs: it may be the last itself
     */
    private boolean reserve(Sequence sequence, int positions) {
        while (!sequence.hasRoom(positions, pool)) {
            int block = takeFor(sequence);
            if (block < 0) {
                return false;
            }
            sequence.addBlock(block);
        }
        if (sequence.writesToShared(pool)) {
            int block = takeFor(sequence);
            if (block < 0) {
                return false;
            }
            sequence.replaceShared(block, runner, pool);
        }
        return true;
    }

    private int takeFor(Sequence sequence) {
        int block = pool.take();
        while (block < 0) {
            Sequence last = running.last();
            preempt(last);
            if (last.equals(sequence)) {
                return -1;
            }
            block = pool.take();
        }
        return block;
    }

    // ---- computing

    private void compute(List<Work> batch) {
        List<float[]> logits;
        try {
            logits = runner.run(batch.stream().map(Work::chunk).toList());
        } catch (RuntimeException e) {
            batch.forEach(work -> fail(work.sequence, e));
            return;
        }
        int row = 0;
        for (Work work : batch) {
            int rows = work.chunk.logitRows();
            work.sequence.advance(work.count, pool);
            if (rows > 0) {
                write(work, logits.subList(row, row + rows));
            }
            row += rows;
        }
    }

    private void measure(long began, int prompts) {
        long nanos = nanoTime.getAsLong() - began;
        lastStep = Duration.ofNanos(nanos);
        steps++;
        promptTokens += prompts;
        if (prompts > 0) {
            budget.measured(prompts, nanos);
        }
    }

    /** The next token of a sequence and the first of its siblings; or several, as far as they were guessed. */
    private void write(Work work, List<float[]> logits) {
        Sequence sequence = work.sequence;
        List<Sequence> siblings = sequence.detachSiblings();
        List<Sequence> begun = new ArrayList<>();
        for (Sequence sibling : siblings) {
            if (running.size() < maxRunning) {
                sibling.shareAllOf(sequence, pool);
                running.add(sibling);
                begun.add(sibling);
            } else {
                waiting.add(sibling);
            }
        }
        int[] guesses = work.draft.tokens();
        for (int i = 0; i < guesses.length; i++) {
            int place = i;
            boolean goesOn = write(sequence, () -> sequence.verify(logits.get(place), work.draft, place, endIds));
            if (!goesOn || sequence.lastToken() != guesses[i]) {
                return;
            }
            sequence.advance(1, pool);
        }
        write(sequence, () -> sequence.write(logits.getLast(), endIds));
        begun.forEach(sibling -> write(sibling, () -> sibling.write(logits.getLast(), endIds)));
    }

    /** Lets a sequence write a token, unless it is not wanted any more, and tells whether it goes on. */
    private boolean write(Sequence sequence, Supplier<@Nullable FinishReason> token) {
        if (endIfUnwanted(sequence)) {
            return false;
        }
        try {
            FinishReason reason = token.get();
            generatedTokens++;
            if (reason != null) {
                finish(sequence, reason);
            }
            return reason == null;
        } catch (RuntimeException e) {
            fail(sequence, e);
            return false;
        }
    }

    // ---- ends

    /** Ends all, the engine being closed. */
    void cancelAll() {
        for (TreeSet<Sequence> place : List.of(running, waiting)) {
            List.copyOf(place).forEach(sequence -> finish(sequence, FinishReason.CANCELLED));
        }
    }

    /** Ends all, the engine having failed. */
    void failAll(RuntimeException failure) {
        for (TreeSet<Sequence> place : List.of(running, waiting)) {
            List.copyOf(place).forEach(sequence -> fail(sequence, failure));
        }
    }

    private void finish(Sequence sequence, FinishReason reason) {
        end(sequence, ended -> ended.finish(reason));
    }

    private void fail(Sequence sequence, RuntimeException failure) {
        end(sequence, ended -> ended.fail(failure));
    }

    /** Frees what a sequence holds, and tells it of the end, and its siblings that have not begun. */
    private void end(Sequence sequence, Consumer<Sequence> end) {
        sequence.releaseBlocks(pool);
        running.remove(sequence);
        waiting.remove(sequence);
        List<Sequence> ended = new ArrayList<>(List.of(sequence));
        ended.addAll(sequence.detachSiblings());
        for (Sequence each : ended) {
            unfinished.decrementAndGet();
            try {
                end.accept(each);
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.WARNING, "a listener failed when it was told of its generation's end", e);
            }
        }
    }
}
