package dev.mynah.engine;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;

/**
 * The blocks of a runner's cache: who uses them, and what those hold that nobody uses at the moment.
 *
 * <p>A block is <em>used</em> (sequences refer to it, and their number is counted), <em>cached</em> (nobody refers to it, but its keys and values are those of a known beginning of a
 * text, which may come again) or <em>free</em>. A block is published once it is full. From then on nobody writes to it, and others may share it who begin with the same tokens.
 *
 * <p>What a block holds depends on all tokens before it too. A published block is therefore found by its tenant, the block before it and its own tokens, compared one by one: no hash
 * has to be trusted, and one tenant's blocks cannot be found by another, who could else learn from the time an answer takes what others ask. The block before goes by an identity that is
 * never used again, so that a successor of a block that was evicted is not found when the block's number has come to hold something else.
 *
 * <p>Where no block is free, the cached one that was released longest ago is evicted. Sequences give back their last blocks first, and whoever holds a block holds all before it: of
 * a chain the end always goes before the beginning.
 */
final class BlockPool {
    /** The block before the first. */
    static final long ROOT = 0;

    private final int blockTokens;
    private final int[] references;
    /** Of published blocks, else {@link #ROOT}. */
    private final long[] identities;

    private final Key[] keys;
    private final Map<Key, Integer> published = new HashMap<>();
    /** Published blocks that nobody refers to, the one that was released first at the front. */
    private final LinkedHashSet<Integer> cached = new LinkedHashSet<>();

    private final int[] free;
    private int freeCount;
    private long lastIdentity = ROOT;

    /** What a published block holds. */
    @SuppressWarnings("ArrayRecordComponent") // compared by their content, below
    record Key(String tenant, long before, int[] tokens) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Key(String itsTenant, long itsBefore, int[] itsTokens)
                    && before == itsBefore
                    && tenant.equals(itsTenant)
                    && Arrays.equals(tokens, itsTokens);
        }

        @Override
        public int hashCode() {
            return (tenant.hashCode() * 31 + Long.hashCode(before)) * 31 + Arrays.hashCode(tokens);
        }
    }

    BlockPool(int blocks, int blockTokens) {
        this.blockTokens = blockTokens;
        references = new int[blocks];
        identities = new long[blocks];
        keys = new Key[blocks];
        free = new int[blocks];
        for (int block = blocks - 1; block >= 0; block--) {
            free[freeCount++] = block;
        }
    }

    /** A block for the caller alone, or -1 where all are used. */
    int take() {
        int block;
        if (freeCount > 0) {
            block = free[--freeCount];
        } else if (cached.isEmpty()) {
            return -1;
        } else {
            block = cached.removeFirst();
            published.remove(keys[block]);
            identities[block] = ROOT;
        }
        references[block] = 1;
        return block;
    }

    /** One more sequence refers to a block that is used or cached. */
    void share(int block) {
        if (references[block]++ == 0) {
            cached.remove(block);
        }
    }

    /** One sequence fewer refers to a block. */
    void release(int block) {
        if (references[block] < 1) {
            throw new IllegalStateException("nobody refers to block " + block);
        }
        if (--references[block] > 0) {
            return;
        }
        if (identities[block] == ROOT) {
            free[freeCount++] = block;
        } else {
            cached.add(block);
        }
    }

    /** Whether others refer to a block of the caller's too. */
    boolean isShared(int block) {
        return references[block] > 1;
    }

    /** What a published block is called by those that follow it. */
    long identity(int block) {
        return identities[block];
    }

    /**
     * The published block with the tokens of {@code text} from {@code start} on, or -1.
     *
     * @param before identity of the block before, or {@link #ROOT}
     */
    int find(String tenant, long before, int[] text, int start) {
        Integer block = published.get(key(tenant, before, text, start));
        return block == null ? -1 : block;
    }

    /**
     * Lets others find a full block of the caller's. Where another sequence came first with the same, the caller's is released, and the other one is the caller's from now on.
     *
     * @return the block that the caller uses now
     */
    int publish(int block, String tenant, long before, int[] text, int start) {
        Key key = key(tenant, before, text, start);
        Integer present = published.putIfAbsent(key, block);
        if (present != null) {
            share(present);
            release(block);
            return present;
        }
        keys[block] = key;
        identities[block] = ++lastIdentity;
        return block;
    }

    /** What the block with the tokens of {@code text} from {@code start} on is found by. */
    Key key(String tenant, long before, int[] text, int start) {
        return new Key(tenant, before, Arrays.copyOfRange(text, start, start + blockTokens));
    }

    /** Blocks that {@code tokens} positions take. */
    int blocksFor(int tokens) {
        return Math.ceilDiv(tokens, blockTokens);
    }

    int blockTokens() {
        return blockTokens;
    }

    int size() {
        return references.length;
    }

    int cachedBlocks() {
        return cached.size();
    }

    int freeBlocks() {
        return freeCount;
    }

    int usedBlocks() {
        return size() - available();
    }

    /** Blocks that {@link #take()} can give. */
    int available() {
        return freeCount + cached.size();
    }

    /** How many sequences refer to a block. */
    int references(int block) {
        return references[block];
    }
}
