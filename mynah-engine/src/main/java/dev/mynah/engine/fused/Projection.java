package dev.mynah.engine.fused;

import java.util.List;

/** Linear layers that read the same inputs, computed in one task. */
final class Projection implements WorkerPool.Task {
    private final Workspace workspace;
    private final Columns input;
    private final List<Linear> layers;
    private final List<Columns> outputs;
    private int tokens;
    private boolean add;

    /** Joins layers, of which each has its outputs. */
    Projection(Workspace workspace, Columns input, List<Linear> layers, List<Columns> outputs) {
        this.workspace = workspace;
        this.input = input;
        this.layers = layers;
        this.outputs = outputs;
    }

    /**
     * Computes the outputs of the first {@code count} tokens.
     *
     * @param adding whether the results are added to what is there
     */
    void run(int count, boolean adding) {
        tokens = count;
        add = adding;
        boolean rounded = false;
        int chunks = 0;
        for (Linear layer : layers) {
            rounded |= layer.isRounded(tokens, workspace.many());
            chunks += chunks(layer);
        }
        if (rounded) {
            workspace.round(input, tokens);
        }
        workspace.pool.run(this, chunks);
    }

    private int chunks(Linear layer) {
        return Math.ceilDiv(layer.rows(), layer.chunkRows(tokens, workspace.pool.threads(), workspace.many()));
    }

    @Override
    public void run(int chunk, int worker) {
        int within = chunk;
        int index = 0;
        while (within >= chunks(layers.get(index))) {
            within -= chunks(layers.get(index++));
        }
        Linear layer = layers.get(index);
        int rows = layer.chunkRows(tokens, workspace.pool.threads(), workspace.many());
        int from = within * rows;
        int to = Math.min(layer.rows(), from + rows);
        boolean rounded = layer.isRounded(tokens, workspace.many());
        layer.apply(input, outputs.get(index), tokens, from, to, add, rounded, workspace.scratch(worker));
    }
}
