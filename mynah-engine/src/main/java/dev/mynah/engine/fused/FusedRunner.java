package dev.mynah.engine.fused;

import dev.mynah.engine.ModelRunner;
import dev.mynah.model.ModelConfig;
import dev.mynah.model.MoeOptions;
import dev.mynah.model.Positions;
import dev.mynah.model.RopeOptions;
import dev.mynah.model.weights.WeightSource;
import dev.mynah.tensor.Torch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Computes a decoder on the CPU over the weights as they are stored, quantised or not, of which there is never a whole copy in another format. A few tokens go through kernels that read each
 * weight once; many go through libtorch's matrix products, tile by tile. Between the layers everything is fp32; keys and values are kept in bfloat16.
 *
 * <p>With weights in fp32 all is computed and kept in fp32, and a sequence's logits do not depend on what is computed beside it but for rounding; else products of {@value Linear#MANY} tokens or more round
 * their inputs and results to bfloat16, as soon as so much is multiplied that loading libtorch pays.
 */
public final class FusedRunner implements ModelRunner {
    /** Tokens of one pass; longer input takes several. Its activations stay in the cache that all cores share. */
    private static final int MAX_TOKENS = 512;

    /**
     * Loading libtorch and its classes takes about a second, in which the kernels do so many multiplications of prompts: the prompts of a short conversation with a model of 0.4B parameters, or of a long one with
     * a smaller model, are read sooner without.
     */
    private static final long WORTH_LOADING = 60_000_000_000L;

    /** Positions that a block of the cache holds. */
    public static final int BLOCK_TOKENS = PagedCache.BLOCK_TOKENS;

    private final WeightSource source;
    private final ModelConfig config;
    private final Workspace workspace;
    private final PagedCache cache;
    private final FusedBlock.State state;
    private final Pass pass;
    private final Columns wanted;
    private final Map<RopeOptions, Rotation> rotations = new HashMap<>();
    private final List<float[]> logits = new ArrayList<>();
    private final Map<String, Adapter> adapters = new HashMap<>();
    private final float embeddingScale;
    private final long parameters;
    private final long worthLoading;
    private final boolean rounded;
    private long productWork;
    private Layers layers;
    private List<FusedBlock> blocks;

    /**
     * A runner over {@code source}, which it closes when it is closed.
     *
     * @param cacheBlocks blocks of the cache; their memory is taken as they are first written
     * @param threads     to compute with, the caller's included
     */
    public FusedRunner(WeightSource source, int cacheBlocks, int threads) {
        this(source, cacheBlocks, threads, WORTH_LOADING);
    }

    /** As the other constructor; libtorch is loaded when products of many tokens have taken {@code worthLoading} multiplications: at once with 0. */
    public FusedRunner(WeightSource source, int cacheBlocks, int threads, long worthLoading) {
        this.source = source;
        this.worthLoading = worthLoading;
        config = source.config();
        embeddingScale = (float) config.embeddingScale();
        int tokens = Math.min(MAX_TOKENS, config.context());
        int mostInputs = mostInputs(config);
        layers = Layers.of(source);
        rounded = Layers.areRounded(source);
        parameters = config.parameterCount();
        workspace = new Workspace(threads, tokens, mostInputs);
        cache = new PagedCache(config.layers(), cacheBlocks, config.kvHeads(), config.headDim(), rounded);
        state = FusedBlock.State.of(config, workspace, cache, tokens);
        if (config.positions() == Positions.ROPE) {
            for (int layer = 0; layer < config.layers(); layer++) {
                rotations.computeIfAbsent(
                        config.layer(layer).rope(),
                        rope -> new Rotation(
                                rope, config.headDim(), config.context(), source.interleavedRope(), tokens));
            }
        }
        pass = new Pass(tokens);
        wanted = new Columns(tokens, config.width());
        blocks = bind();
    }

    private static int mostInputs(ModelConfig config) {
        MoeOptions moe = config.moe();
        int ofExperts = moe == null ? 0 : Math.max(moe.hidden(), moe.sharedHidden());
        return Math.max(Math.max(config.hidden(), ofExperts), Math.max(config.width(), config.queryWidth()));
    }

    /** Bytes of a block of the cache. */
    public static long blockBytes(WeightSource source) {
        ModelConfig config = source.config();
        return PagedCache.blockBytes(config.layers(), config.kvHeads(), config.headDim(), Layers.areRounded(source));
    }

    private List<FusedBlock> bind() {
        return IntStream.range(0, config.layers())
                .mapToObj(i -> new FusedBlock(
                        config,
                        i,
                        layers.blocks().get(i),
                        state,
                        rotations.get(config.layer(i).rope())))
                .toList();
    }

    /** Reads anew what is copied from the source: norms, biases and matrices that it has to turn. To be called when the weights of a model in training have changed. */
    public void refresh() {
        layers = Layers.of(source);
        blocks = bind();
    }

    @Override
    public int vocabSize() {
        return config.vocabSize();
    }

    @Override
    public int context() {
        return config.context();
    }

    @Override
    public int blockTokens() {
        return PagedCache.BLOCK_TOKENS;
    }

    @Override
    public int blocks() {
        return cache.blocks();
    }

