package dev.mynah.model;

import dev.mynah.tensor.DType;
import dev.mynah.tensor.Device;
import dev.mynah.tensor.Nn;
import dev.mynah.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Rotary position embeddings (Su et al. 2021) in Hugging Face's order: entry {@code i} of the first half of a head is rotated with entry {@code i} of the second half, by
 * {@code position / theta^(2 i / headDim)}.
 *
 * <p>Angles are computed as there, in single precision: at large positions a more exact angle would be another model.
 */
final class Rope {
    private final Tensor cos;
    private final Tensor sin;

    private Rope(Tensor cos, Tensor sin) {
        this.cos = cos;
        this.sin = sin;
    }

    /** Tables {@code [context, headDim]} for all positions; the sines of the first half are negated. */
    static Rope create(ModelConfig config, Device device) {
        int headDim = config.headDim();
        int half = headDim / 2;
        float[] cos = new float[Math.multiplyExact(config.context(), headDim)];
        float[] sin = new float[cos.length];
        for (int i = 0; i < half; i++) {
            float frequency = 1f / (float) Math.pow(config.ropeTheta(), (float) (2 * i) / headDim);
            for (int position = 0; position < config.context(); position++) {
                float angle = position * frequency;
                int at = position * headDim + i;
                cos[at] = cos[at + half] = (float) Math.cos(angle);
                sin[at + half] = (float) Math.sin(angle);
                sin[at] = -sin[at + half];
            }
        }
        long[] shape = {config.context(), headDim};
        return new Rope(Tensor.of(cos, shape).to(device), Tensor.of(sin, shape).to(device));
    }

    /**
     * The rotation of one forward pass.
     *
     * @param positions {@code [batch, time]} or null for {@code past, past + 1, ...}
     */
    Rotation at(@Nullable Tensor positions, int past, int time, DType dtype) {
        return new Rotation(rows(cos, positions, past, time, dtype), rows(sin, positions, past, time, dtype));
    }

    private static Tensor rows(Tensor table, @Nullable Tensor positions, int past, int time, DType dtype) {
        Tensor rows = positions == null ? table.narrow(0, past, time) : Nn.embedding(table, positions);
        return rows.unsqueeze(-2).to(dtype);
    }

    /** Cosines and signed sines that broadcast to {@code [batch, time, heads, headDim]}. */
    record Rotation(Tensor cos, Tensor sin) {

        /** Rotates queries or keys {@code [batch, time, heads, headDim]}. */
        Tensor apply(Tensor heads) {
            long half = heads.size(-1) / 2;
            return heads.mul(cos).addcmul(heads.roll(half, -1), sin);
        }
    }
}
