package dev.mynah.tensor;

import java.lang.foreign.MemorySegment;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * A seeded source of random numbers (Mersenne Twister, on the CPU) whose state can be saved and restored. Owned by the scope that is open when it is made.
 */
public final class Generator {

    private final org.bytedeco.pytorch.Generator handle;
    final GeneratorOptional argument;

    public Generator(long seed) {
        Scope.requireOpen();
        handle = torch.make_generator_cpu(seed);
        argument = new GeneratorOptional(handle);
    }

    /** The whole state, to be given to {@link #restore}. */
    public byte[] state() {
        try (Scope scope = Scope.open()) {
            return Tensor.of(handle.get_state()).toBytes();
        }
    }

    /**
     * Continues where {@code state} was taken.
     *
     * @throws IllegalArgumentException if it is not a state of such a generator
     */
    public void restore(byte[] state) {
        try (Scope scope = Scope.open()) {
            int length = state().length;
            if (state.length != length) {
                throw new IllegalArgumentException(
                        "a generator's state has " + length + " bytes, found " + state.length);
            }
            Tensor tensor = Tensor.empty(DType.U8, Device.CPU, length);
            tensor.segment().copyFrom(MemorySegment.ofArray(state));
            handle.set_state(tensor.handle);
        }
    }
}
