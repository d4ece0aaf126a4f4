package dev.mynah.engine.fused;

import dev.mynah.model.Activation;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Exponentials and what is made of them, on whole vectors. */
public final class Functions {
    private static final float LOG2_E = 1.442695f;
    private static final float LN2_HIGH = 0.6933594f;
    private static final float LN2_LOW = -0.00021219444f;
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
        FloatVector sum = Lanes.all(0.00019875691f).fma(rest, Lanes.all(0.0013981999f));
        sum = sum.fma(rest, Lanes.all(0.008333452f));
        sum = sum.fma(rest, Lanes.all(0.041665796f));
        sum = sum.fma(rest, Lanes.all(0.16666666f));
        sum = sum.fma(rest, Lanes.all(0.5f));
        sum = sum.fma(rest.mul(rest), rest.add(1));
        // The low bits of the shifted number are n.
        FloatVector power = shifted.reinterpretAsInts()
                .lanewise(VectorOperators.LSHL, 23)
                .add(127 << 23)
                .reinterpretAsFloats();
        return sum.mul(power);
    }

    /**
     * Replaces each value by {@code e^((value - greatest) / temperature)}, and those below {@code least}, or too small to make a difference, by 0.
     *
     * @param greatest of the values, finite
     */
    public static void exponentials(float[] values, float greatest, double temperature, float least) {
        float lowest = (float) Math.max(least, Math.max(-Float.MAX_VALUE, greatest + MIN_EXPONENT * temperature));
        float factor = (float) Math.min(1 / temperature, Float.MAX_VALUE);
        int whole = values.length - values.length % Lanes.LENGTH;
        for (int i = 0; i < whole; i += Lanes.LENGTH) {
            FloatVector value = Lanes.floats(values, i);
            exp(value.sub(greatest).mul(factor))
                    .blend(Lanes.zero(), value.compare(VectorOperators.LT, lowest))
                    .intoArray(values, i);
        }
        for (int i = whole; i < values.length; i++) {
            values[i] = values[i] < lowest ? 0 : (float) Math.exp((values[i] - greatest) * factor);
        }
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
        return x.mul(sigmoid(cube.mul(0.044715f).add(x).mul(1.5957692f)));
    }

    /** By the error function as in Abramowitz and Stegun 7.1.26, to 1.5e-7. */
    private static FloatVector gelu(FloatVector x) {
        FloatVector scaled = x.mul(0.70710677f);
        FloatVector magnitude = scaled.abs();
        FloatVector t = Lanes.all(1).div(magnitude.fma(Lanes.all(0.3275911f), Lanes.all(1)));
        FloatVector sum = Lanes.all(1.0614054f).fma(t, Lanes.all(-1.4531521f));
        sum = sum.fma(t, Lanes.all(1.4214138f));
        sum = sum.fma(t, Lanes.all(-0.28449672f));
        sum = sum.fma(t, Lanes.all(0.2548296f));
        FloatVector rest = sum.mul(t).mul(exp(magnitude.mul(magnitude).neg()));
        // One half of 1 + erf: for negative x that is half of the rest itself.
        FloatVector positive = Lanes.all(1).sub(rest.mul(0.5f));
        return x.mul(positive.blend(rest.mul(0.5f), x.compare(VectorOperators.LT, 0)));
    }

    /** {@code cap * tanh(x / cap)} of the first {@code count} values, and of what is beyond, up to a whole vector where the array has it. */
    static void softCap(float cap, float[] values, int count) {
        int whole = Math.min(Lanes.padded(count), values.length - values.length % Lanes.LENGTH);
        for (int i = 0; i < whole; i += Lanes.LENGTH) {
            FloatVector half = sigmoid(Lanes.floats(values, i).mul(2 / cap));
            half.mul(2 * cap).sub(cap).intoArray(values, i);
        }
        for (int i = whole; i < count; i++) {
            values[i] = cap * (float) Math.tanh(values[i] / cap);
        }
    }

    /**
     * Applies a feed-forward layer's non-linearity to elements {@code from} (a multiple of the vector's length) to {@code to} of {@code values}, and to what is beyond, up to a whole vector.
     *
     * @param gate read where {@link Activation#gated()}
     */
    static void activate(Activation kind, float[] values, float[] gate, int from, int to) {
        for (int i = from; i < to; i += Lanes.LENGTH) {
            FloatVector x = Lanes.floats(values, i);
            FloatVector result = switch (kind) {
                case SWIGLU -> silu(Lanes.floats(gate, i)).mul(x);
                case GEGLU_TANH -> geluTanh(Lanes.floats(gate, i)).mul(x);
                case GELU_TANH -> geluTanh(x);
                case GELU -> gelu(x);
            };
            result.intoArray(values, i);
        }
    }
}
