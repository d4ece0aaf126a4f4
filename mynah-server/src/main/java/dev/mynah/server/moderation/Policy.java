package dev.mynah.server.moderation;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
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
 */
record Policy(Category category, Action input, Action output, String chinese, String english) {

    /** Those that hold unless an administrator decides otherwise: one for each category. */
    static Map<Category, Policy> defaults() {
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
                            key(keys, "en")));
        }
        return policies;
    }

    private static String key(Map<String, String> keys, String name) {
        return Objects.requireNonNull(keys.get(name), name);
    }

    Action action(Direction direction) {
        return direction == Direction.INPUT ? input : output;
    }

    /** A refusal, in the language of a text. */
    String refusal(String text) {
        return isChinese(text) ? chinese : english;
    }

    static boolean isChinese(String text) {
        return text.codePoints().anyMatch(Character::isIdeographic);
    }
}
