package dev.mynah.train.poet;

import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Ways to say a thing, with names in braces for what is put in. */
final class Phrases {
    private Phrases() {}

    /** One of the phrases, with every {@code {name}} replaced by its value. */
    static String fill(List<String> phrases, Map<String, String> values, RandomGenerator random) {
        String text = phrases.get(random.nextInt(phrases.size()));
        for (Map.Entry<String, String> value : values.entrySet()) {
            text = text.replace("{" + value.getKey() + "}", value.getValue());
        }
        return text;
    }
}
