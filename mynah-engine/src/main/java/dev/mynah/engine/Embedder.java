package dev.mynah.engine;

import dev.mynah.model.Encoder;
import dev.mynah.model.EncoderConfig;
import dev.mynah.model.Transformer;
import dev.mynah.model.gguf.GgufFile;
import dev.mynah.tensor.Autograd;
import dev.mynah.tensor.DType;
import dev.mynah.tensor.Device;
import dev.mynah.tensor.Scope;
import dev.mynah.tensor.Tensor;
import dev.mynah.text.Tokenizer;
import dev.mynah.text.Tokenizers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Vectors of length 1 that are near to each other where texts mean the same. An encoder gives the mean of its hidden states, a decoder its last one, unless the folder says otherwise
 * ({@code 1_Pooling/config.json} of sentence-transformers). Any thread may ask; one thread computes, one text after the other.
 */
public final class Embedder implements AutoCloseable {
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("mynah-embedder").daemon().factory());
    private final Opened opened;

    /** From tokens to hidden states {@code [1, time, width]}. */
    private interface Network {
        /** @throws CancellationException if {@code cancelled} says so between two pieces of the text */
        Tensor hidden(int[] ids, BooleanSupplier cancelled);
    }

    /** What is known of an open model. */
    private record Opened(
            Scope scope,
            Tokenizer tokenizer,
            int vocabSize,
            int context,
            int width,
            Pooling pooling,
            Network network) {}

    private Embedder(Path path, Device device) throws IOException {
        try {
            opened = on(() -> load(path, device));
        } catch (IOException | RuntimeException e) {
            thread.close();
            throw e;
        }
    }

    /**
     * Opens a folder in the Hugging Face layout with a network of the BERT family or a decoder, or a {@code .gguf} file.
     *
     * @throws IllegalArgumentException if a file is damaged, or not supported
     */
    public static Embedder open(Path path, Device device) throws IOException {
        return new Embedder(path, device);
    }

    private static Opened load(Path path, Device device) throws IOException {
        Scope scope = Scope.open();
        try {
            return !GgufFile.isNamedSo(path) && EncoderConfig.isEncoder(path.resolve("config.json"))
                    ? encoder(scope, path, device)
                    : decoder(scope, path, device);
        } catch (IOException | RuntimeException e) {
            scope.close();
            throw e;
        }
    }

    private static Opened encoder(Scope scope, Path folder, Device device) throws IOException {
        Encoder encoder = Encoder.load(folder, device, DType.F32);
        return new Opened(
                scope,
                Tokenizers.load(folder),
                encoder.config().vocabSize(),
                encoder.config().context(),
                encoder.config().width(),
                Pooling.of(folder, Pooling.MEAN),
                (ids, _) ->
                        encoder.hidden(Tensor.of(ids, 1, ids.length).to(device), new int[] {ids.length}, DType.F32));
    }

    private static Opened decoder(Scope scope, Path path, Device device) throws IOException {
        LoadedModel model = LoadedModel.open(path, device);
        return new Opened(
                scope,
                model.text().tokenizer(),
                model.model().config().vocabSize(),
                model.model().config().context(),
                model.model().config().width(),
                Pooling.of(path, Pooling.LAST),
                (ids, cancelled) -> hidden(model, ids, cancelled));
    }

    /** In pieces, whose scores take little memory. */
    private static Tensor hidden(LoadedModel loaded, int[] ids, BooleanSupplier cancelled) {
        Transformer model = loaded.model();
        DType compute = loaded.compute();
        Tensor hidden = Tensor.empty(
                compute, model.device(), 1, ids.length, model.config().width());
        new ForwardPass(model, ids.length, compute).read(ids, (piece, start) -> {
            hidden.narrow(1, start, piece.size(1)).copy_(piece);
            requireWanted(cancelled);
        });
        return hidden;
    }

    /** The most tokens of a text. */
    public int context() {
        return opened.context();
    }

    /** Numbers of a vector. */
    public int width() {
        return opened.width();
    }

    /** The tokens of a text, with those that the model wants around it. */
    public int[] tokens(String text) {
        return opened.tokenizer().encodeForModel(text);
    }

    /**
     * Checks the tokens of a text.
     *
     * @throws PromptTooLongException   if it has more than the model reads
     * @throws IllegalArgumentException if it has none, or some that the model does not
     */
    public void requireReadable(int[] ids) {
        if (ids.length == 0) {
            throw new IllegalArgumentException("a text without tokens has no embedding");
        }
        if (ids.length > opened.context()) {
            throw new PromptTooLongException(ids.length, opened.context());
        }
        ForwardPass.requireKnown(opened.vocabSize(), ids);
    }

    /**
     * The vector {@code [width]} of a text.
     *
     * @param cancelled asked before the text is begun, and by a decoder after each piece of it; on the thread that computes
     * @throws PromptTooLongException   if it has more tokens than the model reads
     * @throws IllegalArgumentException if it has no tokens, or some that the model does not
     * @throws CancellationException    if it was cancelled
     */
    public float[] embed(int[] ids, BooleanSupplier cancelled) {
        requireReadable(ids);
        try {
            return on(() -> compute(ids, cancelled));
        } catch (IOException e) {
            throw new IllegalStateException("nothing is read any more", e);
        }
    }

    private static void requireWanted(BooleanSupplier cancelled) {
        if (cancelled.getAsBoolean()) {
            throw new CancellationException("the embedding was cancelled");
        }
    }

    private float[] compute(int[] ids, BooleanSupplier cancelled) {
        requireWanted(cancelled);
        try (Scope scope = Scope.open();
                Autograd.Mode mode = Autograd.noGrad()) {
            Tensor pooled = opened.pooling().apply(opened.network().hidden(ids, cancelled));
            return normalized(pooled.to(DType.F32).to(Device.CPU).toFloats());
        }
    }

    /** With length 1. */
    public static float[] normalized(float[] vector) {
        double square = 0;
        for (float value : vector) {
            square += (double) value * value;
        }
        double length = Math.max(Math.sqrt(square), 1e-12);
        float[] normalized = new float[vector.length];
        for (int i = 0; i < vector.length; i++) {
            normalized[i] = (float) (vector[i] / length);
        }
        return normalized;
    }

    /** Lets the thread that has the tensors do something, and waits. */
    private <T> T on(Callable<T> work) throws IOException {
        try {
            return thread.submit(work).get();
        } catch (ExecutionException e) {
            @Nullable Throwable cause = e.getCause();
            switch (cause) {
                case IOException failure -> throw failure;
                case RuntimeException failure -> throw failure;
                case Error failure -> throw failure;
                case null, default -> throw new IllegalStateException(e);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for an embedding", e);
        }
    }

    /** Frees the memory when what runs is done. */
    @Override
    public void close() {
        thread.execute(() -> opened.scope().close());
        thread.close();
    }
}
