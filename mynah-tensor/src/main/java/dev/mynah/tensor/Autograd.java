package dev.mynah.tensor;

import org.bytedeco.pytorch.GradMode;

/** Switches the recording of gradients for this thread. */
public final class Autograd {

    /** Restores the mode that was in force before; for try-with-resources. */
    public interface Mode extends AutoCloseable {
        @Override
        void close();
    }

    private Autograd() {}

    /** No gradients are recorded until the result is closed. */
    public static Mode noGrad() {
        Torch.load();
        boolean before = GradMode.is_enabled();
        GradMode.set_enabled(false);
        return () -> GradMode.set_enabled(before);
    }
}
