package dev.mynah.train.eval;

/** How probable it is that at least one of k samples is right (Chen et al. 2021, Evaluating Large Language Models Trained on Code, section 2.1). */
final class PassAtK {
    private PassAtK() {}

    /**
     * The unbiased estimator {@code 1 - C(n - c, k) / C(n, k)}, as a product that does not overflow.
     *
     * @param samples n
     * @param right   c, how many of them passed
     */
    static double estimate(int samples, int right, int k) {
        if (k < 1 || k > samples || right < 0 || right > samples) {
            throw new IllegalArgumentException(
                    "pass@" + k + " needs at least " + k + " samples of a task, not " + samples);
        }
        if (samples - right < k) {
            return 1;
        }
        double allWrong = 1;
        for (int i = samples - right + 1; i <= samples; i++) {
            allWrong *= 1 - (double) k / i;
        }
        return 1 - allWrong;
    }
}
