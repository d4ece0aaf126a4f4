package dev.mynah.train.objective;

import dev.mynah.tensor.Tensor;

/** What a policy descends, token by token; all tensors are F32 {@code [tokens]} of answers that it wrote. */
public interface TokenObjective {

    /**
     * The loss of each token, with its graph.
     *
     * @param logProbs of the policy as it is now
     * @param oldLogProbs of the policy that wrote the answers
     * @param referenceLogProbs of the model that it began as
     */
    Tensor losses(Tensor logProbs, Tensor oldLogProbs, Tensor referenceLogProbs, Tensor advantages);

    /**
     * The weight of each token of one answer in its minibatch.
     *
     * @param length tokens of the answer
     * @param tokens tokens of the minibatch
     * @param answers answers of the minibatch
     */
    double weight(int length, double tokens, int answers);
}
