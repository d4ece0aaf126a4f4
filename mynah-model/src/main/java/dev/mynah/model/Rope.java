package dev.mynah.model;

import dev.mynah.tensor.DType;
import dev.mynah.tensor.Device;
import dev.mynah.tensor.Tensor;
import java.util.List;

/**
 * Rotary position embeddings (Su et al. 2021) in Hugging Face's order: entry {@code i} of the first half of a head's
 * rotated part turns with entry {@code i} of the second half.
 */
final class Rope {
    private final RopeOptions options;
    private final int headDim;
    private final Device device;

    /** {@code [rotatedDims / 2]}, where they do not depend on the sequence's length. */
    private final Tensor frequencies;

    private Rope(RopeOptions options, int headDim, Device device) {
        this.options = options;
        this.headDim = headDim;
        this.device = device;
        frequencies = frequencies(0);
    }

    static Rope create(RopeOptions options, int headDim, Device device) {
        return new Rope(options, headDim, device);
    }

    private Tensor frequencies(int length) {
        return Tensor.of(options.inverseFrequencies(headDim, length)).to(device);
    }

    boolean dependsOnLength() {
        return options.scaling().dependsOnLength();
    }

    /**
     * The rotation that one forward pass shares between layers.
     *
     * @param positions {@code [time]} or {@code [batch, time]}
     * @param length    positions of the whole sequence, read only where {@link #dependsOnLength()}
     */
    Rotation at(Tensor positions, int length, DType compute) {
        Tensor turns = dependsOnLength() ? frequencies(length) : frequencies;
        Tensor angles = positions.to(DType.F32).unsqueeze(-1).mul(turns).unsqueeze(-2);
        Tensor cos = scaled(angles.cos());
        Tensor sin = scaled(angles.sin());
        return new Rotation(
                Tensor.cat(List.of(cos, cos), -1).to(compute),
                Tensor.cat(List.of(sin.neg(), sin), -1).to(compute));
    }

    private Tensor scaled(Tensor table) {
        double factor = options.scaling().attentionFactor();
        return factor == 1 ? table : table.mul(factor);
    }

    /** Cosines and signed sines {@code [(batch,) time, 1, rotatedDims]}. */
    record Rotation(Tensor cos, Tensor sin) {

        /** Of the positions from {@code first} on. */
        Rotation from(int first) {
            long rest = cos.size(-3) - first;
            return new Rotation(cos.narrow(-3, first, rest), sin.narrow(-3, first, rest));
        }

        /** Rotates queries or keys {@code [batch, time, heads, headDim]}. */
        Tensor apply(Tensor heads) {
            long rotated = cos.size(-1);
            long rest = heads.size(-1) - rotated;
            if (rest == 0) {
                return turn(heads);
            }
            return Tensor.cat(List.of(turn(heads.narrow(-1, 0, rotated)), heads.narrow(-1, rotated, rest)), -1);
        }

        private Tensor turn(Tensor heads) {
            long half = heads.size(-1) / 2;
            return heads.mul(cos).addcmul(heads.roll(half, -1), sin);
        }
    }
}
