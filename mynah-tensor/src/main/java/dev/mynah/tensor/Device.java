package dev.mynah.tensor;

import org.bytedeco.pytorch.global.torch;

/** Where a tensor lives: {@code cpu}, or {@code cuda} with the number of the GPU. */
public record Device(Type type, int index) {

    /** The kinds of device. */
    public enum Type {
        CPU(torch.DeviceType.CPU),
        CUDA(torch.DeviceType.CUDA);

        final torch.DeviceType native_;

        Type(torch.DeviceType type) {
            this.native_ = type;
        }
    }

    public static final Device CPU = new Device(Type.CPU, 0);

    public static Device cuda(int index) {
        return new Device(Type.CUDA, index);
    }

    /**
     * Reads {@code cpu}, {@code cuda} or {@code cuda:1}.
     *
     * @throws IllegalArgumentException for any other text, or for a GPU that this build or machine does not have
     */
    public static Device parse(String text) {
        if (text.equals("cpu")) {
            return CPU;
        }
        if (!text.matches("cuda(:\\d{1,3})?")) {
            throw new IllegalArgumentException("unknown device \"" + text + "\": use cpu, cuda or cuda:N");
        }
        int index = text.equals("cuda") ? 0 : Integer.parseInt(text.substring("cuda:".length()));
        int found = Torch.cudaDevices();
        if (index >= found) {
            throw new IllegalArgumentException("device " + text + " is not there: " + found
                    + " CUDA devices found (CUDA needs a build with -Pcuda and an NVIDIA driver)");
        }
        return cuda(index);
    }

    public boolean isCuda() {
        return type == Type.CUDA;
    }

    org.bytedeco.pytorch.Device toNative() {
        return isCuda()
                ? new org.bytedeco.pytorch.Device(type.native_, (byte) index)
                : new org.bytedeco.pytorch.Device(type.native_);
    }

    static Device of(org.bytedeco.pytorch.Device device) {
        return device.is_cuda() ? cuda(device.index()) : CPU;
    }

    @Override
    public String toString() {
        return isCuda() ? "cuda:" + index : "cpu";
    }
}
