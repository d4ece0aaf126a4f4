package dev.mynah.engine;

import dev.mynah.model.Transformer;
import dev.mynah.tensor.DType;
import dev.mynah.text.Tokenizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Continues texts and waits for the end, one at a time. Records no gradients, so the model may be in training meanwhile, between two of its steps. */
public final class TextGenerator {
    private final Transformer model;
    private final Tokenizer tokenizer;
    private final Set<Integer> endIds;
    private final DType compute;

    /**
     * A generator over a model, whose parameters may change between two texts.
     *
     * @param endIds  the tokens that end a text
     * @param compute element type of the computation, F32 or BF16
     */
    public TextGenerator(Transformer model, Tokenizer tokenizer, Set<Integer> endIds, DType compute) {
        this.model = model;
        this.tokenizer = tokenizer;
        this.endIds = Set.copyOf(endIds);
        this.compute = compute;
    }

    /** As {@link #generate(int[], SamplingOptions, Consumer)}, for who reads the text when it is complete. */
    public Generation generate(int[] prompt, SamplingOptions options) {
        return generate(prompt, options, text -> {});
    }

    /**
     * Continues {@code prompt} until the model ends its text, a stop string appears, {@code maxTokens} are generated, or the context is full: the token that follows a full context
     * is the last. An engine with memory for this text alone is opened for it.
     *
     * @param onText is given the text in pieces as it comes, never a part of a character; together they are {@link Generation#text()}
     * @throws IllegalArgumentException if the prompt is empty, longer than the model's context, or has ids that the model does not
     */
    public Generation generate(int[] prompt, SamplingOptions options, Consumer<String> onText) {
        long positions = Math.min(model.config().context(), (long) prompt.length + options.maxTokens());
        ModelFactory opening =
                () -> new ModelFactory.Opened(Engines.runner(model, compute, positions), tokenizer, endIds);
        try (Engine engine = BatchingEngine.open(opening, new EngineOptions(1, 0, 0))) {
            return generate(engine, GenerationRequest.of(prompt, options), onText);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Lets an engine answer a request, and waits for the end.
     *
     * @param onText is called on this thread; if it throws, the request is cancelled
     */
    public static Generation generate(Engine engine, GenerationRequest request, Consumer<String> onText) {
        Mailbox mailbox = new Mailbox();
        GenerationHandle handle = engine.submit(request, mailbox);
        try {
            Collector collector = new Collector(onText);
            while (collector.result == null) {
                mailbox.events.take().accept(collector);
            }
            return collector.result;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for a generation", e);
        } finally {
            handle.cancel();
        }
    }

    /** Brings what the engine's thread tells to the thread that waits. */
    private static final class Mailbox implements GenerationListener {
        private final BlockingQueue<Consumer<Collector>> events = new LinkedBlockingQueue<>();

        @Override
        public void onToken(int token, String text, @Nullable TokenLogProb logProb) {
            events.add(collector -> collector.take(token, text, logProb));
        }

        @Override
        public void onFinish(String text, FinishReason reason, Usage usage) {
            events.add(collector -> collector.finish(text, reason, usage));
        }

        @Override
        public void onFailure(RuntimeException failure, Usage usage) {
            events.add(collector -> {
                throw failure;
            });
        }
    }

    private static final class Collector {
        private final Consumer<String> onText;
        private final StringBuilder text = new StringBuilder();
        private final List<Integer> tokens = new ArrayList<>();
        private final List<TokenLogProb> logProbs = new ArrayList<>();
        private @Nullable Generation result;

        Collector(Consumer<String> onText) {
            this.onText = onText;
        }

        void take(int token, String piece, @Nullable TokenLogProb logProb) {
            tokens.add(token);
            if (logProb != null) {
                logProbs.add(logProb);
            }
            emit(piece);
        }

        void finish(String piece, FinishReason reason, Usage usage) {
            emit(piece);
            result = new Generation(text.toString(), tokens, logProbs, reason, usage);
        }

        private void emit(String piece) {
            if (!piece.isEmpty()) {
                text.append(piece);
                onText.accept(piece);
            }
        }
    }
}
