package dev.mynah.train.run;

/**
 * An estimate of what training cost.
 *
 * @param flops floating-point operations of the model's own forward and backward passes
 * @param seconds time of training
 * @param watts power that is assumed for the whole machine
 */
public record Cost(double flops, double seconds, double watts) {
    private static final double PETAFLOPS_DAY = 1e15 * 86_400;
    private static final double JOULES_PER_KWH = 3.6e6;

    /** Operations in petaflop/s-days, the unit in which GPT-3's 3640 are told. */
    public double pfDays() {
        return flops / PETAFLOPS_DAY;
    }

    /** Electric energy: the assumed power for as long as the training took. */
    public double kWh() {
        return watts * seconds / JOULES_PER_KWH;
    }
}
