package dev.mynah.train.pretrain;

import dev.mynah.data.TokenShards;
import dev.mynah.tensor.Tensor;
import java.util.SplittableRandom;

/**
 * Rows of {@code context} tokens cut from a corpus one after the other, and the order in which training sees them: every row once an epoch, shuffled by seed and epoch. The order is
 * a function of the seed and the position alone, so that a resumed run needs to know only its step.
 */
final class Batches {

    private final TokenShards shards;
    private final int context;
    private final int endOfDocument;
    private final long seed;
    private final int rows;
    private int[] order = {};
    private long orderEpoch = -1;

    /**
     * @throws IllegalArgumentException if the corpus has not even one row
     */
    Batches(TokenShards shards, int context, int endOfDocument, long seed) {
        this.shards = shards;
        this.context = context;
        this.endOfDocument = endOfDocument;
        this.seed = seed;
        // A row's last target is the first token of the next row.
        this.rows = Math.toIntExact((shards.tokenCount() - 1) / context);
        if (rows < 1) {
            throw new IllegalArgumentException("the corpus has " + shards.tokenCount()
                    + " tokens to train on, fewer than one sequence of " + context + " and its last target");
        }
    }

    int rows() {
        return rows;
    }

    /**
     * Tokens and what is to be predicted from them, on the CPU.
     *
     * @param ids I64 {@code [rows, context]}
     * @param targets I64 {@code [rows * context]}: the token after each of {@code ids}
     * @param documents I64 {@code [rows, context]}: numbers that differ between the documents of a row. The token that ends a document counts to the next one, which it begins.
     * @param positions I64 {@code [rows, context]}: each token's position in its document, counted from the row's start for the first
     * @param boundaries whether any row holds parts of more than one document
     */
    record Batch(Tensor ids, Tensor targets, Tensor documents, Tensor positions, boolean boundaries) {}

    /** Rows {@code [first, first + count)} of the endless shuffled sequence. */
    Batch shuffled(long first, int count) {
        int[] chosen = new int[count];
        for (int i = 0; i < count; i++) {
            chosen[i] = rowAt(first + i);
        }
        return batch(chosen);
    }

    /** Rows {@code [first, first + count)} in the order of the corpus. */
    Batch inOrder(int first, int count) {
        int[] chosen = new int[count];
        for (int i = 0; i < count; i++) {
            chosen[i] = first + i;
        }
        return batch(chosen);
    }

    private int rowAt(long position) {
        long epoch = position / rows;
        if (epoch != orderEpoch) {
            order = permutation(rows, new SplittableRandom(seed).split().nextLong() ^ epoch);
            orderEpoch = epoch;
        }
        return order[(int) (position % rows)];
    }

    /** Fisher-Yates. */
    private static int[] permutation(int n, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }

    private Batch batch(int[] chosen) {
        int count = chosen.length;
        long[] ids = new long[count * context];
        long[] targets = new long[count * context];
        long[] documents = new long[count * context];
        long[] positions = new long[count * context];
        boolean boundaries = false;
        int[] row = new int[context + 1];
        for (int r = 0; r < count; r++) {
            shards.read((long) chosen[r] * context, row, 0, context + 1);
            long document = 0;
            long position = 0;
            for (int t = 0; t < context; t++, position++) {
                if (row[t] == endOfDocument && t > 0) {
                    document++;
                    position = 0;
                    boundaries = true;
                }
                int i = r * context + t;
                ids[i] = row[t];
                targets[i] = row[t + 1];
                documents[i] = document;
                positions[i] = position;
            }
        }
        return new Batch(
                Tensor.of(ids, count, context),
                Tensor.of(targets),
                Tensor.of(documents, count, context),
                Tensor.of(positions, count, context),
                boundaries);
    }
}
