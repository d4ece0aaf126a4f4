package dev.mynah.engine;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One text that an engine reads and writes: its tokens, and the blocks that hold its keys and values. Used by the engine's thread. */
final class Sequence {
    /** Who goes first: the higher priority, then whoever came first. */
    static final Comparator<Sequence> ORDER = Comparator.comparingInt((Sequence sequence) -> -sequence.priority())
            .thenComparingLong(sequence -> sequence.submission.arrival())
            .thenComparingInt(sequence -> sequence.index);

    private final Submission submission;
    private final int index;
    private final GenerationListener listener;
    private final Sampler sampler;
    private final TextWriter writer;
    private final int limit;
    private final int promptLength;

    private int[] tokens;
    private int size;
    private int computed;
    private int[] blocks = new int[8];
    private int blockCount;
    private int publishedBlocks;
    private int cachedTokens;
    private List<Sequence> siblings = List.of();

    /**
     * A text that goes on from a submission's prompt.
     *
     * @param index number of the continuation
     * @param limit the most tokens to write, at least 1
     */
    Sequence(Submission submission, int index, GenerationListener listener, TextWriter writer, int limit) {
        this.submission = submission;
        this.index = index;
        this.listener = listener;
        this.writer = writer;
        this.limit = limit;
        tokens = submission.request().prompt();
        size = tokens.length;
        promptLength = size;
        sampler = new Sampler(submission.request().sampling(), index, limit);
        for (int token : tokens) {
            sampler.observe(token);
        }
    }

    Submission submission() {
        return submission;
    }

    SamplingOptions sampling() {
        return submission.request().sampling();
    }

    int priority() {
        return submission.request().priority();
    }

    // ---- writing

    /**
     * Chooses the next token, and tells the listener of it.
     *
     * @param endIds tokens that end a text
     * @return why the text ends with it, or null if it goes on
     */
    @Nullable
    FinishReason write(float[] logits, Set<Integer> endIds) {
        return write(sampler.sample(logits), logits, endIds);
    }

    /** As {@link #write(float[], Set)}, where the token has been guessed. */
    @Nullable
    FinishReason verify(float[] logits, Drafter.Draft draft, int place, Set<Integer> endIds) {
        int token = sampler.verify(logits, draft.tokens()[place], draft.probabilities(place));
        return write(token, logits, endIds);
    }

    private @Nullable FinishReason write(int token, float[] logits, Set<Integer> endIds) {
        SamplingOptions options = submission.request().sampling();
        sampler.accept(token);
        append(token);
        TokenLogProb logProb = options.topLogProbs() < 0 ? null : Logits.logProb(logits, token, options.topLogProbs());
        listener.onToken(token, writer.write(token), logProb);
        if (writer.stopped() || sampler.isComplete() || (!options.ignoreEos() && endIds.contains(token))) {
            return sampler.isCutShort() ? FinishReason.LENGTH : FinishReason.STOP;
        }
        return written() >= limit ? FinishReason.LENGTH : null;
    }

    private void append(int token) {
        if (size == tokens.length) {
            tokens = Arrays.copyOf(tokens, Math.max(16, 2 * size));
        }
        tokens[size++] = token;
    }

    void finish(FinishReason reason) {
        String rest = writer.finish();
        listener.onFinish(rest, writer.stopped() ? FinishReason.STOP : reason, usage());
    }

    void fail(RuntimeException failure) {
        listener.onFailure(failure, usage());
    }

    private Usage usage() {
        return new Usage(promptLength, cachedTokens, written());
    }

    // ---- tokens

    int size() {
        return size;
    }

    int[] tokens() {
        return Arrays.copyOf(tokens, size);
    }

    int lastToken() {
        return tokens[size - 1];
    }

    /** How many tokens it makes sense to guess, {@code most} at most: the last that may be written needs no check behind it. */
    int draftable(int most) {
        return Math.min(most, limit - written() - 1);
    }

    /** Tokens whose keys and values are in the blocks. */
    int computed() {
        return computed;
    }

    /** Tokens that have to be read before the next can be written. */
    int remaining() {
        return size - computed;
    }

    /** Tokens written. */
    int written() {
        return size - promptLength;
    }

    /** The next {@code count} tokens to read, and {@code guesses} after them. */
    int[] next(int count, int[] guesses) {
        int[] next = Arrays.copyOfRange(tokens, computed, computed + count + guesses.length);
        System.arraycopy(guesses, 0, next, count, guesses.length);
        return next;
    }

