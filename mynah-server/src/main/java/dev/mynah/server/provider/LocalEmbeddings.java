package dev.mynah.server.provider;

import dev.mynah.engine.Embedder;
import dev.mynah.engine.FinishReason;
import dev.mynah.engine.GenerationHandle;
import dev.mynah.engine.PromptTooLongException;
import dev.mynah.engine.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Gives texts their vectors, with a model that is opened when it is first needed. */
final class LocalEmbeddings implements AutoCloseable {
    private final Supplier<Embedder> opener;
    private @Nullable Embedder opened;

    LocalEmbeddings(Supplier<Embedder> opener) {
        this.opener = opener;
    }

    private synchronized Embedder embedder() {
        if (opened == null) {
            opened = opener.get();
        }
        return opened;
    }

    /**
     * Checks texts, or what they are in tokens.
     *
     * @throws PromptTooLongException   if one is too long
     * @throws IllegalArgumentException if one is neither text nor tokens, has none, or some that the model does not know
     */
    PreparedEmbeddings prepare(List<Prompt> inputs) {
        Embedder embedder = embedder();
        List<int[]> tokens =
                inputs.stream().map(input -> tokens(embedder, input)).toList();
        tokens.forEach(embedder::requireReadable);
        return new Prepared(embedder, tokens);
    }

    private static int[] tokens(Embedder embedder, Prompt input) {
        return switch (input) {
            case Prompt.Text text -> embedder.tokens(text.text());
            case Prompt.Tokens tokens ->
                tokens.ids().stream().mapToInt(Integer::intValue).toArray();
            case Prompt.Chat chat -> throw new IllegalArgumentException("a conversation has no embedding");
            case Prompt.Gap gap -> throw new IllegalArgumentException("a gap has no embedding");
        };
    }

    @Override
    public synchronized void close() {
        if (opened != null) {
            opened.close();
        }
    }

    private static final class Prepared implements PreparedEmbeddings {
        private final Embedder embedder;
        private final List<int[]> inputs;
        private final List<float[]> vectors = new ArrayList<>();
        private final AtomicBoolean cancelled = new AtomicBoolean();

        Prepared(Embedder embedder, List<int[]> inputs) {
            this.embedder = embedder;
            this.inputs = inputs;
        }

        @Override
        public int promptTokens() {
            return inputs.stream().mapToInt(ids -> ids.length).sum();
        }

        @Override
        public int width() {
            return embedder.width();
        }

        @Override
        public int maxCompletionTokens() {
            return 0;
        }

        @Override
        public GenerationHandle start(Consumer<GenerationEvent> sink) {
            Thread.ofVirtual().name("embeddings").start(() -> run(sink));
            return () -> cancelled.set(true);
        }

        private void run(Consumer<GenerationEvent> sink) {
            for (int i = 0; i < inputs.size(); i++) {
                Usage usage = new Usage(inputs.get(i).length, 0, 0);
                try {
                    sink.accept(new GenerationEvent.End(i, "", embed(inputs.get(i)), usage));
                } catch (RuntimeException e) {
                    sink.accept(new GenerationEvent.Failure(i, e, usage));
                    return;
                }
            }
        }

        private FinishReason embed(int[] ids) {
            try {
                vectors.add(embedder.embed(ids, cancelled::get));
                return FinishReason.STOP;
            } catch (CancellationException e) {
                return FinishReason.CANCELLED;
            }
        }

        /** {@inheritDoc} The queue of the events that told of the ends orders these writes before. */
        @Override
        public List<float[]> vectors() {
            return vectors;
        }
    }
}
