package dev.mynah.engine.fused;

import dev.mynah.model.ModelConfig;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** One block, bound to the columns it works on. */
final class FusedBlock {
    private final ModelConfig config;
    private final int index;
    private final Layers.Block layer;
    private final State state;
    private final Projection qkv;
    private final Projection attentionOutput;
    private final InnerProjection inner;
    private final Projection down;

    /**
     * What all blocks compute on.
     *
     * @param residual  {@code [tokens, width]}
     * @param normed    {@code [tokens, width]}
     * @param query     {@code [tokens, queryWidth]}, as {@code attended} is
     * @param key       {@code [tokens, kvWidth]}, as {@code value} is
     * @param hidden    {@code [tokens, hidden]}, as {@code gate} is
     * @param rotation  null without rotary positions
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
            @Nullable Rotation rotation,
            PagedCache cache,
            List<Attention> attention) {

        static State of(
                ModelConfig config, Workspace workspace, @Nullable Rotation rotation, PagedCache cache, int tokens) {
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
                    rotation,
                    cache,
                    attention);
        }
    }

    FusedBlock(ModelConfig config, int index, Layers.Block layer, State state) {
        this.config = config;
        this.index = index;
        this.layer = layer;
        this.state = state;
        Columns input = config.postNorm() ? state.residual : state.normed;
        Workspace workspace = state.workspace;
        qkv = new Projection(workspace, input, layer.qkv(), List.of(state.query, state.key, state.value), false);
        attentionOutput = new Projection(
                workspace, state.attended, List.of(layer.attentionOutput()), List.of(state.residual), true);
        inner = new InnerProjection(
                workspace, config.activation(), input, layer.up(), layer.gate(), state.hidden, state.gate);
        down = new Projection(workspace, state.hidden, List.of(layer.down()), List.of(state.residual), true);
    }

    /** Adds what the block computes to the residual stream. */
    void forward(Pass pass) {
        int tokens = pass.tokens();
        Columns residual = state.residual;
        Columns normed = config.postNorm() ? residual : state.normed;
        if (!config.postNorm()) {
            norm(layer.attentionNorm(), residual, normed, tokens);
        }
        qkv.run(tokens);
        state.workspace.forEachToken(tokens, token -> remember(pass, token));
        attend(pass);
        attentionOutput.run(tokens);
        norm(config.postNorm() ? layer.attentionNorm() : layer.mlpNorm(), residual, normed, tokens);
        inner.run(tokens);
        down.run(tokens);
        if (config.postNorm()) {
            norm(layer.mlpNorm(), residual, residual, tokens);
        }
    }

    private void norm(Normalization norm, Columns from, Columns to, int tokens) {
        state.workspace.forEachToken(tokens, token -> norm.apply(from.values[token], to.values[token]));
    }

    /** Normalises and rotates a token's queries and keys, and writes its keys and values into the cache. */
    private void remember(Pass pass, int token) {
        float[] query = state.query.values[token];
        float[] key = state.key.values[token];
        int headDim = config.headDim();
        for (int head = 0; head < config.heads(); head++) {
            turn(layer.queryNorm(), token, query, head * headDim);
        }
        float scale = (float) (1 / Math.sqrt(headDim));
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
        if (state.rotation != null) {
            state.rotation.apply(token, values, at);
        }
    }

    private void attend(Pass pass) {
        List<Pass.Piece> pieces = pass.pieces();
        int kvHeads = config.kvHeads();
        state.workspace.pool.run(
                (chunk, worker) -> {
                    Pass.Piece piece = pieces.get(chunk / kvHeads);
                    state.attention
                            .get(worker)
                            .attend(
                                    index,
                                    chunk % kvHeads,
                                    state.query,
                                    state.attended,
                                    piece.first(),
                                    piece.count(),
                                    piece.position(),
                                    piece.blocks());
                },
                pieces.size() * kvHeads);
    }
}
