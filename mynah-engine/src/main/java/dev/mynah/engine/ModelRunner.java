package dev.mynah.engine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Computes a model over batches that mix the prompts and the decoding of many sequences. Keys and values lie in one cache of equal blocks (Kwon et al. 2023, PagedAttention), which the
 * caller hands out to sequences. Used by one thread.
 */
public interface ModelRunner extends AutoCloseable {

    /** Ids are below this. */
    int vocabSize();

    /** The most positions of one sequence. */
    int context();

    /** Positions that one block of the cache holds. */
    int blockTokens();

    /** Blocks that the cache has, numbered from 0. */
    int blocks();

    /**
     * Computes all chunks in one pass, and writes the keys and values of their tokens into their blocks.
     *
     * @return logits of the last {@link Chunk#logitRows()} tokens of every chunk, chunk by chunk, each {@code [vocabSize]}; the arrays are valid until the next call, and the caller may
     *     write to them
     */
    List<float[]> run(List<Chunk> chunks);

    /**
     * Loads an adapter, which chunks may name from now on.
     *
     * @param folder in the layout of PEFT
     * @throws IllegalArgumentException if it is damaged, or does not fit the model
     */
    default void addAdapter(String name, Path folder) throws IOException {
        throw new UnsupportedOperationException("this runner has no adapters");
    }

    /** Forgets an adapter, which no chunk names any more. */
    default void removeAdapter(String name) {
        throw new UnsupportedOperationException("this runner has no adapters");
    }

    /** Copies the keys and values of a block into another, for a sequence that goes two ways. */
    void copyBlock(int from, int to);

    @Override
    void close();

    /**
     * Tokens of one sequence that follow those in its blocks.
     *
     * @param tokens    at least one id
     * @param start     position of the first: how many tokens of the sequence are in the cache
     * @param blocks    the sequence's blocks in the order of positions, with room for these tokens
     * @param logitRows of how many of the last tokens the logits are wanted: 0 within a prompt, 1 at its end
     * @param adapter   what changes the model for this sequence; empty for the model as it is
     */
    @SuppressWarnings("ArrayRecordComponent") // ids by the thousand; requests are never compared
    record Chunk(int[] tokens, int start, int[] blocks, int logitRows, String adapter) {

        /** Tokens for the model as it is. */
        public Chunk(int[] tokens, int start, int[] blocks, int logitRows) {
            this(tokens, start, blocks, logitRows, "");
        }
    }
}
