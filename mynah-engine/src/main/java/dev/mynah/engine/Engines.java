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
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Opens models to generate with, and chooses how they are computed: by fused kernels on the CPU where those know the network, else by libtorch. */
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
        if (device.isCuda()) {
            return load(path, device, options);
        }
        StoredModel stored = StoredModel.open(path);
        ModelConfig config = stored.weights().config();
        if (!FusedRunner.supports(config)) {
            stored.weights().close();
            return load(path, device, options);
        }
        int blocks =
                blocks(config, options, FusedRunner.BLOCK_TOKENS, FusedRunner.blockBytes(config), memoryForCache());
        int threads = Runtime.getRuntime().availableProcessors();
        TextCodec text = stored.text();
        ModelFactory factory = () -> {
            try {
                return opened(new FusedRunner(stored.weights(), blocks, threads), text);
            } catch (RuntimeException e) {
                stored.weights().close();
                throw e;
            }
        };
        return new Served(text, BatchingEngine.open(factory, options));
    }

    /** Opens a model for libtorch. */
    private static Served load(Path path, Device device, EngineOptions options) throws IOException {
        CompletableFuture<TextCodec> text = new CompletableFuture<>();
        ModelFactory factory = () -> {
            Scope scope = Scope.open();
            try {
                LoadedModel model = LoadedModel.open(path, device);
                ModelConfig config = model.model().config();
                long blockBytes = 2L
                        * config.layers()
                        * config.kvWidth()
                        * model.compute().bytes()
                        * TorchRunner.BLOCK_TOKENS;
                long memory = device.isCuda() ? MOST_CUDA_BYTES : memoryForCache();
                int blocks = blocks(config, options, TorchRunner.BLOCK_TOKENS, blockBytes, memory);
                ModelFactory.Opened opened = opened(new TorchRunner(scope, model, blocks), model.text());
                text.complete(model.text());
                return opened;
            } catch (IOException | RuntimeException e) {
                scope.close();
                throw e;
            }
        };
        Engine engine = BatchingEngine.open(factory, options);
        return new Served(text.join(), engine);
    }

    private static ModelFactory.Opened opened(ModelRunner runner, TextCodec text) {
        return new ModelFactory.Opened(runner, text.tokenizer(), text.endIds());
    }

    /**
     * An engine over a model that the caller keeps, such as one in training, and does not change while the engine is open.
     *
     * @param endIds  tokens that end a text
     * @param compute element type that libtorch computes in, F32 or BF16; the fused kernels compute in F32
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
        if (model.device().isCuda() || model.isAdapted() || !FusedRunner.supports(model.config())) {
            return new TorchRunner(model, compute, blocks(positions, TorchRunner.BLOCK_TOKENS));
        }
        int blocks = blocks(positions, FusedRunner.BLOCK_TOKENS);
        return new FusedRunner(new TransformerWeights(model), blocks, Torch.threads());
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
