package dev.mynah.engine;

import java.util.List;

/**
 * Guesses cheaply how texts go on, for the model to check several tokens in one pass (speculative decoding, Leviathan et al. 2023; Chen et al. 2023). What is written has the model's own
 * distribution whatever the guess, see {@link Sampler#verify}; a good one only saves passes.
 */
interface Drafter {

    /**
     * A guess.
     *
     * @param tokens        what may come next, possibly nothing
     * @param probabilities of which distribution {@code [vocabSize]} each token was drawn, or nothing if they were not drawn but chosen
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Draft(int[] tokens, List<double[]> probabilities) {
        static final Draft NONE = new Draft(new int[0], List.of());

        double[] probabilities(int place) {
            return probabilities.isEmpty() ? new double[0] : probabilities.get(place);
        }
    }

    /**
     * Guesses for several texts.
     *
     * @param most the most tokens to guess of each
     * @return a draft for each
     */
    List<Draft> draft(List<Sequence> sequences, int most);
}
