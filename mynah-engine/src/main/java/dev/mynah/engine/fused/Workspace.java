package dev.mynah.engine.fused;

import java.util.ArrayList;
import java.util.List;

/** The workers, and what they compute in. */
final class Workspace implements AutoCloseable {
    private static final int TOKENS_A_CHUNK = 8;

    final WorkerPool pool;
    private final NativeMemory rounded;
    private final List<Scratch> scratch = new ArrayList<>();
    private int many = Integer.MAX_VALUE;

    /**
     * Room for passes of up to {@code tokens} tokens.
     *
     * @param columns the most inputs that a layer has
     */
    Workspace(int threads, int tokens, int columns) {
        pool = new WorkerPool(threads);
        rounded = new NativeMemory(Columns.rounded(tokens, columns));
        for (int i = 0; i < threads; i++) {
            scratch.add(Scratch.of(tokens, columns, rounded));
        }
    }

    /** From how many tokens on layers go through libtorch. */
    int many() {
        return many;
    }

    void setMany(int tokens) {
        many = tokens;
    }

    Scratch scratch(int worker) {
        return scratch.get(worker);
    }

    /** Work on single tokens. */
    interface TokenTask {
        void run(int token);
    }

    /** Runs {@code task} for every token. */
    void forEachToken(int tokens, TokenTask task) {
        pool.run(
                (chunk, worker) -> {
                    int end = Math.min(tokens, (chunk + 1) * TOKENS_A_CHUNK);
                    for (int token = chunk * TOKENS_A_CHUNK; token < end; token++) {
                        task.run(token);
                    }
                },
                Math.ceilDiv(tokens, TOKENS_A_CHUNK));
    }

    /** Rounds the inputs of layers that multiply many tokens. */
    void round(Columns input, int tokens) {
        forEachToken(tokens, token -> input.round(token, rounded));
    }

    @Override
    public void close() {
        pool.close();
        rounded.close();
        scratch.forEach(Scratch::close);
    }
}
