package dev.mynah.tensor;

import org.bytedeco.pytorch.global.torch;

/** libtorch as a whole: loading it, its threads, and the devices it sees. */
public final class Torch {

    private Torch() {}

    /** Loads the native library (about a second, once a process; unpacked to a cache on its very first use). */
    public static void load() {
        Loaded.ensure();
    }

    /** Threads that one CPU operation may use. */
    public static int threads() {
        load();
        return torch.get_num_threads();
    }

    /** Sets {@link #threads()}; results of CPU operations are bit-for-bit repeatable only for one number of threads. */
    public static void setThreads(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads must be at least 1, found " + threads);
        }
        load();
        torch.set_num_threads(threads);
    }

    /** Number of CUDA devices that this build and this machine offer; 0 in a CPU build. */
    public static int cudaDevices() {
        load();
        return torch.cuda_is_available() ? torch.cuda_device_count() : 0;
    }

    /** Waits until {@code device} has done all queued work; timing a GPU without this measures the queue. */
    public static void synchronize(Device device) {
        if (device.isCuda()) {
            torch.cuda_synchronize(device.index());
        }
    }

    private static final class Loaded {
        static {
            Natives.load(torch.class);
        }

        static void ensure() {}
    }
}
