package dev.mynah.train.scaling;

/**
 * How the loss depends on size and data (Hoffmann et al. 2022, equation 10): {@code L(N, D) = E + A / N^alpha + B / D^beta}, in nats a token.
 *
 * @param irreducible E: the entropy of the text, which no model gets below
 * @param sizeFactor A
 * @param sizeExponent alpha
 * @param dataFactor B
 * @param dataExponent beta
 */
public record LossLaw(
        double irreducible, double sizeFactor, double sizeExponent, double dataFactor, double dataExponent) {

    /** The loss of a model of so many parameters that was trained on so many tokens. */
    public double loss(double parameters, double tokens) {
        return irreducible + sizeTerm(parameters) + dataTerm(tokens);
    }

    /** What the loss would fall by if the model were endless. */
    public double sizeTerm(double parameters) {
        return sizeFactor * Math.pow(parameters, -sizeExponent);
    }

    /** What the loss would fall by if the data were endless. */
    public double dataTerm(double tokens) {
        return dataFactor * Math.pow(tokens, -dataExponent);
    }

    /** a in {@code N ~ C^a}: how the best number of parameters grows with the operations spent (Hoffmann et al. 2022, equation 4). */
    public double bestSizeExponent() {
        return dataExponent / (sizeExponent + dataExponent);
    }

    /** How the reducible loss falls with the operations spent, where these are divided in the best way: {@code L - E ~ C^-x}. */
    public double computeExponent() {
        return sizeExponent * dataExponent / (sizeExponent + dataExponent);
    }

    /** The number of parameters with the lowest loss for {@code flops = 6 N D} operations. */
    public double bestSize(double flops) {
        double factor =
                Math.pow(sizeExponent * sizeFactor / (dataExponent * dataFactor), 1 / (sizeExponent + dataExponent));
        return factor * Math.pow(flops / 6, bestSizeExponent());
    }

    /** The lowest loss for so many operations. */
    public double bestLoss(double flops) {
        double size = bestSize(flops);
        return loss(size, flops / 6 / size);
    }
}
