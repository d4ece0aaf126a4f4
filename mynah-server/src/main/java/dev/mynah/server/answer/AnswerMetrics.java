package dev.mynah.server.answer;

import dev.mynah.server.billing.Outcome;
import dev.mynah.server.billing.TokenCounts;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;

/** What this process counts of the answers that it settles, by model. What a sweeper settles for a process that was killed is not counted. */
@Component
public final class AnswerMetrics {
    private static final String MODEL = "model";
    private static final String PACE = "mynah.time.per.token";
    private static final Duration[] FIRST_TOKEN = seconds(0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60);
    private static final Duration[] PER_TOKEN = seconds(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1);

    private final MeterRegistry registry;

    public AnswerMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    private static Duration[] seconds(double... values) {
        Duration[] durations = new Duration[values.length];
        for (int i = 0; i < values.length; i++) {
            durations[i] = Duration.ofNanos(Math.round(values[i] * 1e9));
        }
        return durations;
    }

    /** @param cost in micro-units of the model's currency */
    void settled(RunningAnswer answer, Outcome outcome, long cost) {
        String model = answer.order().model().id();
        Counter.builder("mynah.answers")
                .description("Answers that were settled")
                .tags(MODEL, model, "outcome", outcome.id())
                .register(registry)
                .increment();
        TokenCounts charged = answer.counts().charged(outcome);
        count(model, "input", charged.prompt() - charged.cached());
        count(model, "cached_input", charged.cached());
        count(model, "output", charged.completion());
        Counter.builder("mynah.settled.money")
                .description("Money that answers cost, in micro-units of the currency")
                .baseUnit("micros")
                .tags(MODEL, model, "currency", answer.order().model().currency())
                .register(registry)
                .increment((double) cost);
        answer.pace().ifPresent(pace -> {
            timer("mynah.time.to.first.token", "From a request's reservation to its first token", FIRST_TOKEN, model)
                    .record(pace.first());
            if (pace.perToken() != null) {
                timer(PACE, "From the first token to the last, a token", PER_TOKEN, model)
                        .record(pace.perToken());
            }
        });
    }

    /** Tokens a second, from the first token to the last, of the answers that this process has settled; empty before the first. */
    public OptionalDouble pace(String model) {
        Timer timer = registry.find(PACE).tag(MODEL, model).timer();
        double perToken = timer == null ? 0 : timer.mean(TimeUnit.SECONDS);
        return perToken > 0 ? OptionalDouble.of(1 / perToken) : OptionalDouble.empty();
    }

    private void count(String model, String direction, int tokens) {
        Counter.builder("mynah.tokens")
                .description("Tokens that were charged")
                .tags(MODEL, model, "direction", direction)
                .register(registry)
                .increment(tokens);
    }

    private Timer timer(String name, String description, Duration[] buckets, String model) {
        return Timer.builder(name)
                .description(description)
                .serviceLevelObjectives(buckets)
                .tags(MODEL, model)
                .register(registry);
    }
}
