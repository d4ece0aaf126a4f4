package dev.mynah.engine.fused;

import dev.mynah.model.Norm;
import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;

/**
 * A norm over {@code size} elements.
 *
 * @param weight {@code [size]}, as it multiplies, padded with zeros to whole vectors, as {@code bias} is
 * @param bias   for layer norm
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Normalization(Norm kind, int size, float[] weight, float @Nullable [] bias, double eps) {

    /** Normalises a column; {@code from} and {@code to} may be the same, and are zero beyond {@code size}. */
    void apply(float[] from, float[] to) {
        switch (kind) {
            case RMS_NORM, RMS_NORM_OFFSET -> scale(from, to, 0, rootOf(squares(from, 0)));
            case LAYER_NORM -> {
                float mean = sum(from) / size;
                scale(from, to, mean, rootOf(squares(from, mean)));
            }
        }
    }

    private float rootOf(double squares) {
        return (float) (1 / Math.sqrt(squares / size + eps));
    }

    private static float sum(float[] values) {
        FloatVector sum = Lanes.zero();
        for (int i = 0; i < values.length; i += Lanes.LENGTH) {
            sum = sum.add(Lanes.floats(values, i));
        }
        return Lanes.sum(sum);
    }

    /** The sum of the squared distances from {@code mean}, of which the padding's are taken off again. */
    private double squares(float[] values, float mean) {
        FloatVector sum = Lanes.zero();
        for (int i = 0; i < values.length; i += Lanes.LENGTH) {
            FloatVector distance = Lanes.floats(values, i).sub(mean);
            sum = distance.fma(distance, sum);
        }
        return Lanes.sum(sum) - (double) (values.length - size) * mean * mean;
    }

    private void scale(float[] from, float[] to, float mean, float factor) {
        for (int i = 0; i < from.length; i += Lanes.LENGTH) {
            FloatVector value = Lanes.floats(from, i).sub(mean).mul(factor).mul(Lanes.floats(weight, i));
            (bias == null ? value : value.add(Lanes.floats(bias, i))).intoArray(to, i);
        }
    }

    /** As RMS norm, on the {@code size} elements of a head from {@code at} on. */
    void applyToHead(float[] values, int at) {
        double squares = 0;
        for (int i = at; i < at + size; i++) {
            squares += values[i] * values[i];
        }
        float factor = rootOf(squares);
        for (int i = 0; i < size; i++) {
            values[at + i] *= factor * weight[i];
        }
    }
}
