package dev.mynah.train.pretrain;

import dev.mynah.data.TokenShards;
import dev.mynah.tensor.Tensor;
import dev.mynah.train.loop.Batch;
import dev.mynah.train.loop.RowOrder;

/**
 * Rows of {@code context} tokens cut from a corpus one after the other, and the order in which training sees them. The token that ends a document counts to the next one, which it
 * begins.
 */
final class Batches {

    private final TokenShards shards;
    private final int context;
    private final int endOfDocument;
    private final int rows;
    private final RowOrder order;

    /**
     * @throws IllegalArgumentException if the corpus has not even one row
     */
    Batches(TokenShards shards, int context, int endOfDocument, long seed) {
        this.shards = shards;
        this.context = context;
        this.endOfDocument = endOfDocument;
        // A row's last target is the first token of the next row.
        this.rows = Math.toIntExact((shards.tokenCount() - 1) / context);
        if (rows < 1) {
            throw new IllegalArgumentException("the corpus has " + shards.tokenCount()
                    + " tokens to train on, fewer than one sequence of " + context + " and its last target");
        }
        this.order = new RowOrder(rows, seed);
    }

    int rows() {
        return rows;
    }

    /** Rows {@code [first, first + count)} of the endless shuffled sequence. */
    Batch shuffled(long first, int count) {
        return batch(order.range(first, count));
    }

    /** Rows {@code [first, first + count)} in the order of the corpus. */
    Batch inOrder(int first, int count) {
        int[] chosen = new int[count];
        for (int i = 0; i < count; i++) {
            chosen[i] = first + i;
        }
        return batch(chosen);
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
