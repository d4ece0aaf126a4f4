package dev.mynah.train.eval;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How tasks are put to a model.
 *
 * @param data           the file to evaluate on; null for the task's own data set
 * @param shots          solved examples before each question; null for as many as is usual for the task
 * @param chainOfThought whether the model is led to reason before it answers, where the task has such a form
 * @param chat           whether prompts go through the model's chat template
 * @param limit          the most records to evaluate, or 0 for all
 * @param samples        answers to each programming task
 * @param passAt         the k of pass@k, each at most {@code samples}
 * @param temperature    of the samples; a single one at temperature 0 is the most probable answer
 * @param maxTokens      of an answer
 * @param executesCode   whether programs that the model writes may be run, in a sandbox
 * @param seed           of samples and intervals
 */
public record EvalOptions(
        @Nullable Path data,
        @Nullable Integer shots,
        boolean chainOfThought,
        boolean chat,
        int limit,
        int samples,
        List<Integer> passAt,
        double temperature,
        int maxTokens,
        boolean executesCode,
        long seed) {

    public EvalOptions {
        passAt = List.copyOf(passAt);
        require(shots == null || shots >= 0, "--shots is 0 or more");
        require(limit >= 0, "--limit is 1 or more");
        require(samples >= 1, "--samples is 1 or more");
        require(maxTokens >= 1, "--max-tokens is 1 or more");
        require(temperature >= 0 && temperature < 100, "--temperature lies in 0..100");
        for (int k : passAt) {
            require(k >= 1 && k <= samples, "--pass-at " + k + " needs --samples of at least " + k);
        }
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    int shotsOr(int usual) {
        return shots == null ? usual : shots;
    }

    /** The most records to evaluate. */
    int most() {
        return limit == 0 ? Integer.MAX_VALUE : limit;
    }

    /** The first records, as many as are evaluated. */
    <T> List<T> limited(List<T> records) {
        return records.subList(0, Math.min(most(), records.size()));
    }
}
