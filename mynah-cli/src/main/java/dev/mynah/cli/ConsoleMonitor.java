package dev.mynah.cli;

import dev.mynah.train.run.Monitor;
import dev.mynah.train.run.Sample;
import dev.mynah.train.run.SilentMonitor;
import dev.mynah.train.run.StepMetrics;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/** Shows a run's progress on standard error. */
interface ConsoleMonitor extends Monitor, AutoCloseable {

    /** The width of the terminal that standard error is; the launcher sets it where it is one. */
    String COLUMNS = "mynah.columns";

    /** A bar on a terminal, else lines; nothing from the processes of a group but the first. */
    static ConsoleMonitor of(PrintWriter err, boolean first) {
        if (!first) {
            return new Hidden();
        }
        int columns = Integer.getInteger(COLUMNS, 0);
        return columns > 0 ? new BarMonitor(err, columns) : new LineMonitor(err, System::nanoTime);
    }

    /** Shows nothing. */
    final class Hidden extends SilentMonitor implements ConsoleMonitor {
        @Override
        public void close() {}
    }

    @Override
    void close();

    /** As in {@code loss 3.4123  lr 1.0e-03  3120 tok/s  mfu 61%}. */
    static String text(StepMetrics metrics) {
        String speed = String.format(Locale.ROOT, "%.0f tok/s", metrics.tokS());
        String mfu = metrics.mfu() == null ? "" : String.format(Locale.ROOT, "  mfu %.0f%%", 100 * metrics.mfu());
        return String.format(Locale.ROOT, "loss %.4f  lr %.1e  %s%s", metrics.loss(), metrics.lr(), speed, mfu);
    }

    /** As in {@code 1:02:03} or {@code 2:03}. */
    static String text(Duration duration) {
        long hours = duration.toHours();
        return hours > 0
                ? String.format(Locale.ROOT, "%d:%02d:%02d", hours, duration.toMinutesPart(), duration.toSecondsPart())
                : String.format(Locale.ROOT, "%d:%02d", duration.toMinutesPart(), duration.toSecondsPart());
    }

    /** A sample as a block of lines. */
    static String text(Sample sample) {
        return "--- a text written after step " + sample.step() + " ---\n" + visible(sample.prompt() + sample.text())
                + "\n---";
    }

    /** Control characters as {@code \x1B}: what a model writes must not command the terminal. */
    private static String visible(String text) {
        StringBuilder visible = new StringBuilder();
        text.codePoints().forEach(c -> {
            if (Character.isISOControl(c) && c != '\n' && c != '\t') {
                visible.append(String.format(Locale.ROOT, "\\x%02X", c));
            } else {
                visible.appendCodePoint(c);
            }
        });
        return visible.toString();
    }
}
