package dev.mynah.engine;

import dev.mynah.model.Transformer;
import dev.mynah.tensor.DType;
import dev.mynah.tensor.Nn;
import dev.mynah.tensor.Scope;
import dev.mynah.tensor.Tensor;
import dev.mynah.text.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

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
        if (ids.length < 2) {
            throw new IllegalArgumentException(
                    "scoring needs at least 2 tokens, the first only being read; the text has " + ids.length);
        }
        ForwardPass.requireKnown(model.config().vocabSize(), ids);
        int context = model.config().context();
        int stride = Math.max(1, context / 2);
        double sum = 0;
        int target = 1;
        for (int start = 0; target < ids.length; start += stride) {
            int end = Math.min(start + context, ids.length - 1);
            sum += window(ids, start, end, target);
            target = end + 1;
        }
        return sum;
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
