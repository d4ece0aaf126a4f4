package dev.mynah.cli;

import dev.mynah.train.run.Sample;
import dev.mynah.train.run.StepMetrics;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** Shows progress on a terminal: a bar on its last line, which redraws itself, and everything else above it. */
final class BarMonitor implements ConsoleMonitor {
    private static final String CLEAR_LINE = "\r\u001b[K";
    private static final int REDRAW_MILLIS = 250;

    private final PrintWriter err;
    private final int columns;
    private @Nullable ProgressBar bar;
    private volatile @Nullable Duration eta;

    BarMonitor(PrintWriter err, int columns) {
        this.err = err;
        this.columns = columns;
    }

    @Override
    public synchronized void notice(String sentence) {
        err.print(CLEAR_LINE + sentence + System.lineSeparator());
        err.flush();
    }

    /** Called by the bar's own thread. */
    private synchronized void draw(String rendered) {
        err.print(CLEAR_LINE + rendered);
        err.flush();
    }

    @Override
    public void preparing(String what, long done, long total) {
        eta = null;
        bar(what, total).stepTo(done);
    }

    @Override
    public void step(StepMetrics metrics, int totalSteps, Duration left) {
        eta = left;
        bar("Training", totalSteps).stepTo(metrics.step()).setExtraMessage(" " + ConsoleMonitor.text(metrics));
    }

    /** The bar of a task, which takes the place of the one before. */
    private ProgressBar bar(String task, long total) {
        if (bar == null || !bar.getTaskName().equals(task)) {
            close();
            bar = new ProgressBarBuilder()
                    .setTaskName(task)
                    .setInitialMax(total)
                    .setUpdateIntervalMillis(REDRAW_MILLIS)
                    .setStyle(ProgressBarStyle.ASCII)
                    .setEtaFunction(state -> Optional.ofNullable(eta))
                    .setConsumer(new DelegatingProgressBarConsumer(this::draw, columns - 1))
                    .build();
        }
        return bar;
    }

    @Override
    public void sample(Sample sample) {
        notice(ConsoleMonitor.text(sample));
    }

    /** Leaves the bar as it is, with a new line after it. */
    @Override
    public void close() {
        if (bar != null) {
            bar.close();
            err.println();
            bar = null;
        }
    }
}
