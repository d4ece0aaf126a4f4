package dev.mynah.train.run;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;

/** Tokens a second over the last steps, and how long the rest will take. */
public final class Throughput {
    private final LongSupplier nanoTime;
    private final int window;
    private final Deque<Mark> marks = new ArrayDeque<>();
    private long tokens;
    private long paused;

    private record Mark(long tokens, long nanos) {}

    /**
     * Begins to measure.
     *
     * @param nanoTime a clock as {@link System#nanoTime}
     * @param window steps that are averaged over
     */
    public Throughput(LongSupplier nanoTime, int window) {
        if (window < 1) {
            throw new IllegalArgumentException("window is " + window + "; it takes at least 1");
        }
        this.nanoTime = nanoTime;
        this.window = window;
        marks.add(new Mark(0, now()));
    }

    /** Counts a step's tokens. */
    public void add(long stepTokens) {
        tokens += stepTokens;
        marks.addLast(new Mark(tokens, now()));
        if (marks.size() > window + 1) {
            marks.removeFirst();
        }
    }

    /** Leaves out the time since the last step, which went to something other than training, such as an evaluation. */
    public void skipPause() {
        paused += now() - marks.getLast().nanos();
    }

    /** Tokens a second over the window; 0 before the first step. */
    public double tokensPerSecond() {
        long nanos = marks.getLast().nanos() - marks.getFirst().nanos();
        return nanos <= 0
                ? 0
                : 1e9 * (marks.getLast().tokens() - marks.getFirst().tokens()) / nanos;
    }

    /** How long {@code remaining} tokens will take at this speed; zero before the first step. */
    public Duration eta(long remaining) {
        double speed = tokensPerSecond();
        return speed == 0 ? Duration.ZERO : Duration.ofMillis(Math.round(1000 * remaining / speed));
    }

    private long now() {
        return nanoTime.getAsLong() - paused;
    }
}
