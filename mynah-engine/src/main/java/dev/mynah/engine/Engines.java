package dev.mynah.engine;

import com.sun.management.OperatingSystemMXBean;
import dev.mynah.model.ModelConfig;
import dev.mynah.tensor.Device;
import dev.mynah.tensor.Scope;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/** Opens models for many users. */
public final class Engines {
    /** Of the machine's memory, the keys and values take at most this part; on a GPU, at most {@link #MOST_CUDA_BYTES}. */
    private static final int MEMORY_PART = 8;

    private static final long MOST_CUDA_BYTES = 2L << 30;

    private Engines() {}

    /**
     * A model and the engine that answers with it.
     *
     * @param model whose parameters belong to the engine, and live as long as it does
     */
    public record Served(LoadedModel model, Engine engine) implements AutoCloseable {
        @Override
        public void close() {
            engine.close();
        }
    }

    /**
     * Opens a folder in the Hugging Face layout.
     *
     * @throws IllegalArgumentException if a file is damaged, or not supported
     */
    public static Served open(Path folder, Device device, EngineOptions options) throws IOException {
        CompletableFuture<LoadedModel> loaded = new CompletableFuture<>();
        Engine engine = BatchingEngine.open(
                () -> {
                    Scope scope = Scope.open();
                    try {
                        LoadedModel model = LoadedModel.open(folder, device);
                        loaded.complete(model);
                        ModelRunner runner = new TorchRunner(scope, model, blocks(model, options));
                        return new ModelFactory.Opened(runner, model.tokenizer(), model.endIds());
                    } catch (IOException | RuntimeException e) {
                        scope.close();
                        throw e;
                    }
                },
                options);
        return new Served(loaded.join(), engine);
    }

    /** As many as all sequences may need at once, if there is memory for them, and at least one. */
    private static int blocks(LoadedModel model, EngineOptions options) {
        ModelConfig config = model.model().config();
        long needed = (long) options.running() * Math.ceilDiv(config.context(), TorchRunner.BLOCK_TOKENS);
        long blockBytes =
                2L * config.layers() * config.kvWidth() * model.compute().bytes() * TorchRunner.BLOCK_TOKENS;
        long bytes = model.model().device().isCuda() ? MOST_CUDA_BYTES : memoryBytes() / MEMORY_PART;
        return (int) Math.clamp(bytes / blockBytes, 1, Math.min(needed, Integer.MAX_VALUE));
    }

    private static long memoryBytes() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getTotalMemorySize();
    }
}
