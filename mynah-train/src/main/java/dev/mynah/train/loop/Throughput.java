package dev.mynah.train.loop;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;

/** Tokens and time of a run: how many since its start, how fast over the last steps, and how long the rest will take. */
public final class Throughput {
    private static final int WINDOW = 20;

    private final LongSupplier nanoTime;
    private final int window;
    private final double secondsBefore;
    private final long started;
    private final Deque<Mark> marks = new ArrayDeque<>();
    private long tokens;
    private long paused;

    private record Mark(long tokens, long nanos) {}

    /**
     * Begins to measure.
     *
     * @param nanoTime a clock as {@link System#nanoTime}
     * @param window steps that the speed is averaged over
     * @param before what the run has done so far
     */
    public Throughput(LongSupplier nanoTime, int window, TrainingState before) {
        if (window < 1) {
            throw new IllegalArgumentException("window is " + window + "; it takes at least 1");
        }
        this.nanoTime = nanoTime;
        this.window = window;
        this.secondsBefore = before.seconds();
        this.tokens = before.tokens();
        this.started = nanoTime.getAsLong();
        marks.add(new Mark(tokens, now()));
    }

    /** Begins to measure, with the speed averaged over 20 steps; {@code before} is what the run has done so far. */
    public static Throughput since(TrainingState before) {
        return new Throughput(System::nanoTime, WINDOW, before);
    }

    /** Counts a step's tokens. */
    public void add(long stepTokens) {
        tokens += stepTokens;
        marks.addLast(new Mark(tokens, now()));
        if (marks.size() > window + 1) {
            marks.removeFirst();
        }
    }

    /** Leaves the time since the last step out of the speed: it went to something other than training, such as an evaluation. */
    public void skipPause() {
        paused += now() - marks.getLast().nanos();
    }

    /** Tokens since the start of the run. */
    public long tokens() {
        return tokens;
    }

    /** Seconds since the start of the run, pauses included and interruptions left out. */
    public double seconds() {
        return secondsBefore + (nanoTime.getAsLong() - started) / 1e9;
    }

    /** Tokens a second over the window; 0 before the first step. */
    public double tokensPerSecond() {
        long nanos = windowNanos();
        return nanos <= 0
                ? 0
                : 1e9 * (marks.getLast().tokens() - marks.getFirst().tokens()) / nanos;
    }

    /** How long {@code remaining} steps will take at this speed; zero before the first step. */
    public Duration eta(int remaining) {
        int steps = marks.size() - 1;
        return steps == 0 ? Duration.ZERO : Duration.ofMillis(windowNanos() / steps * remaining / 1_000_000);
    }

    private long windowNanos() {
        return marks.getLast().nanos() - marks.getFirst().nanos();
    }

    private long now() {
        return nanoTime.getAsLong() - paused;
    }
}
