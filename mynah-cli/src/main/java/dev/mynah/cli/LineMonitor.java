package dev.mynah.cli;

import dev.mynah.train.run.Sample;
import dev.mynah.train.run.StepMetrics;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.function.LongSupplier;

/** Shows progress where there is no terminal: a line every few seconds, for the first step and for the last. */
final class LineMonitor implements ConsoleMonitor {
    private static final Duration INTERVAL = Duration.ofSeconds(5);

    private final PrintWriter err;
    private final LongSupplier nanoTime;
    private boolean printed;
    private long lastPrint;

    LineMonitor(PrintWriter err, LongSupplier nanoTime) {
        this.err = err;
        this.nanoTime = nanoTime;
    }

    @Override
    public void notice(String sentence) {
        err.println(sentence);
    }

    @Override
    public void preparing(String what, long done, long total) {
        if (isDue()) {
            err.println(what + ": " + (total == 0 ? 100 : 100 * done / total) + "%");
        }
    }

    @Override
    public void step(StepMetrics metrics, int totalSteps, Duration eta) {
        if (metrics.step() == totalSteps || isDue()) {
            err.println("step " + metrics.step() + "/" + totalSteps + "  " + ConsoleMonitor.text(metrics) + "  eta "
                    + ConsoleMonitor.text(eta));
        }
    }

    private boolean isDue() {
        long now = nanoTime.getAsLong();
        if (printed && now - lastPrint < INTERVAL.toNanos()) {
            return false;
        }
        printed = true;
        lastPrint = now;
        return true;
    }

    @Override
    public void sample(Sample sample) {
        err.println(ConsoleMonitor.text(sample));
    }

    @Override
    public void close() {
        err.flush();
    }
}
