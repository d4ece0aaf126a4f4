package dev.mynah.model;

/**
 * Rotary position embeddings (Su et al. 2021).
 *
 * @param theta        base of the rotary wavelengths
 * @param rotatedShare share of a head's elements that is rotated, from the first on (Phi-4-mini rotates three quarters)
 * @param scaling      how the frequencies are changed for a longer context
 */
public record RopeOptions(double theta, double rotatedShare, RopeScaling scaling) {

    public RopeOptions {
        if (!(theta > 0) || Double.isInfinite(theta)) {
            throw new IllegalArgumentException("rope_theta must be a positive number, not " + theta);
        }
        if (!(rotatedShare > 0 && rotatedShare <= 1)) {
            throw new IllegalArgumentException(
                    "partial_rotary_factor must lie above 0 and up to 1, not " + rotatedShare);
        }
    }

    /** Whole heads, with no scaling. */
    public static RopeOptions of(double theta) {
        return new RopeOptions(theta, 1, new RopeScaling.None());
    }

    /** How many elements of a head are rotated; the others pass as they are. */
    public int rotatedDims(int headDim) {
        return (int) (headDim * rotatedShare);
    }

    /**
     * Radians per position: element {@code i} of the rotated ones turns with element {@code i + rotatedDims / 2}.
     *
     * @param length positions of the whole sequence, read only where {@link RopeScaling#dependsOnLength()}
     * @return {@code [rotatedDims / 2]}
     */
    public float[] inverseFrequencies(int headDim, int length) {
        return scaling.inverseFrequencies(theta, rotatedDims(headDim), length);
    }

    RopeOptions withTheta(double newTheta) {
        return new RopeOptions(newTheta, rotatedShare, scaling);
    }

    /** Refuses heads that cannot be rotated so. */
    void check(int headDim) {
        int dims = rotatedDims(headDim);
        if (dims < 2 || dims % 2 != 0) {
            throw new IllegalArgumentException(
                    rotatedShare == 1
                            ? "head_dim must be even with rotary positions, not " + headDim
                            : "an even part of a head must be rotated, but partial_rotary_factor " + rotatedShare
                                    + " of head_dim " + headDim + " is " + dims);
        }
        if (scaling instanceof RopeScaling.LongRope longRope
                && longRope.shortFactors().size() != dims / 2) {
            throw new IllegalArgumentException("short_factor and long_factor of longrope must have " + dims / 2
                    + " numbers, not " + longRope.shortFactors().size());
        }
    }
}
