package dev.mynah.train.loop;

import dev.mynah.tensor.DType;
import dev.mynah.tensor.Device;
import dev.mynah.tensor.Scope;
import dev.mynah.tensor.Tensor;
import dev.mynah.tensor.Torch;

/** The speed that a training's MFU is taken against: that of one large matrix product, measured here and now. */
final class PeakSpeed {

    private static final int REPEATS = 10;

    private PeakSpeed() {}

    /** Side of the square matrices that are multiplied. */
    static int side(Device device) {
        return device.isCuda() ? 8192 : 1024;
    }

    /** The best of several products of square matrices, in FLOP/s. */
    static double measure(Device device, DType dtype) {
        int side = side(device);
        double best = 0;
        try (Scope scope = Scope.open()) {
            Tensor a = Tensor.full(1, dtype, device, side, side);
            for (int i = 0; i < REPEATS; i++) {
                try (Scope each = Scope.open()) {
                    long start = System.nanoTime();
                    a.matmul(a);
                    Torch.synchronize(device);
                    best = Math.max(best, 2e9 * side * side * side / (System.nanoTime() - start));
                }
            }
        }
        return best;
    }
}
