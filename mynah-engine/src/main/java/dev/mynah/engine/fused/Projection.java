package dev.mynah.engine.fused;

import java.util.List;

/** Linear layers that read the same inputs, computed in one task. */
final class Projection implements WorkerPool.Task {
    private final Workspace workspace;
    private final Columns input;
    private final List<Linear> layers;
    private final List<Columns> outputs;
    private final boolean add;
    private int tokens;

    /**
     * Joins layers.
     *
     * @param outputs of each layer
     * @param add     whether the results are added to what is there
     */
    Projection(Workspace workspace, Columns input, List<Linear> layers, List<Columns> outputs, boolean add) {
        this.workspace = workspace;
        this.input = input;
        this.layers = layers;
        this.outputs = outputs;
        this.add = add;
    }

    /** Computes the outputs of the first {@code count} tokens. */
    void run(int count) {
        tokens = count;
        boolean rounded = false;
        int chunks = 0;
        for (Linear layer : layers) {
            rounded |= layer.isRounded(tokens);
            chunks += chunks(layer);
        }
        if (rounded) {
            workspace.round(input, tokens);
        }
        workspace.pool.run(this, chunks);
    }

    private int chunks(Linear layer) {
        return Math.ceilDiv(layer.rows(), layer.chunkRows(tokens, workspace.pool.threads()));
    }

    @Override
    public void run(int chunk, int worker) {
        int within = chunk;
        int index = 0;
        while (within >= chunks(layers.get(index))) {
            within -= chunks(layers.get(index++));
        }
        Linear layer = layers.get(index);
        int rows = layer.chunkRows(tokens, workspace.pool.threads());
        int from = within * rows;
        int to = Math.min(layer.rows(), from + rows);
        layer.apply(input, outputs.get(index), tokens, from, to, add, workspace.scratch(worker));
    }
}
