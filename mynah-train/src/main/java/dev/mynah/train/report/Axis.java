package dev.mynah.train.report;

import java.util.ArrayList;
import java.util.List;

/** An axis from {@code low} to {@code high} whose ticks stand {@code spacing} apart at round numbers. */
record Axis(double low, double high, double spacing) {

    /**
     * An axis that holds {@code low} to {@code high} with about {@code count} ticks at multiples of 1, 2 or 5 times a
     * power of ten.
     */
    static Axis over(double low, double high, int count) {
        double span = high > low ? high - low : Math.max(Math.abs(high), 1) / 2;
        double top = high > low ? high : low + span;
        double rough = span / count;
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        double spacing = power * (rough / power <= 1 ? 1 : rough / power <= 2 ? 2 : rough / power <= 5 ? 5 : 10);
        return new Axis(low, top, spacing);
    }

    /** The same axis widened to the ticks around its ends. */
    Axis widened() {
        return new Axis(
                spacing * Math.floor(low / spacing + 1e-9), spacing * Math.ceil(high / spacing - 1e-9), spacing);
    }

    List<Double> ticks() {
        List<Double> ticks = new ArrayList<>();
        for (long i = Math.round(Math.ceil(low / spacing - 1e-9)); i * spacing <= high + 1e-9 * spacing; i++) {
            ticks.add(i * spacing);
        }
        return ticks;
    }

    /** Where {@code value} lies on the axis: 0 at the low end, 1 at the high end. */
    double share(double value) {
        return (value - low) / (high - low);
    }
}
