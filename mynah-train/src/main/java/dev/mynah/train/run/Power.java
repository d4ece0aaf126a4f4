package dev.mynah.train.run;

import org.jspecify.annotations.Nullable;

/**
 * The electric power that an estimate of energy assumes.
 *
 * @param watts power of the whole machine under load
 * @param source where the number comes from, in words
 */
public record Power(double watts, String source) {
    private static final int WATTS_A_CORE = 10;
    private static final int WATTS_A_GPU = 700;

    /**
     * The power that the configuration gives, or else an assumption.
     *
     * @param configured watts from the configuration, or null
     * @param gpus accelerators in use, 0 for training on the processor
     * @param cores processor cores in use
     */
    public static Power of(@Nullable Double configured, int gpus, int cores) {
        if (configured != null) {
            return new Power(configured, "as configured");
        }
        if (gpus > 0) {
            return new Power(WATTS_A_GPU * gpus, "assumed: the rated 700 W of an H100 SXM for each GPU");
        }
        return new Power(WATTS_A_CORE * cores, "assumed: 10 W for each core, memory and power supply included");
    }
}
