package dev.mynah.server.monitoring;

import dev.mynah.server.answer.Answers;
import dev.mynah.server.ops.RepeatedTask;
import dev.mynah.server.provider.ModelProvider;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What this process did in the last quarter of an hour, every five seconds: for people who watch; Prometheus keeps what lasts. */
@Component
final class HealthHistory extends RepeatedTask {
    static final Duration EVERY = Duration.ofSeconds(5);
    private static final int KEPT = 180;

    private final MeterRegistry registry;
    private final Answers answers;
    private final List<ModelProvider> providers;
    private final Clock clock;
    // Guarded by this.
    private final Deque<Sample> samples = new ArrayDeque<>();
    private @Nullable Totals before;

    HealthHistory(MeterRegistry registry, Answers answers, List<ModelProvider> providers, Clock clock) {
        super("keeping the recent history of health", EVERY);
        this.registry = registry;
        this.answers = answers;
        this.providers = List.copyOf(providers);
        this.clock = clock;
    }

    /**
     * Five seconds.
     *
     * @param at                  their end, in seconds since 1970
     * @param running             answers that were generated at their end
     * @param waiting             sequences that waited in the engines at their end
     * @param requestsPerSecond   requests that ended
     * @param errorsPerSecond     requests that ended with a status of 500 or more
     * @param inputTokensPerSecond tokens that were read, cached ones included, of answers that were settled
     * @param outputTokensPerSecond tokens that were written, of answers that were settled
     * @param firstTokenMs        mean time to the first token of the answers that were settled, or null for none
     * @param tokenMs             mean time per further token of those, or null
     * @param heapBytes           memory of the JVM's heap in use
     * @param connections         connections to the database in use
     */
    record Sample(
            long at,
            int running,
            int waiting,
            double requestsPerSecond,
            double errorsPerSecond,
            double inputTokensPerSecond,
            double outputTokensPerSecond,
            @Nullable Double firstTokenMs,
            @Nullable Double tokenMs,
            long heapBytes,
            int connections) {}

    /** What only grows. */
    private record Totals(
            long nanos,
            double requests,
            double errors,
            double input,
            double output,
            double firstTokens,
            double firstTokenMs,
            double tokens,
            double tokenMs) {}

    /** The samples, oldest first. */
    synchronized List<Sample> samples() {
        return List.copyOf(samples);
    }

    @Override
    protected void once() {
        Totals now = totals();
        Totals old = before;
        before = now;
        if (old == null) {
            return;
        }
        double seconds = (now.nanos - old.nanos) / 1e9;
        add(new Sample(
                clock.instant().getEpochSecond(),
                answers.running().size(),
                waiting(),
                (now.requests - old.requests) / seconds,
                (now.errors - old.errors) / seconds,
                (now.input - old.input) / seconds,
                (now.output - old.output) / seconds,
                mean(now.firstTokenMs - old.firstTokenMs, now.firstTokens - old.firstTokens),
                mean(now.tokenMs - old.tokenMs, now.tokens - old.tokens),
                Math.round(gauge("jvm.memory.used", "area", "heap")),
                (int) Math.round(gauge("hikaricp.connections.active"))));
    }

    private synchronized void add(Sample sample) {
        samples.addLast(sample);
        if (samples.size() > KEPT) {
            samples.removeFirst();
        }
    }

    private static @Nullable Double mean(double sum, double count) {
        return count <= 0 ? null : sum / count;
    }

    /** Sequences that wait in the engines of this process. */
    int waiting() {
        return providers.stream()
                .flatMap(provider -> provider.metrics().stream())
                .mapToInt(metrics -> metrics.waiting())
                .sum();
    }

    private Totals totals() {
        Collection<Timer> requests = registry.find(RequestMetrics.NAME).timers();
        Collection<Timer> first = registry.find("mynah.time.to.first.token").timers();
        Collection<Timer> perToken = registry.find("mynah.time.per.token").timers();
        return new Totals(
                System.nanoTime(),
                count(requests),
                requests.stream()
                        .filter(timer ->
                                String.valueOf(timer.getId().getTag("status")).startsWith("5"))
                        .mapToDouble(Timer::count)
                        .sum(),
                tokens("input") + tokens("cached_input"),
                tokens("output"),
                count(first),
                millis(first),
                count(perToken),
                millis(perToken));
    }

    private double tokens(String direction) {
        return registry.find("mynah.tokens").tag("direction", direction).counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    private static double count(Collection<Timer> timers) {
        return timers.stream().mapToDouble(Timer::count).sum();
    }

    private static double millis(Collection<Timer> timers) {
        return timers.stream()
                .mapToDouble(timer -> timer.totalTime(TimeUnit.MILLISECONDS))
                .sum();
    }

    private double gauge(String name, String... tags) {
        return registry.find(name).tags(tags).gauges().stream()
                .mapToDouble(Gauge::value)
                .sum();
    }
}
