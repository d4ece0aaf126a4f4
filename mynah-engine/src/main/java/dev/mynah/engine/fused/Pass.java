package dev.mynah.engine.fused;

import dev.mynah.engine.ModelRunner.Chunk;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tokens that one pass computes: a column for each, chunk after chunk. */
final class Pass {
    private final int[] ids;
    private final int[] positions;
    private final int[] blocks;
    private final @Nullable Adapter[] adapters;
    private final List<Piece> pieces = new ArrayList<>();
    private final List<Integer> wanted = new ArrayList<>();
    private int tokens;
    private boolean adapted;

    /**
     * Tokens of one sequence that attend together.
     *
     * @param first    the first of their columns
     * @param position of the first
     * @param blocks   of the sequence
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Piece(int first, int count, int position, int[] blocks) {}

    /** An empty pass with room for so many tokens. */
    Pass(int capacity) {
        ids = new int[capacity];
        positions = new int[capacity];
        blocks = new int[capacity];
        adapters = new Adapter[capacity];
    }

    void clear() {
        tokens = 0;
        adapted = false;
        pieces.clear();
        wanted.clear();
    }

    boolean isFull() {
        return tokens == ids.length;
    }

    /**
     * Takes tokens of a chunk.
     *
     * @param from      the first of the chunk's tokens that is not taken yet
     * @param pieceSize the most tokens that attend together
     * @param adapter   of the chunk
     * @return how many of the chunk's tokens are taken now
     */
    int add(Chunk chunk, int from, int pieceSize, @Nullable Adapter adapter) {
        adapted |= adapter != null;
        int total = chunk.tokens().length;
        int to = Math.min(total, from + ids.length - tokens);
        for (int i = from; i < to; i += pieceSize) {
            pieces.add(new Piece(tokens + i - from, Math.min(pieceSize, to - i), chunk.start() + i, chunk.blocks()));
        }
        for (int i = from; i < to; i++) {
            if (total - i <= chunk.logitRows()) {
                wanted.add(tokens);
            }
            ids[tokens] = chunk.tokens()[i];
            positions[tokens] = chunk.start() + i;
            adapters[tokens] = adapter;
            blocks[tokens] = chunk.blocks()[(chunk.start() + i) / PagedCache.BLOCK_TOKENS];
            tokens++;
        }
        return to;
    }

    int tokens() {
        return tokens;
    }

    int id(int token) {
        return ids[token];
    }

    int position(int token) {
        return positions[token];
    }

    /** The block that holds the token's position. */
    int block(int token) {
        return blocks[token];
    }

    /** Whether any token has an adapter. */
    boolean isAdapted() {
        return adapted;
    }

    @Nullable
    Adapter adapter(int token) {
        return adapters[token];
    }

    List<Piece> pieces() {
        return pieces;
    }

    /** The columns whose logits are wanted, in order. */
    List<Integer> wanted() {
        return wanted;
    }
}
