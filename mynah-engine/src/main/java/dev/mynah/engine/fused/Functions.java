package dev.mynah.engine.fused;

import dev.mynah.model.Activation;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Exponentials and what is made of them, on whole vectors. */
final class Functions {
    private static final float LOG2_E = 1.44269504f;
    private static final float LN2_HIGH = 0.693359375f;
    private static final float LN2_LOW = -2.12194440e-4f;
    private static final float MIN_EXPONENT = -87.3f;
    private static final float MAX_EXPONENT = 88.3f;
    private static final float ROUND = 0x1.8p23f;

    private Functions() {}

    /** e to the {@code x}, to two units in the last place: {@code 2^n} by its bits, and a polynomial for the rest, which is at most ln(2) / 2. */
    static FloatVector exp(FloatVector x) {
        FloatVector limited = x.max(MIN_EXPONENT).min(MAX_EXPONENT);
        FloatVector shifted = limited.fma(Lanes.all(LOG2_E), Lanes.all(ROUND));
        FloatVector whole = shifted.sub(ROUND);
        FloatVector rest = whole.fma(Lanes.all(-LN2_HIGH), limited);
        rest = whole.fma(Lanes.all(-LN2_LOW), rest);
        FloatVector sum = Lanes.all(1.9875691500e-4f).fma(rest, Lanes.all(1.3981999507e-3f));
        sum = sum.fma(rest, Lanes.all(8.3334519073e-3f));
        sum = sum.fma(rest, Lanes.all(4.1665795894e-2f));
        sum = sum.fma(rest, Lanes.all(1.6666665459e-1f));
        sum = sum.fma(rest, Lanes.all(0.5f));
        sum = sum.fma(rest.mul(rest), rest.add(1));
        // The low bits of the shifted number are n.
        FloatVector power = shifted.reinterpretAsInts()
                .lanewise(VectorOperators.LSHL, 23)
                .add(127 << 23)
                .reinterpretAsFloats();
        return sum.mul(power);
    }

    private static FloatVector sigmoid(FloatVector x) {
        return Lanes.all(1).div(exp(x.neg()).add(1));
    }

    /** {@code silu(x)}, x times its logistic function. */
    private static FloatVector silu(FloatVector x) {
        return x.mul(sigmoid(x));
    }

    /** As {@code (1 + tanh(u)) / 2} is the logistic function of {@code 2 u}. */
    private static FloatVector geluTanh(FloatVector x) {
        FloatVector cube = x.mul(x).mul(x);
        return x.mul(sigmoid(cube.mul(0.044715f).add(x).mul(1.5957691216f)));
    }

    /** By the error function as in Abramowitz and Stegun 7.1.26, to 1.5e-7. */
    private static FloatVector gelu(FloatVector x) {
        FloatVector scaled = x.mul(0.70710678f);
        FloatVector magnitude = scaled.abs();
        FloatVector t = Lanes.all(1).div(magnitude.fma(Lanes.all(0.3275911f), Lanes.all(1)));
        FloatVector sum = Lanes.all(1.061405429f).fma(t, Lanes.all(-1.453152027f));
        sum = sum.fma(t, Lanes.all(1.421413741f));
        sum = sum.fma(t, Lanes.all(-0.284496736f));
        sum = sum.fma(t, Lanes.all(0.254829592f));
        FloatVector rest = sum.mul(t).mul(exp(magnitude.mul(magnitude).neg()));
        // One half of 1 + erf: for negative x that is half of the rest itself.
        FloatVector positive = Lanes.all(1).sub(rest.mul(0.5f));
        return x.mul(positive.blend(rest.mul(0.5f), x.compare(VectorOperators.LT, 0)));
    }

    /**
     * Applies a feed-forward layer's non-linearity to elements {@code from} (a multiple of the vector's length) to {@code to} of {@code values}, and to what is beyond, up to a whole vector.
     *
     * @param gate read with {@link Activation#SWIGLU} only
     */
    static void activate(Activation kind, float[] values, float[] gate, int from, int to) {
        for (int i = from; i < to; i += Lanes.LENGTH) {
            FloatVector x = Lanes.floats(values, i);
            FloatVector result = switch (kind) {
                case SWIGLU -> silu(Lanes.floats(gate, i)).mul(x);
                case GELU_TANH -> geluTanh(x);
                case GELU -> gelu(x);
            };
            result.intoArray(values, i);
        }
    }
}
