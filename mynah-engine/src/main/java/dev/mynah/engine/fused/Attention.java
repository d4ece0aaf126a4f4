package dev.mynah.engine.fused;

import dev.mynah.model.ModelConfig;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Scaled dot-product attention of a few tokens of one sequence over its cached keys and values. The tokens' query heads that read the same key head go together, four at a time, and the keys in spans
 * whose scores stay in the fastest cache, with a running maximum and sum (Dao et al. 2022, FlashAttention). Spans begin at fixed positions, so that a token's result does not depend on what
 * is computed beside it. One for each worker.
 */
final class Attention {
    /** Blocks of keys in a span. */
    private static final int SPAN_BLOCKS = 8;

    private static final int SPAN = SPAN_BLOCKS * PagedCache.BLOCK_TOKENS;

    /** Query heads that go together, at most, where one token has not more. */
    private static final int MAX_ROWS = 48;

    private static final int TILE = 4;

    private final PagedCache cache;
    private final int headDim;
    private final int paddedDim;
    private final boolean rounded;
    private final int elementBytes;
    private final int group;
    private final float softCap;

    /** Where each row's query is: its token's column, and the head's first element there. */
    private final float[][] queries;

    private final int[] queryAt;
    private final int[] firstSeen;
    private final int[] endSeen;
    private final float[][] scores;
    private final float[][] sums;
    private final float[] maxima;
    private final float[] totals;

    Attention(ModelConfig config, PagedCache cache) {
        this.cache = cache;
        headDim = config.headDim();
        paddedDim = cache.paddedDim();
        rounded = cache.isRounded();
        elementBytes = cache.elementBytes();
        group = config.heads() / config.kvHeads();
        int rows = Math.ceilDiv(maxTokens(config) * group, TILE) * TILE;
        queries = new float[rows][];
        queryAt = new int[rows];
        firstSeen = new int[rows];
        endSeen = new int[rows];
        softCap = (float) config.attention().softCap();
        scores = new float[rows][SPAN];
        sums = new float[rows][paddedDim];
        maxima = new float[rows];
        totals = new float[rows];
    }

    /** Tokens of a sequence that go together, at most. */
    static int maxTokens(ModelConfig config) {
        return Math.max(1, MAX_ROWS / (config.heads() / config.kvHeads()));
    }

    /**
     * Attends, with one key head.
     *
     * @param query  scaled queries, column by column
     * @param output is given the weighted values
     * @param window keys that a query sees, its own included
     */
    void attend(int layer, int kvHead, Columns query, Columns output, Pass.Piece piece, int window) {
        int first = piece.first();
        int count = piece.count();
        int position = piece.position();
        int rows = count * group;
        int tiled = Math.ceilDiv(rows, TILE) * TILE;
        for (int row = 0; row < tiled; row++) {
            int used = Math.min(row, rows - 1);
            queries[row] = query.values[first + used / group];
            queryAt[row] = (kvHead * group + used % group) * headDim;
            endSeen[row] = position + used / group + 1;
            firstSeen[row] = Math.max(0, endSeen[row] - window);
            maxima[row] = Float.NEGATIVE_INFINITY;
            totals[row] = 0;
            Arrays.fill(sums[row], 0);
        }
        int keys = position + count;
        for (int from = firstSeen[0] / SPAN * SPAN; from < keys; from += SPAN) {
            span(layer, kvHead, tiled, from, Math.min(SPAN, keys - from), piece.blocks());
        }
        for (int row = 0; row < rows; row++) {
            write(sums[row], 1 / totals[row], output.values[first + row / group], queryAt[row]);
        }
    }

    private void write(float[] sum, float factor, float[] output, int at) {
        for (int i = 0; i < headDim; i++) {
            output[at + i] = sum[i] * factor;
        }
    }

    /** Takes {@code keys} keys from position {@code from} on into account. */
    private void span(int layer, int kvHead, int rows, int from, int keys, int[] blocks) {
        int spanBlocks = Math.ceilDiv(keys, PagedCache.BLOCK_TOKENS);
        int firstBlock = from / PagedCache.BLOCK_TOKENS;
        for (int i = 0; i < spanBlocks; i++) {
            long address = cache.keys(layer, blocks[firstBlock + i], kvHead);
            for (int row = 0; row < rows; row += TILE) {
                score(address, row, i * PagedCache.BLOCK_TOKENS);
            }
        }
        for (int row = 0; row < rows; row++) {
            softmax(
                    row,
                    Math.max(0, firstSeen[row] - from),
                    Math.min(endSeen[row] - from, keys),
                    spanBlocks * PagedCache.BLOCK_TOKENS);
        }
        for (int i = 0; i < spanBlocks; i++) {
            long address = cache.values(layer, blocks[firstBlock + i], kvHead);
            int count = Math.min(PagedCache.BLOCK_TOKENS, keys - i * PagedCache.BLOCK_TOKENS);
            for (int row = 0; row < rows; row += TILE) {
                for (int dim = 0; dim < paddedDim; dim += Lanes.LENGTH) {
                    weigh(address + (long) elementBytes * dim, row, dim, i * PagedCache.BLOCK_TOKENS, count);
                }
            }
        }
    }

