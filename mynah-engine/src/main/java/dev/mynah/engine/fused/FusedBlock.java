package dev.mynah.engine.fused;

import dev.mynah.model.ModelConfig;
import dev.mynah.model.NormPlacement;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
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
    private final Columns input;
    private final List<Columns> qkvOutputs;
    private final Projection qkv;
    private final Projection attentionOutput;
    private final @Nullable Dense dense;

    /**
     * What all blocks compute on.
     *
     * @param residual  {@code [tokens, width]}
     * @param normed    {@code [tokens, width]}: what a sub-layer reads, and what it gives where that has a norm of its own
     * @param query     {@code [tokens, queryWidth]}, as {@code attended} is
     * @param key       {@code [tokens, kvWidth]}, as {@code value} is
     * @param hidden    {@code [tokens, hidden]}, as {@code gate} is
     * @param attention one for each worker
     * @param experts   null where no block has any
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
            List<Attention> attention,
            Experts.@Nullable State experts) {

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
                    attention,
                    config.moe() == null ? null : Experts.State.of(config.moe(), config.width(), tokens));
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
        input = postNorm ? state.residual : state.normed;
        qkvOutputs = List.of(state.query, state.key, state.value);
        qkv = new Projection(workspace, input, layer.qkv(), qkvOutputs);
        attentionOutput = output(state.attended, layer.attentionOutput(), layer.attentionOutNorm());
        Layers.FeedForward feedForward = layer.dense();
        dense = feedForward == null
                ? null
                : new Dense(
                        new InnerProjection(
                                workspace,
                                config.activation(),
                                input,
                                feedForward.up(),
                                feedForward.gate(),
                                state.hidden,
                                state.gate),
                        feedForward.gate() == null ? List.of(state.hidden) : List.of(state.gate, state.hidden),
                        output(state.hidden, feedForward.down(), layer.mlpOutNorm()));
    }

    /** The last projection of a sub-layer, which adds to the residual stream itself unless a norm comes between. */
    private Projection output(Columns columns, Linear linear, @Nullable Normalization norm) {
        Columns output = norm == null ? state.residual : state.normed;
        return new Projection(state.workspace, columns, List.of(linear), List.of(output));
    }

    /** Adds what the block computes to the residual stream. */
    void forward(Pass pass) {
        int tokens = pass.tokens();
        Columns residual = state.residual;
        if (!postNorm) {
            norm(layer.attentionNorm(), residual, state.normed, tokens);
        }
        qkv.run(tokens, update(pass, Adapter.Block::qkv, input, qkvOutputs, false));
        state.workspace.forEachToken(tokens, token -> remember(pass, token));
        attend(pass);
        project(pass, attentionOutput, Adapter.Block::attentionOutput, state.attended, layer.attentionOutNorm());
        addNormed(layer.attentionOutNorm(), tokens);
        if (postNorm) {
            norm(layer.attentionNorm(), residual, residual, tokens);
        } else {
            norm(layer.mlpNorm(), residual, state.normed, tokens);
        }
        feedForward(pass, tokens);
        addNormed(layer.mlpOutNorm(), tokens);
        if (postNorm) {
            norm(layer.mlpNorm(), residual, residual, tokens);
        }
    }

    /** A plain feed-forward layer, bound to its columns. */
    private record Dense(InnerProjection inner, List<Columns> innerOutputs, Projection down) {}

    private void feedForward(Pass pass, int tokens) {
        if (dense != null) {
            dense.inner.run(tokens, update(pass, Adapter.Block::up, input, dense.innerOutputs, false));
            project(pass, dense.down, Adapter.Block::down, state.hidden, layer.mlpOutNorm());
        } else if (layer.experts() != null && state.experts != null) {
            layer.experts().apply(state, state.experts, input, state.residual, tokens);
        }
    }

    /** The last projection of a sub-layer, with what adapters add. */
    private void project(
            Pass pass,
            Projection projection,
            Function<Adapter.Block, List<Adapter.@Nullable Update>> part,
            Columns columns,
            @Nullable Normalization norm) {
        Columns output = norm == null ? state.residual : state.normed;
        projection.run(pass.tokens(), update(pass, part, columns, List.of(output), norm == null));
    }

    /**
     * Writes what adapters add to the outputs of some layers before these are computed.
     *
     * @param adds whether the layers add their outputs to what is there
     * @return whether they have to now
     */
    private boolean update(
            Pass pass,
            Function<Adapter.Block, List<Adapter.@Nullable Update>> part,
            Columns columns,
            List<Columns> outputs,
            boolean adds) {
        if (!pass.isAdapted()) {
            return adds;
        }
        state.workspace.forEachToken(pass.tokens(), token -> {
            Adapter adapter = pass.adapter(token);
            for (int i = 0; i < outputs.size(); i++) {
                float[] output = outputs.get(i).values[token];
                if (!adds) {
                    Arrays.fill(output, 0);
                }
                Adapter.Update update = adapter == null
                        ? null
                        : part.apply(adapter.blocks().get(index)).get(i);
                if (update != null) {
                    update.apply(columns.values[token], columns.width, output);
                }
            }
        });
        return true;
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
