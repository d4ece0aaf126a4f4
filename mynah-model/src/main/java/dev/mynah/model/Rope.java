package dev.mynah.model;

import dev.mynah.tensor.DType;
import dev.mynah.tensor.Device;
import dev.mynah.tensor.Tensor;
import java.util.List;

/**
 * Rotary position embeddings (Su et al. 2021) in Hugging Face's order: entry {@code i} of the first half of a head is
 * rotated with entry {@code i} of the second half, by {@code position / theta^(2 i / headDim)}.
 *
 * <p>Angles are computed as there, in single precision: at large positions a more exact angle would be another model.
 */
final class Rope {
    /** {@code [headDim / 2]}. */
    private final Tensor frequencies;

    private Rope(Tensor frequencies) {
        this.frequencies = frequencies;
    }

    static Rope create(ModelConfig config, Device device) {
        float[] frequencies = new float[config.headDim() / 2];
        for (int i = 0; i < frequencies.length; i++) {
            frequencies[i] = 1f / (float) Math.pow(config.ropeTheta(), (float) (2 * i) / config.headDim());
        }
        return new Rope(Tensor.of(frequencies).to(device));
    }

    /**
     * The rotation that one forward pass shares between its layers.
     *
     * @param positions {@code [time]} or {@code [batch, time]}
     */
    Rotation at(Tensor positions, DType compute) {
        Tensor angles = positions.to(DType.F32).unsqueeze(-1).mul(frequencies).unsqueeze(-2);
        Tensor cos = angles.cos();
        Tensor sin = angles.sin();
        return new Rotation(
                Tensor.cat(List.of(cos, cos), -1).to(compute),
                Tensor.cat(List.of(sin.neg(), sin), -1).to(compute));
    }

    /** Cosines and signed sines {@code [(batch,) time, 1, headDim]}. */
    record Rotation(Tensor cos, Tensor sin) {

        /** Rotates queries or keys {@code [batch, time, heads, headDim]}. */
        Tensor apply(Tensor heads) {
            long half = heads.size(-1) / 2;
            return heads.mul(cos).addcmul(heads.roll(half, -1), sin);
        }
    }
}
