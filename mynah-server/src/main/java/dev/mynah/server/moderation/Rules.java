package dev.mynah.server.moderation;

import dev.mynah.text.classify.TextClassifier;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Words, policies and the classifier as they hold at a moment. */
final class Rules {
    private final Map<Category, Policy> policies;
    private final Map<Direction, Screen> screens = new EnumMap<>(Direction.class);
    /** Words and patterns of all that is not allowed in both directions. */
    private final Screen named;

    private final Folding folding;
    private final @Nullable TextClassifier classifier;

    Rules(
            Folding folding,
            List<Lexicon.Word> words,
            @Nullable TextClassifier classifier,
            Map<Category, Policy> policies) {
        this.policies = new EnumMap<>(policies);
        this.folding = folding;
        this.classifier = classifier;
        for (Direction direction : Direction.values()) {
            screens.put(
                    direction,
                    new Screen(
                            folding,
                            words.stream(),
                            categories(policy -> policy.action(direction) != Action.ALLOW),
                            learned(policy -> policy.guessed(direction))));
        }
        named = new Screen(
                folding,
                words.stream(),
                categories(policy -> policy.input() != Action.ALLOW || policy.output() != Action.ALLOW),
                null);
    }

    private @Nullable Learned learned(Function<Policy, Action> action) {
        if (classifier == null) {
            return null;
        }
        Map<Category, Action> actions = new EnumMap<>(Category.class);
        policies.forEach((category, policy) -> actions.put(category, action.apply(policy)));
        return new Learned(
                classifier,
                folding,
                actions,
                category -> Objects.requireNonNull(policy(category).learned()).threshold());
    }

    private Set<Category> categories(Predicate<Policy> wanted) {
        Set<Category> categories = EnumSet.noneOf(Category.class);
        policies.values().stream().filter(wanted).forEach(policy -> categories.add(policy.category()));
        return categories;
    }

    Policy policy(Category category) {
        return Objects.requireNonNull(policies.get(category));
    }

    Screen screen(Direction direction) {
        return Objects.requireNonNull(screens.get(direction));
    }

    /** The categories of which a text has words or patterns, and which are not allowed in both directions. */
    Set<Category> named(String text) {
        Set<Category> categories = EnumSet.noneOf(Category.class);
        named.findings(text).forEach(finding -> categories.add(finding.category()));
        return categories;
    }

    /** Whether a probability of the classifier's is a finding: it reaches the threshold of a category that is not allowed in both directions. */
    boolean finds(Category category, double probability) {
        Policy policy = policy(category);
        return policy.learned() != null
                && probability >= policy.learned().threshold()
                && (policy.guessed(Direction.INPUT) != Action.ALLOW
                        || policy.guessed(Direction.OUTPUT) != Action.ALLOW);
    }

    /** How likely the classifier finds the categories that it knows. */
    Map<Category, Double> probabilities(String text) {
        Map<Category, Double> probabilities = new EnumMap<>(Category.class);
        if (classifier != null) {
            double[] highest = classifier.highestProbabilities(folding.simplified(text));
            List<Category> categories = Learned.categories(classifier);
            for (int label = 0; label < highest.length; label++) {
                probabilities.put(categories.get(label), highest[label]);
            }
        }
        return probabilities;
    }

    Action action(Direction direction, Finding finding) {
        Policy policy = policy(finding.category());
        return finding.probability() == null ? policy.action(direction) : policy.guessed(direction);
    }

    /**
     * The first place at which a text is refused; of several that begin there, the worst.
     *
     * @param findings by their place
     */
    Optional<Finding> refused(Direction direction, List<Finding> findings) {
        return findings.stream()
                .filter(finding -> action(direction, finding).refuses())
                .min((a, b) -> a.start() != b.start()
                        ? Integer.compare(a.start(), b.start())
                        : action(direction, b).compareTo(action(direction, a)));
    }

    /** Covers with asterisks what is to be masked of the characters from {@code from} on. */
    String masked(Direction direction, List<Finding> findings, String text, int from) {
        StringBuilder masked = new StringBuilder(text);
        for (Finding finding : findings) {
            if (action(direction, finding) == Action.MASK) {
                int end = Math.min(finding.end() - from, text.length());
                for (int i = Math.max(finding.start() - from, 0); i < end; i++) {
                    masked.setCharAt(i, '*');
                }
            }
        }
        return masked.toString();
    }
}
