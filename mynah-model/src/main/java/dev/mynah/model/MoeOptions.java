package dev.mynah.model;

import java.util.List;

/**
 * A mixture of experts in place of the feed-forward layer (Shazeer et al. 2017): a router picks the experts whose
 * outputs are added up for a token, each multiplied by its probability, a softmax in fp32 over all experts.
 *
 * @param experts         number of experts
 * @param expertsPerToken how many of them compute a token: those of highest probability
 * @param hidden          inner size of an expert
 * @param normalised      whether the probabilities of the picked experts are divided by their sum
 * @param sharedHidden    inner size of an expert that computes every token, its output multiplied by the sigmoid of a
 *                        gate of its own (Qwen2-MoE); 0 for none
 * @param denseLayers     indices of the layers that keep the plain feed-forward layer, ascending
 */
public record MoeOptions(
        int experts, int expertsPerToken, int hidden, boolean normalised, int sharedHidden, List<Integer> denseLayers) {

    public MoeOptions {
        denseLayers = List.copyOf(denseLayers);
        if (expertsPerToken < 1 || expertsPerToken > experts) {
            throw new IllegalArgumentException(
                    "experts per token must lie in 1.." + experts + " (all experts), not " + expertsPerToken);
        }
    }
}
