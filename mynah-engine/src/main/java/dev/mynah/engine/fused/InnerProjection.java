package dev.mynah.engine.fused;

import dev.mynah.model.Activation;
import org.jspecify.annotations.Nullable;

/** The inner part of a feed-forward layer, its non-linearity included, which each worker applies to what it has just computed. */
final class InnerProjection implements WorkerPool.Task {
    private final Workspace workspace;
    private final Activation activation;
    private final Columns input;
    private final Linear up;
    private final @Nullable Linear gate;
    private final Columns output;
    private final Columns gates;
    private int tokens;
    private boolean add;

    /**
     * Joins the layers.
     *
     * @param gate  as many rows as {@code up}, with {@link Activation#SWIGLU}, else null
     * @param gates room for what the gate gives
     */
    InnerProjection(
            Workspace workspace,
            Activation activation,
            Columns input,
            Linear up,
            @Nullable Linear gate,
            Columns output,
            Columns gates) {
        this.workspace = workspace;
        this.activation = activation;
        this.input = input;
        this.up = up;
        this.gate = gate;
        this.output = output;
        this.gates = gates;
    }

    /**
     * Computes the outputs of the first {@code count} tokens.
     *
     * @param adding whether what the layers give is added to what is there, before the non-linearity
     */
    void run(int count, boolean adding) {
        tokens = count;
        add = adding;
        int many = workspace.many();
        if (up.isRounded(tokens, many) || (gate != null && gate.isRounded(tokens, many))) {
            workspace.round(input, tokens);
        }
        workspace.pool.run(this, Math.ceilDiv(up.rows(), chunkRows()));
    }

    private int chunkRows() {
        return up.chunkRows(tokens, workspace.pool.threads(), workspace.many());
    }

    @Override
    public void run(int chunk, int worker) {
        int from = chunk * chunkRows();
        int to = Math.min(up.rows(), from + chunkRows());
        Scratch scratch = workspace.scratch(worker);
        int many = workspace.many();
        up.apply(input, output, tokens, from, to, add, up.isRounded(tokens, many), scratch);
        if (gate != null) {
            gate.apply(input, gates, tokens, from, to, add, gate.isRounded(tokens, many), scratch);
        }
        for (int token = 0; token < tokens; token++) {
            Functions.activate(activation, output.values[token], gates.values[token], from, to);
        }
    }
}