    @Override
    public List<float[]> run(List<Chunk> chunks) {
        int rows = 0;
        int tokens = 0;
        for (Chunk chunk : chunks) {
            check(chunk);
            tokens += chunk.tokens().length;
            rows += chunk.logitRows();
        }
        while (logits.size() < rows) {
            logits.add(new float[config.vocabSize()]);
        }
        if (tokens < Linear.MANY || !isWorthLibtorch(tokens)) {
            computeAll(chunks);
        } else {
            int threads = Torch.threads();
            try {
                computeAll(chunks);
            } finally {
                Torch.setThreads(threads);
            }
        }
        return List.copyOf(logits.subList(0, rows));
    }

    /** Whether products of many tokens go through libtorch: once the work that it might have done exceeds what loading it costs, from then on. */
    private boolean isWorthLibtorch(int tokens) {
        if (!rounded) {
            return false;
        }
        if (productWork < worthLoading) {
            productWork += tokens * parameters;
        }
        if (productWork >= worthLoading) {
            workspace.setMany(Linear.MANY);
        }
        return productWork >= worthLoading;
    }

    private void computeAll(List<Chunk> chunks) {
        int pieceSize = Attention.maxTokens(config);
        int done = 0;
        pass.clear();
        for (Chunk chunk : chunks) {
            for (int from = 0; from < chunk.tokens().length; ) {
                from = pass.add(chunk, from, pieceSize, adapters.get(chunk.adapter()));
                if (pass.isFull()) {
                    done = compute(done);
                }
            }
        }
        if (pass.tokens() > 0) {
            compute(done);
        }
    }

    /** Computes the pass, whose logits go behind the first {@code done} rows, and empties it. */
    private int compute(int done) {
        workspace.forEachToken(pass.tokens(), this::embed);
        for (FusedBlock block : blocks) {
            block.forward(pass);
        }
        int rows = pass.wanted().size();
        if (rows > 0) {
            for (int i = 0; i < rows; i++) {
                finish(pass.wanted().get(i), i);
            }
            Columns output = new Columns(logits.subList(done, done + rows).toArray(float[][]::new), config.vocabSize());
            new Projection(workspace, wanted, List.of(layers.head()), List.of(output)).run(rows, false);
            if (config.logitSoftCap() != 0) {
                for (float[] row : output.values) {
                    Functions.softCap((float) config.logitSoftCap(), row, row.length);
                }
            }
        }
        pass.clear();
        return done + rows;
    }

    private void embed(int token) {
        float[] column = state.residual().values[token];
        layers.tokens().row(pass.id(token), column);
        if (config.scaledEmbeddings()) {
            for (int i = 0; i < config.width(); i++) {
                column[i] *= embeddingScale;
            }
        }
        Linear positions = layers.positions();
        if (positions != null) {
            float[] position = state.normed().values[token];
            positions.row(pass.position(token), position);
            for (int i = 0; i < config.width(); i++) {
                column[i] += position[i];
            }
        }
        for (Rotation rotation : rotations.values()) {
            rotation.set(token, pass.position(token));
        }
    }

    private void finish(int token, int row) {
        float[] column = state.residual().values[token];
        Normalization norm = layers.finalNorm();
        if (norm == null) {
            System.arraycopy(column, 0, wanted.values[row], 0, column.length);
        } else {
            norm.apply(column, wanted.values[row]);
        }
    }

    @Override
    public void addAdapter(String name, Path folder) throws IOException {
        adapters.put(name, Adapter.load(folder, source));
    }

    @Override
    public void removeAdapter(String name) {
        adapters.remove(name);
    }

    private void check(Chunk chunk) {
        if (!chunk.adapter().isEmpty() && !adapters.containsKey(chunk.adapter())) {
            throw new IllegalArgumentException("there is no adapter " + chunk.adapter());
        }
        int end = chunk.start() + chunk.tokens().length;
        if (chunk.start() < 0 || chunk.tokens().length == 0 || end > config.context()) {
            throw new IllegalArgumentException("a chunk has at least one token, and ends within the context of "
                    + config.context() + " positions; this one is " + chunk.start() + ".." + (end - 1));
        }
        if (chunk.logitRows() < 0 || chunk.logitRows() > chunk.tokens().length) {
            throw new IllegalArgumentException(
                    "a chunk of " + chunk.tokens().length + " tokens has no " + chunk.logitRows() + " rows of logits");
        }
        int needed = Math.ceilDiv(end, PagedCache.BLOCK_TOKENS);
        if (chunk.blocks().length < needed) {
            throw new IllegalArgumentException(
                    end + " positions need " + needed + " blocks, not " + chunk.blocks().length);
        }
        for (int block : chunk.blocks()) {
            requireIndex("block", block, cache.blocks());
        }
        for (int id : chunk.tokens()) {
            requireIndex("token id", id, config.vocabSize());
        }
    }

    private static void requireIndex(String what, int index, int count) {
        if (index < 0 || index >= count) {
            throw new IllegalArgumentException(what + " " + index + " is not one of 0.." + (count - 1));
        }
    }

    @Override
    public void copyBlock(int from, int to) {
        requireIndex("block", from, cache.blocks());
        requireIndex("block", to, cache.blocks());
        cache.copyBlock(from, to);
    }

    @Override
    public void close() {
        workspace.close();
        cache.close();
        source.close();
    }
}
