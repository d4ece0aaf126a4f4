package dev.mynah.train.ppo;

import dev.mynah.train.run.StepLog;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Watches for the known ways in which reinforcement learning from a reward goes wrong, and names each when it begins. The mean of the last {@value #WINDOW} steps is held against that of the first
 * {@value #WINDOW}.
 */
final class FailureModes {

    static final int WINDOW = 10;

    private final List<Moment> moments = new ArrayList<>();
    private final Set<Mode> standing = EnumSet.noneOf(Mode.class);

    /** What goes wrong, in words. */
    private enum Mode {
        REWARD_HACKING("reward hacking: the reward model's reward rises while the score by rule falls"),
        KL_BLOW_UP("KL blow-up: the policy is more than 1 nat a token away from the reference"),
        ENTROPY_COLLAPSE("entropy collapse: the policy's entropy is below a third of what it was"),
        LENGTH_DRIFT("length drift: answers are less than half or more than twice as long as they were"),
        VALUE_LOSS_EXPLOSION("value-loss explosion: the value loss is over ten times what it was");

        private final String words;

        Mode(String words) {
            this.words = words;
        }
    }

    /** What is remembered of a step. */
    private record Moment(
            @Nullable Double learned, @Nullable Double rule, double kl, double entropy, double length, double loss) {}

    /** Goes on from what is written in {@code metrics.jsonl}. */
    static FailureModes read(Path metrics) throws IOException {
        FailureModes modes = new FailureModes();
        StepLog.forEach(metrics, line -> {
            if (line.has("entropy")) {
                modes.add(new Moment(
                        optional(line, "learned_reward"),
                        optional(line, "rule_score"),
                        line.path("kl").asDouble(),
                        line.path("entropy").asDouble(),
                        line.path("length").asDouble(),
                        line.path("value_loss").asDouble()));
            }
        });
        return modes;
    }

    private static @Nullable Double optional(JsonNode line, String field) {
        return line.has(field) ? (Double) line.path(field).asDouble() : null;
    }

    /** The failure modes that begin with a step, in words. */
    List<String> after(PolicyMetrics metrics) {
        return add(new Moment(
                metrics.learnedReward(),
                metrics.ruleScore(),
                metrics.kl(),
                metrics.entropy(),
                metrics.length(),
                Objects.requireNonNullElse(metrics.valueLoss(), 0.0)));
    }

    private List<String> add(Moment moment) {
        moments.add(moment);
        List<String> begun = new ArrayList<>();
        if (moments.size() >= 2 * WINDOW) {
            for (Mode mode : Mode.values()) {
                if (!stands(mode)) {
                    standing.remove(mode);
                } else if (standing.add(mode)) {
                    begun.add(mode.words);
                }
            }
        }
        return begun;
    }

    private boolean stands(Mode mode) {
        return switch (mode) {
            case REWARD_HACKING -> learnedRises() && ruleFalls();
            case KL_BLOW_UP -> last(Moment::kl) > last(Moment::length);
            case ENTROPY_COLLAPSE -> last(Moment::entropy) < first(Moment::entropy) / 3;
            case LENGTH_DRIFT ->
                last(Moment::length) < 0.5 * first(Moment::length) || last(Moment::length) > 2 * first(Moment::length);
            case VALUE_LOSS_EXPLOSION -> last(Moment::loss) > 10 * first(Moment::loss);
        };
    }

    private boolean learnedRises() {
        ToDoubleFunction<Moment> learned = m -> Objects.requireNonNullElse(m.learned(), 0.0);
        return last(learned) > first(learned) + 0.05;
    }

    private boolean ruleFalls() {
        ToDoubleFunction<Moment> rule = m -> Objects.requireNonNullElse(m.rule(), 0.0);
        return last(rule) < first(rule) - 0.05;
    }

    private double first(ToDoubleFunction<Moment> number) {
        return mean(moments.subList(0, WINDOW), number);
    }

    private double last(ToDoubleFunction<Moment> number) {
        return mean(moments.subList(moments.size() - WINDOW, moments.size()), number);
    }

    private static double mean(List<Moment> moments, ToDoubleFunction<Moment> number) {
        return moments.stream().mapToDouble(number).average().orElse(0);
    }
}
