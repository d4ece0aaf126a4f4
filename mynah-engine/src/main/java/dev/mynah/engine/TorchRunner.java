package dev.mynah.engine;

import dev.mynah.model.LoraFolder;
import dev.mynah.model.PagedKvCache;
import dev.mynah.model.Transformer;
import dev.mynah.tensor.Autograd;
import dev.mynah.tensor.DType;
import dev.mynah.tensor.Scope;
import dev.mynah.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Computes any {@link Transformer}, on any device, with libtorch. Chunks of the same small number of tokens go through the model together; each longer one goes by itself, being a batch
 * in its own right.
 *
 * <p>The parameters may change between two runs, as those of a model in training do.
 */
final class TorchRunner implements ModelRunner {
    static final int BLOCK_TOKENS = 16;
    /** Longer chunks gain nothing from company, and shorter sequences would have to be padded for it. */
    private static final int MOST_TOGETHER = 8;

    private final Transformer model;
    private final DType compute;
    private final int blocks;
    private final Scope scope;
    private final PagedKvCache cache;
    /** The model with each adapter; their parameters live as long as the runner. */
    private final Map<String, Transformer> adapted = new HashMap<>();

    /**
     * A runner for this thread.
     *
     * @param compute element type of the computation, F32 or BF16
     */
    TorchRunner(Transformer model, DType compute, int blocks) {
        this(Scope.open(), model, compute, blocks);
    }

    /** A runner over a model that was loaded in {@code scope}, this thread's innermost, and is freed with the runner. */
    TorchRunner(Scope scope, LoadedModel model, int blocks) {
        this(scope, model.model(), model.compute(), blocks);
    }

    private TorchRunner(Scope scope, Transformer model, DType compute, int blocks) {
        this.model = model;
        this.compute = compute;
        this.blocks = blocks;
        this.scope = scope;
        cache = new PagedKvCache(model.config(), blocks, BLOCK_TOKENS, compute, model.device());
    }

    @Override
    public int vocabSize() {
        return model.config().vocabSize();
    }

    @Override
    public int context() {
        return model.config().context();
    }

    @Override
    public int blockTokens() {
        return BLOCK_TOKENS;
    }

    @Override
    public int blocks() {
        return blocks;
    }

    @Override
    public List<float[]> run(List<Chunk> chunks) {
        IdentityHashMap<Chunk, List<float[]>> logits = new IdentityHashMap<>();
        Map<Alike, List<Chunk>> together = new LinkedHashMap<>();
        for (Chunk chunk : chunks) {
            if (chunk.tokens().length > MOST_TOGETHER) {
                compute(List.of(chunk), logits);
            } else {
                Alike alike = new Alike(chunk.adapter(), chunk.tokens().length);
                together.computeIfAbsent(alike, key -> new ArrayList<>()).add(chunk);
            }
        }
        together.values().forEach(group -> compute(group, logits));
        return chunks.stream()
                .flatMap(chunk -> logits.getOrDefault(chunk, List.of()).stream())
                .toList();
    }

    /** What chunks must have in common to be computed together. */
    private record Alike(String adapter, int length) {}

    private Transformer model(String adapter) {
        Transformer found = adapter.isEmpty() ? model : adapted.get(adapter);
        if (found == null) {
            throw new IllegalArgumentException("there is no adapter " + adapter);
        }
        return found;
    }

    @Override
    public void addAdapter(String name, Path folder) throws IOException {
        LoraFolder.requireBaseVocabulary(folder);
        adapted.put(name, model.with(LoraFolder.load(folder, model.config(), model.device())));
    }

    @Override
    public void removeAdapter(String name) {
        adapted.remove(name);
    }

    /** Computes chunks of equal length and adapter. */
    private void compute(List<Chunk> chunks, IdentityHashMap<Chunk, List<float[]>> logits) {
        int time = chunks.getFirst().tokens().length;
        int[] ids = chunks.stream()
                .flatMapToInt(chunk -> Arrays.stream(chunk.tokens()))
                .toArray();
        List<PagedKvCache.Table> tables = chunks.stream()
                .map(chunk -> new PagedKvCache.Table(chunk.blocks(), chunk.start()))
                .toList();
        int rows = chunks.stream().mapToInt(Chunk::logitRows).max().orElseThrow();
        try (Scope pass = Scope.open();
                Autograd.Mode mode = Autograd.noGrad()) {
            Tensor input = Tensor.of(ids, chunks.size(), time).to(model.device());
            Transformer used = model(chunks.getFirst().adapter());
            Tensor hidden = used.hidden(input, cache.view(tables, time), compute);
            if (rows == 0) {
                return;
            }
            float[] all = model.logits(hidden.narrow(1, time - rows, rows)).toFloats();
            for (int i = 0; i < chunks.size(); i++) {
                logits.put(
                        chunks.get(i), rows(all, (i + 1) * rows, chunks.get(i).logitRows()));
            }
        }
    }

    /** The {@code count} rows that end before row {@code end}. */
    private List<float[]> rows(float[] logits, int end, int count) {
        int width = vocabSize();
        return IntStream.range(end - count, end)
                .mapToObj(row -> Arrays.copyOfRange(logits, row * width, (row + 1) * width))
                .toList();
    }

    @Override
    public void copyBlock(int from, int to) {
        try (Scope copy = Scope.open()) {
            cache.copyBlock(from, to);
        }
    }

    @Override
    public void close() {
        scope.close();
    }
}
