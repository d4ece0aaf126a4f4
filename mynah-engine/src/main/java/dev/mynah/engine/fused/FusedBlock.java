package dev.mynah.engine.fused;

import dev.mynah.model.ModelConfig;
import dev.mynah.model.NormPlacement;
import java.util.List;
import java.util.stream.IntStream;
import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;

/** One block, bound to the columns it works on. */
final class FusedBlock {
    private final ModelConfig config;
    private final int index;
    private final int window;
    private final Layers.Block layer;
    private final State state;
    private final @Nullable Rotation rotation;
    private final boolean postNorm;
    private final Projection qkv;
    private final Projection attentionOutput;
    private final InnerProjection inner;
    private final Projection down;

    /**
     * What all blocks compute on.
     *
     * @param residual  {@code [tokens, width]}
     * @param normed    {@code [tokens, width]}: what a sub-layer reads, and what it gives where that has a norm of its own
     * @param query     {@code [tokens, queryWidth]}, as {@code attended} is
     * @param key       {@code [tokens, kvWidth]}, as {@code value} is
     * @param hidden    {@code [tokens, hidden]}, as {@code gate} is
     * @param attention one for each worker
     */
    record State(
            Workspace workspace,
            Columns residual,
            Columns normed,
            Columns query,
            Columns key,
            Columns value,
            Columns attended,
            Columns hidden,
            Columns gate,
            PagedCache cache,
            List<Attention> attention) {

        static State of(ModelConfig config, Workspace workspace, PagedCache cache, int tokens) {
            List<Attention> attention = IntStream.range(0, workspace.pool.threads())
                    .mapToObj(i -> new Attention(config, cache))
                    .toList();
            return new State(
                    workspace,
                    new Columns(tokens, config.width()),
                    new Columns(tokens, config.width()),
                    new Columns(tokens, config.queryWidth()),
                    new Columns(tokens, config.kvWidth()),
                    new Columns(tokens, config.kvWidth()),
                    new Columns(tokens, config.queryWidth()),
                    new Columns(tokens, config.hidden()),
                    new Columns(tokens, config.hidden()),
                    cache,
                    attention);
        }
    }

    FusedBlock(ModelConfig config, int index, Layers.Block layer, State state, @Nullable Rotation rotation) {
        this.config = config;
        this.index = index;
        this.layer = layer;
        this.state = state;
        this.rotation = rotation;
        window = config.layer(index).window();
        postNorm = config.normPlacement() == NormPlacement.POST;
        Workspace workspace = state.workspace;
        Columns input = postNorm ? state.residual : state.normed;
        qkv = new Projection(workspace, input, layer.qkv(), List.of(state.query, state.key, state.value), false);
        attentionOutput = output(state.attended, layer.attentionOutput(), layer.attentionOutNorm());
        inner = new InnerProjection(
                workspace, config.activation(), input, layer.up(), layer.gate(), state.hidden, state.gate);
        down = output(state.hidden, layer.down(), layer.mlpOutNorm());
    }

    /** The last projection of a sub-layer, which adds to the residual stream itself unless a norm comes between. */
    private Projection output(Columns input, Linear linear, @Nullable Normalization norm) {
        Columns output = norm == null ? state.residual : state.normed;
        return new Projection(state.workspace, input, List.of(linear), List.of(output), norm == null);
    }

    /** Adds what the block computes to the residual stream. */
    void forward(Pass pass) {
        int tokens = pass.tokens();
        Columns residual = state.residual;
        if (!postNorm) {
            norm(layer.attentionNorm(), residual, state.normed, tokens);
        }
        qkv.run(tokens);
        state.workspace.forEachToken(tokens, token -> remember(pass, token));
        attend(pass);
        attentionOutput.run(tokens);
        addNormed(layer.attentionOutNorm(), tokens);
        if (postNorm) {
            norm(layer.attentionNorm(), residual, residual, tokens);
        } else {
            norm(layer.mlpNorm(), residual, state.normed, tokens);
        }
        inner.run(tokens);
        down.run(tokens);
        addNormed(layer.mlpOutNorm(), tokens);
        if (postNorm) {
            norm(layer.mlpNorm(), residual, residual, tokens);
        }
    }

    private void norm(Normalization norm, Columns from, Columns to, int tokens) {
        state.workspace.forEachToken(tokens, token -> norm.apply(from.values[token], to.values[token]));
    }

    private void addNormed(@Nullable Normalization norm, int tokens) {
        if (norm == null) {
            return;
        }
        state.workspace.forEachToken(tokens, token -> {
            float[] output = state.normed.values[token];
            norm.apply(output, output);
            float[] residual = state.residual.values[token];
            for (int i = 0; i < residual.length; i += Lanes.LENGTH) {
                FloatVector sum = Lanes.floats(residual, i).add(Lanes.floats(output, i));
                sum.intoArray(residual, i);
            }
        });
    }

    /** Normalises and rotates a token's queries and keys, and writes its keys and values into the cache. */
    private void remember(Pass pass, int token) {
        float[] query = state.query.values[token];
        float[] key = state.key.values[token];
        int headDim = config.headDim();
        for (int head = 0; head < config.heads(); head++) {
            turn(layer.queryNorm(), token, query, head * headDim);
        }
        float scale = (float) config.attention().scale();
        for (int i = 0; i < config.queryWidth(); i++) {
            query[i] *= scale;
        }
        int block = pass.block(token);
        int slot = pass.position(token) % PagedCache.BLOCK_TOKENS;
        for (int head = 0; head < config.kvHeads(); head++) {
            turn(layer.keyNorm(), token, key, head * headDim);
            state.cache.write(index, block, slot, head, key, state.value.values[token], head * headDim);
        }
    }

    private void turn(@Nullable Normalization norm, int token, float[] values, int at) {
        if (norm != null) {
            norm.applyToHead(values, at);
        }
        if (rotation != null) {
            rotation.apply(token, values, at);
        }
    }

    private void attend(Pass pass) {
        List<Pass.Piece> pieces = pass.pieces();
        int kvHeads = config.kvHeads();
        state.workspace.pool.run(
                (chunk, worker) -> {
                    Attention attention = state.attention.get(worker);
                    Pass.Piece piece = pieces.get(chunk / kvHeads);
                    attention.attend(index, chunk % kvHeads, state.query, state.attended, piece, window);
                },
                pieces.size() * kvHeads);
    }
}
