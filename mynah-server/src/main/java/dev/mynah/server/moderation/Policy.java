package dev.mynah.server.moderation;

import dev.mynah.text.classify.TextClassifier;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * What is done about a category.
 *
 * @param input   in what users say
 * @param output  in what models say
 * @param chinese how a refusal is put where the text has Chinese characters
 * @param english how it is put otherwise
 * @param learned what is done where only the classifier finds it; null for a category that it does not know
 */
record Policy(
        Category category,
        Action input,
        Action output,
        String chinese,
        String english,
        @Nullable Guess learned) {

    /**
     * What is done about what the classifier finds.
     *
     * @param threshold from which probability, 0 to 1
     */
    record Guess(Action input, Action output, double threshold) {
        Guess {
            if (!(threshold >= 0 && threshold <= 1)) {
                throw new IllegalArgumentException("threshold must be 0 to 1, not " + threshold);
            }
        }

        Action action(Direction direction) {
            return direction == Direction.INPUT ? input : output;
        }
    }

    /**
     * Those that hold unless an administrator decides otherwise: one for each category. What only the classifier finds is put before the operators.
     *
     * @param classifier where there is one
     */
    static Map<Category, Policy> defaults(@Nullable TextClassifier classifier) {
        Map<String, Map<String, String>> root = new Yaml(new SafeConstructor(new LoaderOptions()))
                .load(Objects.requireNonNull(Policy.class.getResourceAsStream("policies.yaml")));
        Map<Category, Policy> policies = new EnumMap<>(Category.class);
        for (Category category : Category.values()) {
            Map<String, String> keys = Objects.requireNonNull(root.get(category.id()), category.id());
            policies.put(
                    category,
                    new Policy(
                            category,
                            Action.of(key(keys, "input")),
                            Action.of(key(keys, "output")),
                            key(keys, "zh"),
                            key(keys, "en"),
                            null));
        }
        if (classifier != null) {
            for (TextClassifier.Label label : classifier.labels()) {
                policies.computeIfPresent(
                        Category.of(label.name()),
                        (category, policy) ->
                                policy.withLearned(new Guess(Action.WARN, Action.WARN, label.threshold())));
            }
        }
        return policies;
    }

    private static String key(Map<String, String> keys, String name) {
        return Objects.requireNonNull(keys.get(name), name);
    }

    Policy withLearned(@Nullable Guess other) {
        return new Policy(category, input, output, chinese, english, other);
    }

    Action action(Direction direction) {
        return direction == Direction.INPUT ? input : output;
    }

    /** What is done about what the classifier finds: nothing, where it does not know the category. */
    Action guessed(Direction direction) {
        return learned == null ? Action.ALLOW : learned.action(direction);
    }

    /** A refusal, in the language of a text. */
    String refusal(String text) {
        return isChinese(text) ? chinese : english;
    }

    static boolean isChinese(String text) {
        return text.codePoints().anyMatch(Character::isIdeographic);
    }
}
