package dev.mynah.engine;

import dev.mynah.model.Transformer;
import dev.mynah.tensor.DType;
import dev.mynah.tensor.Scope;
import dev.mynah.text.StreamDecoder;
import dev.mynah.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Continues texts, one at a time. Records no gradients, so the model may be in training meanwhile, between two of its steps.
 */
public final class TextGenerator {
    private final Transformer model;
    private final Tokenizer tokenizer;
    private final Set<Integer> endIds;
    private final DType compute;

    /**
     * A generator.
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
     * is the last.
     *
     * @param onText is given the text in pieces as it comes, never a part of a character; together they are {@link Generation#text()}
     * @throws IllegalArgumentException if the prompt is empty, longer than the model's context, or has ids that the model does not
     */
    public Generation generate(int[] prompt, SamplingOptions options, Consumer<String> onText) {
        requirePrompt(prompt);
        int context = model.config().context();
        int limit = Math.min(options.maxTokens(), context - prompt.length + 1);
        Writer writer = new Writer(options, onText);
        Sampler sampler = new Sampler(options);
        for (int id : prompt) {
            sampler.observe(id);
        }
        try (Scope scope = Scope.open()) {
            ForwardPass pass = new ForwardPass(model, prompt.length + limit - 1, compute);
            float[] logits = pass.next(prompt);
            while (true) {
                int token = sampler.sample(logits);
                sampler.observe(token);
                boolean ended = writer.write(token, logits);
                if (ended || writer.tokens.size() == limit) {
                    return writer.finish(prompt.length, ended ? FinishReason.STOP : FinishReason.LENGTH);
                }
                logits = pass.next(new int[] {token});
            }
        }
    }

    private void requirePrompt(int[] prompt) {
        if (prompt.length == 0) {
            throw new IllegalArgumentException("the prompt is empty: the model needs at least one token to go on from");
        }
        int context = model.config().context();
        if (prompt.length > context) {
            throw new IllegalArgumentException(
                    "the prompt has " + prompt.length + " tokens, but the model's context holds " + context);
        }
        ForwardPass.requireKnown(model, prompt);
    }

    /** Takes the tokens of one generation and makes text of them. */
    private final class Writer {
        private final SamplingOptions options;
        private final Consumer<String> onText;
        private final StreamDecoder decoder = new StreamDecoder(tokenizer, true);
        private final StopStrings stops;
        private final StringBuilder text = new StringBuilder();
        private final List<Integer> tokens = new ArrayList<>();
        private final List<TokenLogProb> logProbs = new ArrayList<>();

        Writer(SamplingOptions options, Consumer<String> onText) {
            this.options = options;
            this.onText = onText;
            stops = new StopStrings(options.stop());
        }

        /** Takes a token and the logits that it was chosen by, and tells whether it ends the text. */
        boolean write(int token, float[] logits) {
            tokens.add(token);
            if (options.topLogProbs() >= 0) {
                logProbs.add(Logits.logProb(logits, token, options.topLogProbs()));
            }
            // A model's vocabulary is often rounded up: ids that the tokenizer does not know have no text.
            if (token < tokenizer.vocabSize()) {
                emit(stops.feed(decoder.feed(token)));
            }
            return stops.found() || (!options.ignoreEos() && endIds.contains(token));
        }

        Generation finish(int promptTokens, FinishReason reason) {
            emit(stops.feed(decoder.flush()));
            FinishReason actual = stops.found() ? FinishReason.STOP : reason;
            emit(stops.flush());
            return new Generation(text.toString(), tokens, logProbs, actual, new Usage(promptTokens, 0, tokens.size()));
        }

        private void emit(String piece) {
            if (!piece.isEmpty()) {
                text.append(piece);
                onText.accept(piece);
            }
        }
    }
}
