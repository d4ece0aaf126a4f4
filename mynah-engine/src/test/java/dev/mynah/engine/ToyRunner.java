package dev.mynah.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * A model without weights: its logits are a hash of all tokens of the sequence, which it reads from the blocks that it is given. A wrong block, a token written to the wrong place or not
 * written at all changes everything that follows.
 */
final class ToyRunner implements ModelRunner {
    static final int VOCAB = 24;
    static final int END = 7;

    private final int context;
    private final int blockTokens;
    private final int[][] cache;
    private final float noise;
    private Consumer<List<Chunk>> beforeRun = batch -> {};
    int tokens;
    boolean closed;

    ToyRunner(int context, int blockTokens, int blocks) {
        this(context, blockTokens, blocks, 0);
    }

    /** As the other constructor, with logits that differ from the others' by up to {@code noise}: a model that guesses. */
    ToyRunner(int context, int blockTokens, int blocks, float noise) {
        this.noise = noise;
        this.context = context;
        this.blockTokens = blockTokens;
        cache = new int[blocks][blockTokens];
        for (int[] block : cache) {
            Arrays.fill(block, -1);
        }
    }

    /** Runs before each pass, and may fail it. */
    void beforeRun(Consumer<List<Chunk>> action) {
        beforeRun = action;
    }

    /** The logits that follow {@code tokens[0..length)}, the same for every instance. */
    static float[] logits(int[] tokens, int length) {
        long hash = 17;
        for (int i = 0; i < length; i++) {
            hash = mix(hash * 31 + tokens[i] + 1);
        }
        float[] logits = new float[VOCAB];
        for (int id = 0; id < VOCAB; id++) {
            logits[id] = (mix(hash + id) >>> 40) / (float) (1 << 22);
        }
        logits[END] -= 2;
        return logits;
    }

    private static long mix(long value) {
        long z = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    @Override
    public int vocabSize() {
        return VOCAB;
    }

    @Override
    public int context() {
        return context;
    }

    @Override
    public int blockTokens() {
        return blockTokens;
    }

    @Override
    public int blocks() {
        return cache.length;
    }

    @Override
    public List<float[]> run(List<Chunk> batch) {
        beforeRun.accept(batch);
        List<float[]> logits = new ArrayList<>();
        for (Chunk chunk : batch) {
            tokens += chunk.tokens().length;
            for (int i = 0; i < chunk.tokens().length; i++) {
                int position = chunk.start() + i;
                cache[chunk.blocks()[position / blockTokens]][position % blockTokens] = chunk.tokens()[i];
            }
            int end = chunk.start() + chunk.tokens().length;
            if (end > context) {
                throw new IllegalStateException(end + " positions, but the context holds " + context);
            }
            for (int length = end - chunk.logitRows() + 1; length <= end; length++) {
                logits.add(noisy(logits(read(chunk.blocks(), length), length)));
            }
        }
        return logits;
    }

    private float[] noisy(float[] logits) {
        for (int id = 0; id < VOCAB && noise > 0; id++) {
            logits[id] += noise * (mix(Float.floatToIntBits(logits[id])) >>> 40) / (1 << 24);
        }
        return logits;
    }

    private int[] read(int[] blocks, int length) {
        int[] read = new int[length];
        for (int position = 0; position < length; position++) {
            read[position] = cache[blocks[position / blockTokens]][position % blockTokens];
        }
        return read;
    }

    @Override
    public void copyBlock(int from, int to) {
        System.arraycopy(cache[from], 0, cache[to], 0, blockTokens);
    }

    @Override
    public void close() {
        closed = true;
    }
}
