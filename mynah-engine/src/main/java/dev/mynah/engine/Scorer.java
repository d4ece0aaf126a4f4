package dev.mynah.engine;

import dev.mynah.model.Transformer;
import dev.mynah.tensor.DType;
import dev.mynah.tensor.Nn;
import dev.mynah.tensor.Scope;
import dev.mynah.tensor.Tensor;
import dev.mynah.text.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Measures how probable a model finds a text.
 *
 * <p>A text longer than the context is read in windows of the context's length that begin half a context apart, and each token counts in the first window that predicts it: it has at
 * least half a context before it, or all of the text.
 */
public final class Scorer {
    private final Transformer model;
    private final Tokenizer tokenizer;
    private final DType compute;

    /** A scorer that computes in {@code compute}, F32 or BF16. */
    public Scorer(Transformer model, Tokenizer tokenizer, DType compute) {
        this.model = model;
        this.tokenizer = tokenizer;
        this.compute = compute;
    }

    /**
     * Scores a text whose ids are those that the tokenizer's own post-processor gives.
     *
     * @throws IllegalArgumentException if it has fewer than two tokens
     */
    public Score score(String text) {
        int[] ids = tokenizer.encodeForModel(text);
        double logLikelihood = logLikelihood(ids);
        return new Score(logLikelihood, ids.length - 1, text.getBytes(StandardCharsets.UTF_8).length);
    }

    /** The log-likelihood in nats of all ids but the first. */
    public double logLikelihood(int[] ids) {
        return logLikelihood(ids, 1);
    }

    /**
     * The log-likelihood in nats of the ids from {@code first} on, those before being only read.
     *
     * @param first at least 1
     */
    public double logLikelihood(int[] ids, int first) {
        return windows(ids, first, Integer.MAX_VALUE, (done, all) -> {}).stream()
                .mapToDouble(Window::logLikelihood)
                .sum();
    }

    /**
     * A part of a text that is read at once.
     *
     * @param logLikelihood in nats of the tokens that count in it
     * @param tokens        how many these are
     */
    public record Window(double logLikelihood, int tokens) {}

    /**
     * The windows of all ids but the first.
     *
     * @param most     windows, the first ones
     * @param progress is told after each how many there are, and how many there will be
     */
    public List<Window> windows(int[] ids, int most, Progress progress) {
        return windows(ids, 1, most, progress);
    }

    /** Is told how far the work is. */
    public interface Progress {
        void at(int done, int all);
    }

    private List<Window> windows(int[] ids, int first, int most, Progress progress) {
        if (ids.length <= first) {
            throw new IllegalArgumentException("scoring needs at least " + (first + 1)
                    + " tokens, the first only being read; the text has " + ids.length);
        }
        ForwardPass.requireKnown(model.config().vocabSize(), ids);
        int context = model.config().context();
        int stride = Math.max(1, context / 2);
        int all = Math.min(most, 1 + Math.ceilDiv(Math.max(0, ids.length - 1 - context), stride));
        List<Window> windows = new ArrayList<>();
        int target = first;
        // The first window that reaches the first target ends with what its context has room for.
        for (int start = 0; target < ids.length && windows.size() < most; start += stride) {
            int end = Math.min(start + context, ids.length - 1);
            if (end >= target) {
                windows.add(new Window(window(ids, start, end, target), end + 1 - target));
                target = end + 1;
                progress.at(windows.size(), all);
            }
        }
        return windows;
    }

    /** Reads {@code ids[start..end)}, and sums the log-probabilities of {@code ids[target..end]}. */
    private double window(int[] ids, int start, int end, int target) {
        double[] sum = new double[1];
        try (Scope scope = Scope.open()) {
            ForwardPass pass = new ForwardPass(model, end - start, compute);
            pass.read(Arrays.copyOfRange(ids, start, end), (hidden, offset) -> {
                int firstTarget = start + offset + 1;
                int time = Math.toIntExact(hidden.size(1));
                int skipped = Math.clamp(target - firstTarget, 0, time);
                if (skipped < time) {
                    int[] targets = Arrays.copyOfRange(ids, firstTarget + skipped, firstTarget + time);
                    sum[0] -= loss(hidden.narrow(1, skipped, time - skipped), targets);
                }
            });
        }
        return sum[0];
    }

    private double loss(Tensor hidden, int[] targets) {
        Tensor logits =
                model.logits(hidden).to(DType.F32).reshape(-1, model.config().vocabSize());
        Tensor expected =
                Tensor.of(Arrays.stream(targets).asLongStream().toArray()).to(model.device());
        return Nn.crossEntropySum(logits, expected).item();
    }
}