    // ---- blocks

    int blockCount() {
        return blockCount;
    }

    /** Blocks that nobody else refers to. */
    int unsharedBlocks(BlockPool pool) {
        return (int) Arrays.stream(blocks, 0, blockCount)
                .filter(block -> !pool.isShared(block))
                .count();
    }

    int[] blocks() {
        return Arrays.copyOf(blocks, blockCount);
    }

    /** Counts tokens as read, and lets others of the tenant find the blocks that they fill. */
    void advance(int count, BlockPool pool) {
        computed += count;
        while ((publishedBlocks + 1) * pool.blockTokens() <= computed) {
            int start = publishedBlocks * pool.blockTokens();
            blocks[publishedBlocks] =
                    pool.publish(blocks[publishedBlocks], submission.prefixes(), lastIdentity(pool), tokens, start);
            publishedBlocks++;
        }
    }

    /**
     * Takes over what others have read of the tokens that come next. One token is always left to read, since the logits behind it are not kept.
     *
     * @return how many tokens need not be read
     */
    int adopt(BlockPool pool) {
        int before = computed;
        int width = pool.blockTokens();
        while (canAdopt(pool)) {
            int found = pool.find(submission.prefixes(), lastIdentity(pool), tokens, computed);
            if (found < 0) {
                break;
            }
            pool.share(found);
            if (publishedBlocks < blockCount) {
                pool.release(blocks[publishedBlocks]);
                blocks[publishedBlocks] = found;
            } else {
                addBlock(found);
            }
            publishedBlocks++;
            computed += width;
        }
        if (written() == 0) {
            cachedTokens += computed - before;
        }
        return computed - before;
    }

    /** Whether the tokens that come next fill a block that others might have read. */
    boolean canAdopt(BlockPool pool) {
        return computed == publishedBlocks * pool.blockTokens() && remaining() > pool.blockTokens();
    }

    /** The block that is being read, or will be next. Equal ones will hold the same. */
    BlockPool.Key nextBlock(BlockPool pool) {
        return pool.key(submission.prefixes(), lastIdentity(pool), tokens, publishedBlocks * pool.blockTokens());
    }

    /** Whether the blocks have room for {@code positions}. */
    boolean hasRoom(int positions, BlockPool pool) {
        return pool.blocksFor(positions) <= blockCount;
    }

    void addBlock(int block) {
        if (blockCount == blocks.length) {
            blocks = Arrays.copyOf(blocks, 2 * blockCount);
        }
        blocks[blockCount++] = block;
    }

    /** Whether the block that is written to next belongs to others too. */
    boolean writesToShared(BlockPool pool) {
        int place = computed / pool.blockTokens();
        return place < blockCount && pool.isShared(blocks[place]);
    }

    /** Gives up the shared block that is written to next for one of its own. */
    void replaceShared(int copy, ModelRunner runner, BlockPool pool) {
        int place = computed / pool.blockTokens();
        runner.copyBlock(blocks[place], copy);
        pool.release(blocks[place]);
        blocks[place] = copy;
    }

    /** Gives back all blocks, the last first. */
    void releaseBlocks(BlockPool pool) {
        while (blockCount > 0) {
            pool.release(blocks[--blockCount]);
        }
        publishedBlocks = 0;
        computed = 0;
    }

    /** Gives back all blocks, to be read again from the beginning. */
    void startOver(BlockPool pool) {
        releaseBlocks(pool);
        if (written() == 0) {
            cachedTokens = 0;
        }
    }

    private long lastIdentity(BlockPool pool) {
        return publishedBlocks == 0 ? BlockPool.ROOT : pool.identity(blocks[publishedBlocks - 1]);
    }

    String adapter() {
        return submission.request().adapter();
    }

    // ---- siblings

    /** Other continuations of the same prompt, which begin when this one has read it. */
    void siblings(List<Sequence> others) {
        siblings = others;
    }

    /** The siblings, who go their own ways from now on. */
    List<Sequence> detachSiblings() {
        List<Sequence> detached = siblings;
        siblings = List.of();
        return detached;
    }

    /** Takes over all that {@code other} has read. */
    void shareAllOf(Sequence other, BlockPool pool) {
        for (int i = 0; i < other.blockCount; i++) {
            pool.share(other.blocks[i]);
            addBlock(other.blocks[i]);
        }
        computed = other.computed;
        publishedBlocks = other.publishedBlocks;
        cachedTokens = other.cachedTokens;
    }
}
