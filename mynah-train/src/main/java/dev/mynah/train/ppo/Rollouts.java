package dev.mynah.train.ppo;

import dev.mynah.engine.Engine;
import dev.mynah.engine.EngineOptions;
import dev.mynah.engine.Engines;
import dev.mynah.engine.FinishReason;
import dev.mynah.engine.GenerationListener;
import dev.mynah.engine.GenerationRequest;
import dev.mynah.engine.SamplingOptions;
import dev.mynah.engine.TokenLogProb;
import dev.mynah.engine.Usage;
import dev.mynah.model.Transformer;
import dev.mynah.tensor.DType;
import dev.mynah.text.Tokenizer;
import dev.mynah.train.chat.EncodedPrompt;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Lets a model answer many prompts at once, over its weights as they are now: an engine is opened for each batch, so that no keys and values of older weights are left in its cache.
 *
 * @param endIds tokens that end a text
 * @param endId the one of them that ends a turn
 * @param compute element type of the computation, where the parameters are not in fp32 on a CPU
 * @param context the most tokens of a prompt with its answer
 * @param maxTokens the most tokens of an answer
 * @param temperature at which every token of the distribution may be sampled
 */
public record Rollouts(
        Transformer model,
        Tokenizer tokenizer,
        Set<Integer> endIds,
        int endId,
        DType compute,
        int context,
        int maxTokens,
        double temperature) {

    /** Answers at once; the rest wait. */
    private static final int RUNNING = 64;

    public Rollouts {
        endIds = Set.copyOf(endIds);
    }

    /**
     * One answer to each prompt, in their order.
     *
     * @param seed the same seed gives the same answers, but for rounding: which answers are computed together depends on the time that takes
     */
    public List<Rollout> answer(List<EncodedPrompt> prompts, long seed) throws IOException {
        SplittableRandom seeds = new SplittableRandom(seed);
        List<Listener> listeners = new ArrayList<>();
        EngineOptions options = new EngineOptions(Math.clamp(prompts.size(), 1, RUNNING), prompts.size(), 0);
        try (Engine engine = Engines.over(model, tokenizer, endIds, compute, options)) {
            for (EncodedPrompt prompt : prompts) {
                SamplingOptions sampling = SamplingOptions.builder()
                        .maxTokens(Math.min(maxTokens, context - prompt.ids().length))
                        .temperature(temperature)
                        .seed(seeds.nextLong())
                        .build();
                Listener listener = new Listener();
                listeners.add(listener);
                engine.submit(new GenerationRequest(prompt.ids(), sampling, "", 0, null), listener);
            }
            List<Rollout> rollouts = new ArrayList<>();
            for (int i = 0; i < listeners.size(); i++) {
                rollouts.add(rollout(prompts.get(i), listeners.get(i).await()));
            }
            return rollouts;
        }
    }

    private Rollout rollout(EncodedPrompt prompt, Written written) {
        int[] ids = prompt.ids();
        int[] answer = written.tokens().stream().mapToInt(Integer::intValue).toArray();
        int[] row = Arrays.copyOf(ids, ids.length + answer.length);
        System.arraycopy(answer, 0, row, ids.length, answer.length);
        return new Rollout(prompt, row, written.text(), written.lengths(), answer[answer.length - 1] == endId);
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Written(List<Integer> tokens, String text, int[] lengths) {}

    /** Collects what the engine tells from its own thread. */
    private static final class Listener implements GenerationListener {
        private final List<Integer> tokens = new ArrayList<>();
        private final List<Integer> lengths = new ArrayList<>();
        private final StringBuilder text = new StringBuilder();
        private final CompletableFuture<Written> done = new CompletableFuture<>();

        @Override
        public void onToken(int token, String shown, @Nullable TokenLogProb logProb) {
            tokens.add(token);
            text.append(shown);
            lengths.add(text.length());
        }

        @Override
        public void onFinish(String rest, FinishReason reason, Usage usage) {
            text.append(rest);
            lengths.set(lengths.size() - 1, text.length());
            int[] after = lengths.stream().mapToInt(Integer::intValue).toArray();
            done.complete(new Written(List.copyOf(tokens), text.toString(), after));
        }

        @Override
        public void onFailure(RuntimeException failure, Usage usage) {
            done.completeExceptionally(failure);
        }

        Written await() {
            try {
                return done.join();
            } catch (CompletionException e) {
                throw new IllegalStateException("the engine failed: " + e.getCause(), e);
            }
        }
    }
}
