package dev.mynah.train.plan;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * An accelerator as its maker describes it.
 *
 * @param name short name, as in {@code h100}
 * @param label the maker's name
 * @param tflops peak speed of dense matrix products in bf16 (fp16 where there is no bf16) with sums in fp32, in TFLOP/s
 * @param memoryGb memory in gigabytes of 10^9 bytes
 * @param watts rated power of the accelerator alone
 * @param dollarsPerHour an assumption of the order of what is asked for on demand; prices differ by a factor of three between providers, so a real one should be given
 * @param source the maker's document that the numbers but the price are from
 */
public record Gpu(
        String name, String label, double tflops, double memoryGb, double watts, double dollarsPerHour, String source) {

    private static final List<Gpu> KNOWN = List.of(
            new Gpu("v100", "NVIDIA V100 SXM2 32 GB", 125, 32, 300, 0.6, "NVIDIA V100 data sheet, January 2020"),
            new Gpu("a100", "NVIDIA A100 SXM 80 GB", 312, 80, 400, 1.5, "NVIDIA A100 80 GB data sheet, June 2021"),
            new Gpu("h100", "NVIDIA H100 SXM 80 GB", 989.4, 80, 700, 2.5, "NVIDIA H100 architecture white paper, 2022"),
            new Gpu("h200", "NVIDIA H200 SXM 141 GB", 989.4, 141, 700, 3.2, "NVIDIA H200 data sheet, 2024"),
            new Gpu("b200", "NVIDIA B200 SXM 180 GB", 2250, 180, 1000, 5, "NVIDIA HGX B200 data sheet, 2024"),
            new Gpu("l40s", "NVIDIA L40S 48 GB", 362, 48, 350, 1, "NVIDIA L40S data sheet, 2023"),
            new Gpu(
                    "rtx4090",
                    "NVIDIA RTX 4090 24 GB",
                    165.2,
                    24,
                    450,
                    0.4,
                    "NVIDIA Ada architecture white paper, 2022"),
            new Gpu("mi300x", "AMD MI300X 192 GB", 1307.4, 192, 750, 2.5, "AMD Instinct MI300X data sheet, 2023"));

    public Gpu {
        if (!(watts > 0 && watts < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("the power of a GPU is " + watts + " W; it must be above 0");
        }
        if (!(dollarsPerHour >= 0 && dollarsPerHour < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "the price of an hour is " + dollarsPerHour + " USD; it cannot be below 0");
        }
    }

    /**
     * The accelerator called {@code name}, in any case.
     *
     * @throws IllegalArgumentException if the table has none
     */
    public static Gpu named(String name) {
        return KNOWN.stream()
                .filter(gpu -> gpu.name.equals(name.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no GPU \"" + name + "\"; there are "
                        + KNOWN.stream().map(Gpu::name).collect(Collectors.joining(", "))));
    }

    /** All of the table. */
    public static List<Gpu> known() {
        return KNOWN;
    }

    /** The same at another power and price. */
    public Gpu with(double otherWatts, double otherPrice) {
        return new Gpu(name, label, tflops, memoryGb, otherWatts, otherPrice, source);
    }
}
