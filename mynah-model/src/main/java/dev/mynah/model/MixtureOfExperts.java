package dev.mynah.model;

import dev.mynah.tensor.DType;
import dev.mynah.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Experts in place of one feed-forward layer; see {@link MoeOptions}. Each expert computes the tokens that were routed
 * to it, gathered, and only those.
 *
 * @param router     {@code width} to a score for each expert
 * @param shared     the expert that computes every token, or null
 * @param sharedGate its gate
 */
record MixtureOfExperts(
        MoeOptions options,
        Linear router,
        List<Mlp> experts,
        @Nullable Mlp shared,
        @Nullable Linear sharedGate) implements FeedForward {

    static MixtureOfExperts of(
            ModelConfig config,
            Map<String, Tensor> parameters,
            String block,
            ParameterNames.@Nullable Experts experts,
            MoeOptions options) {
        ParameterNames.Experts names = Objects.requireNonNull(experts);
        return new MixtureOfExperts(
                options,
                Linear.of(config, parameters, null, block + names.router()),
                IntStream.range(0, options.experts())
                        .mapToObj(i -> Mlp.of(config, parameters, null, block, names.expert(i)))
                        .toList(),
                names.shared() == null ? null : Mlp.of(config, parameters, null, block, names.shared()),
                names.sharedGate() == null ? null : Linear.of(config, parameters, null, block + names.sharedGate()));
    }

    @Override
    public Tensor apply(Tensor input) {
        Tensor tokens = input.reshape(-1, input.size(-1));
        Tensor output = routed(tokens);
        if (shared != null && sharedGate != null) {
            output = output.add(sharedGate.apply(tokens).sigmoid().mul(shared.apply(tokens)));
        }
        return output.reshape(input.shape());
    }

    /** {@code [tokens, width]} to the same shape. */
    private Tensor routed(Tensor tokens) {
        int perToken = options.expertsPerToken();
        Tensor.TopK picked = router.apply(tokens).to(DType.F32).softmax(-1).topK(perToken);
        Tensor probabilities =
                options.normalised() ? picked.values().div(picked.values().sum(-1, true)) : picked.values();

        // Which expert computes pick i, a pick of token i / perToken; then the picks in the order of their experts.
        long[] expertOf = picked.indices().toLongs();
        long[] counts = new long[experts.size()];
        for (long expert : expertOf) {
            counts[(int) expert]++;
        }
        long[] picks = IntStream.range(0, expertOf.length)
                .boxed()
                .sorted(Comparator.comparingLong(pick -> expertOf[pick]))
                .mapToLong(Integer::longValue)
                .toArray();
        Tensor order = Tensor.of(picks).to(tokens.device());
        Tensor tokenOf = Tensor.of(
                        Arrays.stream(picks).map(pick -> pick / perToken).toArray())
                .to(tokens.device());

        List<Tensor> inputs = tokens.indexSelect(0, tokenOf).split(0, counts);
        List<Tensor> outputs = new ArrayList<>();
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] > 0) {
                outputs.add(experts.get(i).apply(inputs.get(i)));
            }
        }
        Tensor weights = probabilities.reshape(-1, 1).indexSelect(0, order).to(tokens.dtype());
        return Tensor.zeros(tokens.dtype(), tokens.device(), tokens.shape())
                .indexAdd(0, tokenOf, Tensor.cat(outputs, 0).mul(weights));
    }
}
