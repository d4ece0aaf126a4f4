package dev.mynah.engine;

import com.sun.management.OperatingSystemMXBean;
import dev.mynah.engine.fused.FusedRunner;
import dev.mynah.model.ModelConfig;
import dev.mynah.model.Transformer;
import dev.mynah.model.weights.TransformerWeights;
import dev.mynah.tensor.DType;
import dev.mynah.tensor.Device;
import dev.mynah.tensor.Scope;
import dev.mynah.tensor.Torch;
import dev.mynah.text.Tokenizer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Opens models to generate with, and chooses how they are computed: by fused kernels on the CPU, by libtorch on a GPU. */
public final class Engines {
    /** Of the machine's memory, the keys and values take at most this part; on a GPU, at most {@link #MOST_CUDA_BYTES}. */
    private static final int MEMORY_PART = 8;

    private static final long MOST_CUDA_BYTES = 2L << 30;

    private Engines() {}

    /** An engine, and how texts become its model's tokens. */
    public record Served(TextCodec text, Engine engine) implements AutoCloseable {
        @Override
        public void close() {
            engine.close();
        }
    }

    /**
     * Opens a folder in the Hugging Face layout, or a {@code .gguf} file. On the CPU the weights stay in the mapped file.
     *
     * @throws IllegalArgumentException if a file is damaged, or not supported
     */
    public static Served open(Path path, Device device, EngineOptions options) throws IOException {
        return open(path, device, options, null);
    }

    /**
     * As {@link #open(Path, Device, EngineOptions)}, with a smaller model that guesses {@link EngineOptions#draftTokens} tokens, which the other checks in one pass. What is written has the same distribution as
     * without it, and is the same where it is not sampled.
     *
     * @param draft a model with the same vocabulary, or null
     */
    public static Served open(Path path, Device device, EngineOptions options, @Nullable Path draft)
            throws IOException {
        CompletableFuture<TextCodec> text = new CompletableFuture<>();
        ModelFactory factory = () -> {
            Opened model = runner(path, device, options);
            text.complete(model.text);
            ModelRunner guesser = null;
            try {
                guesser = draft == null ? null : draft(draft, device, options, model.text);
            } finally {
                if (draft != null && guesser == null) {
                    model.close();
                }
            }
            return new ModelFactory.Opened(model.runner, model.text.tokenizer(), model.text.endIds(), guesser);
        };
        Engine engine = BatchingEngine.open(factory, options);
        return new Served(text.join(), engine);
    }

    /** A model ready to compute, and how texts become its tokens. */
    public record Opened(ModelRunner runner, TextCodec text) implements AutoCloseable {
        @Override
        public void close() {
            runner.close();
        }
    }

    /** Opens a model for the thread that calls, such as for a {@link BeamSearch}; as {@link #open(Path, Device, EngineOptions)}. */
    public static Opened runner(Path path, Device device, EngineOptions options) throws IOException {
        if (device.isCuda()) {
            return torch(path, device, options);
        }
        StoredModel stored = StoredModel.open(path);
        ModelConfig config = stored.weights().config();
        long blockBytes = FusedRunner.blockBytes(stored.weights());
        int blocks = blocks(config, options, FusedRunner.BLOCK_TOKENS, blockBytes, memoryForCache());
        try {
            int threads = Runtime.getRuntime().availableProcessors();
            return new Opened(new FusedRunner(stored.weights(), blocks, threads), stored.text());
        } catch (RuntimeException e) {
            stored.weights().close();
            throw e;
        }
    }

    /** Opens a model for libtorch. */
    private static Opened torch(Path path, Device device, EngineOptions options) throws IOException {
        Scope scope = Scope.open();
        try {
            LoadedModel model = LoadedModel.open(path, device);
            ModelConfig config = model.model().config();
            long blockBytes =
                    2L * config.layers() * config.kvWidth() * model.compute().bytes() * TorchRunner.BLOCK_TOKENS;
            long memory = device.isCuda() ? MOST_CUDA_BYTES : memoryForCache();
            int blocks = blocks(config, options, TorchRunner.BLOCK_TOKENS, blockBytes, memory);
            return new Opened(new TorchRunner(scope, model, blocks), model.text());
        } catch (IOException | RuntimeException e) {
            scope.close();
            throw e;
        }
    }

    private static ModelRunner draft(Path path, Device device, EngineOptions options, TextCodec text)
            throws IOException {
        if (options.draftTokens() == 0) {
            throw new IllegalArgumentException("a draft model needs a number of tokens to guess, at least 1");
        }
        Opened draft = runner(path, device, options);
        if (!sameTokens(draft.text.tokenizer(), text.tokenizer())) {
            draft.close();
            throw new IllegalArgumentException("the draft model " + path
                    + " has other tokens than the model: its guesses would mean something else");
        }
        return draft.runner;
    }

    private static boolean sameTokens(Tokenizer a, Tokenizer b) {
        return a.vocabSize() == b.vocabSize()
                && IntStream.range(0, a.vocabSize()).allMatch(id -> Arrays.equals(a.bytes(id), b.bytes(id)));
    }

    /**
     * An engine over a model that the caller keeps, such as one in training, and does not change while the engine is open.
     *
     * @param endIds  tokens that end a text
     * @param compute element type of the computation, F32 or BF16: on a CPU, in BF16, over copies of the matrices
     */
    public static Engine over(
            Transformer model, Tokenizer tokenizer, Set<Integer> endIds, DType compute, EngineOptions options)
            throws IOException {
        long positions = (long) options.running() * model.config().context();
        return BatchingEngine.open(
                () -> new ModelFactory.Opened(runner(model, compute, positions), tokenizer, endIds), options);
    }

    /** A runner for this thread over a model that the caller keeps, with a cache of at least so many positions. */
    static ModelRunner runner(Transformer model, DType compute, long positions) {
        if (model.device().isCuda() || model.isAdapted()) {
            return new TorchRunner(model, compute, blocks(positions, TorchRunner.BLOCK_TOKENS));
        }
        int blocks = blocks(positions, FusedRunner.BLOCK_TOKENS);
        Scope scope = Scope.open();
        TransformerWeights weights = new TransformerWeights(model.withMatrices(compute), scope);
        try {
            return new FusedRunner(weights, blocks, Torch.threads(), 0);
        } catch (RuntimeException e) {
            weights.close();
            throw e;
        }
    }

    private static int blocks(long positions, int blockTokens) {
        return Math.toIntExact(Math.ceilDiv(positions, blockTokens));
    }

    /** As many as all sequences may need at once, if there is memory for them, and at least one. */
    private static int blocks(
            ModelConfig config, EngineOptions options, int blockTokens, long blockBytes, long memory) {
        long needed = (long) options.running() * Math.ceilDiv(config.context(), blockTokens);
        return (int) Math.clamp(memory / blockBytes, 1, Math.min(needed, Integer.MAX_VALUE));
    }

    private static long memoryForCache() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getTotalMemorySize()
                / MEMORY_PART;
    }
}
