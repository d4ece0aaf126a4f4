package dev.mynah.server.moderation;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Words and policies as they hold at a moment. */
final class Rules {
    private final Map<Category, Policy> policies;
    private final Map<Direction, Screen> screens = new EnumMap<>(Direction.class);
    private final Screen either;

    Rules(Folding folding, List<Lexicon.Word> words, Map<Category, Policy> policies) {
        this.policies = new EnumMap<>(policies);
        for (Direction direction : Direction.values()) {
            screens.put(
                    direction,
                    new Screen(
                            folding, words.stream(), categories(policy -> policy.action(direction) != Action.ALLOW)));
        }
        either = new Screen(
                folding,
                words.stream(),
                categories(policy -> policy.input() != Action.ALLOW || policy.output() != Action.ALLOW));
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

    /** What looks for all that is not allowed in both directions. */
    Screen either() {
        return either;
    }

    Action action(Direction direction, Finding finding) {
        return policy(finding.category()).action(direction);
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
