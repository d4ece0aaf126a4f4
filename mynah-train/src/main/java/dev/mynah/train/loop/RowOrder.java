package dev.mynah.train.loop;

import java.util.SplittableRandom;

/**
 * The order in which training sees its rows: every row once an epoch, shuffled by seed and epoch. It is a function of the seed and the position alone, so that a resumed run needs to
 * know only its step.
 */
public final class RowOrder {

    private final int rows;
    private final long seed;
    private int[] order = {};
    private long orderEpoch = -1;

    /** An order of {@code rows} rows, at least one. */
    public RowOrder(int rows, long seed) {
        this.rows = rows;
        this.seed = seed;
    }

    /** The row at {@code position} of the endless sequence. */
    public int at(long position) {
        long epoch = position / rows;
        if (epoch != orderEpoch) {
            order = permutation(rows, new SplittableRandom(seed).split().nextLong() ^ epoch);
            orderEpoch = epoch;
        }
        return order[(int) (position % rows)];
    }

    /** Rows {@code [first, first + count)} of the endless sequence. */
    public int[] range(long first, int count) {
        int[] chosen = new int[count];
        for (int i = 0; i < count; i++) {
            chosen[i] = at(first + i);
        }
        return chosen;
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
}