    private FloatVector cached(long address) {
        return rounded ? Lanes.bfloat16s(address) : Lanes.floats(address);
    }

    /** The products of four rows with the keys of a block. */
    private void score(long keys, int row, int at) {
        float[] q0 = queries[row];
        float[] q1 = queries[row + 1];
        float[] q2 = queries[row + 2];
        float[] q3 = queries[row + 3];
        int at0 = queryAt[row];
        int at1 = queryAt[row + 1];
        int at2 = queryAt[row + 2];
        int at3 = queryAt[row + 3];
        for (int k = 0; k < PagedCache.BLOCK_TOKENS; k += 2 * Lanes.LENGTH) {
            FloatVector a0 = Lanes.zero(), a1 = a0, a2 = a0, a3 = a0;
            FloatVector b0 = a0, b1 = a0, b2 = a0, b3 = a0;
            long address = keys + (long) elementBytes * k;
            long next = (long) elementBytes * Lanes.LENGTH;
            for (int i = 0; i < headDim; i++, address += (long) elementBytes * PagedCache.BLOCK_TOKENS) {
                FloatVector a = cached(address);
                FloatVector b = cached(address + next);
                FloatVector q = Lanes.all(q0[at0 + i]);
                a0 = a.fma(q, a0);
                b0 = b.fma(q, b0);
                q = Lanes.all(q1[at1 + i]);
                a1 = a.fma(q, a1);
                b1 = b.fma(q, b1);
                q = Lanes.all(q2[at2 + i]);
                a2 = a.fma(q, a2);
                b2 = b.fma(q, b2);
                q = Lanes.all(q3[at3 + i]);
                a3 = a.fma(q, a3);
                b3 = b.fma(q, b3);
            }
            int to = at + k;
            a0.intoArray(scores[row], to);
            b0.intoArray(scores[row], to + Lanes.LENGTH);
            a1.intoArray(scores[row + 1], to);
            b1.intoArray(scores[row + 1], to + Lanes.LENGTH);
            a2.intoArray(scores[row + 2], to);
            b2.intoArray(scores[row + 2], to + Lanes.LENGTH);
            a3.intoArray(scores[row + 3], to);
            b3.intoArray(scores[row + 3], to + Lanes.LENGTH);
        }
    }

    /** Turns the scores of a row from {@code first} to {@code last} into weights, and the others, up to {@code end}, into zeros. */
    private void softmax(int row, int first, int last, int end) {
        float[] values = scores[row];
        if (first >= last) {
            Arrays.fill(values, 0, end, 0);
            return;
        }
        if (softCap != 0) {
            Functions.softCap(softCap, values, end);
        }
        Arrays.fill(values, 0, first, Float.NEGATIVE_INFINITY);
        Arrays.fill(values, last, end, Float.NEGATIVE_INFINITY);
        FloatVector greatest = Lanes.floats(values, 0);
        for (int i = Lanes.LENGTH; i < end; i += Lanes.LENGTH) {
            greatest = greatest.max(Lanes.floats(values, i));
        }
        float maximum = Math.max(maxima[row], greatest.reduceLanes(VectorOperators.MAX));
        FloatVector sum = Lanes.zero();
        for (int i = 0; i < end; i += Lanes.LENGTH) {
            FloatVector weight = Functions.exp(Lanes.floats(values, i).sub(maximum));
            weight.intoArray(values, i);
            sum = sum.add(weight);
        }
        Arrays.fill(values, 0, first, 0);
        Arrays.fill(values, last, end, 0);
        if (maxima[row] != maximum) {
            float factor = (float) Math.exp(maxima[row] - maximum);
            totals[row] *= factor;
            float[] weighted = sums[row];
            for (int i = 0; i < paddedDim; i += Lanes.LENGTH) {
                Lanes.floats(weighted, i).mul(factor).intoArray(weighted, i);
            }
            maxima[row] = maximum;
        }
        totals[row] += Lanes.sum(sum);
    }

    /** Adds the weighted values of a block to one vector of four rows' sums. */
    private void weigh(long values, int row, int dim, int at, int count) {
        float[] w0 = scores[row];
        float[] w1 = scores[row + 1];
        float[] w2 = scores[row + 2];
        float[] w3 = scores[row + 3];
        FloatVector s0 = Lanes.floats(sums[row], dim);
        FloatVector s1 = Lanes.floats(sums[row + 1], dim);
        FloatVector s2 = Lanes.floats(sums[row + 2], dim);
        FloatVector s3 = Lanes.floats(sums[row + 3], dim);
        long address = values;
        for (int i = at; i < at + count; i++, address += (long) elementBytes * paddedDim) {
            FloatVector value = cached(address);
            s0 = value.fma(Lanes.all(w0[i]), s0);
            s1 = value.fma(Lanes.all(w1[i]), s1);
            s2 = value.fma(Lanes.all(w2[i]), s2);
            s3 = value.fma(Lanes.all(w3[i]), s3);
        }
        s0.intoArray(sums[row], dim);
        s1.intoArray(sums[row + 1], dim);
        s2.intoArray(sums[row + 2], dim);
        s3.intoArray(sums[row + 3], dim);
    }
}
