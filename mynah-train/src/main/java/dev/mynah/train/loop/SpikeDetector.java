package dev.mynah.train.loop;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Tells when a loss or gradient is no number, or a loss rose too far above the median of the losses before it. Immutable; a checkpoint
 * keeps {@code recent}.
 *
 * @param factor how many times the median is too far; 0 for a detector that looks for NaN and infinity alone
 * @param window losses that the median is taken over; before as many are known no rise is too far
 * @param recent the last losses, oldest first, at most {@code window}
 */
public record SpikeDetector(double factor, int window, List<Double> recent) {

    public SpikeDetector {
        recent = List.copyOf(recent);
    }

    /** A detector that has seen nothing. */
    public static SpikeDetector fresh(double factor, int window) {
        return new SpikeDetector(factor, window, List.of());
    }

    /**
     * What is wrong with a step, in one sentence, or null where nothing is.
     *
     * @param gradNorm norm of the step's gradients
     */
    public @Nullable String problem(int step, double loss, double gradNorm) {
        if (!Double.isFinite(loss)) {
            return "The loss of step " + step + " is " + loss;
        }
        if (!Double.isFinite(gradNorm)) {
            return "The norm of the gradients of step " + step + " is " + gradNorm;
        }
        if (factor == 0 || recent.size() < window) {
            return null;
        }
        double median = median();
        if (loss <= factor * median) {
            return null;
        }
        return String.format(
                Locale.ROOT,
                "The loss of step %d is %.4f, more than %s times the median %.4f of the %d steps before",
                step,
                loss,
                factor,
                median,
                window);
    }

    /** The detector after a {@code loss} that is no problem. */
    public SpikeDetector after(double loss) {
        List<Double> losses = new ArrayList<>(recent);
        losses.add(loss);
        return new SpikeDetector(factor, window, losses.subList(Math.max(0, losses.size() - window), losses.size()));
    }

    private double median() {
        List<Double> sorted = recent.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
