package dev.mynah.train.poet;

import dev.mynah.train.Resources;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.type.TypeReference;

/** Ways to say a thing, with names in braces for what is put in, and {@code (one|two|)} where one of several words, or none, is said. */
final class Phrases {
    private static final Pattern ALTERNATIVES = Pattern.compile("\\(([^()]*)\\)");
    private static final Map<PoemForm, Asking> FORMS =
            Resources.read(Phrases.class, "forms.yaml", new TypeReference<>() {});

    private Phrases() {}

    /** One of the phrases, with one of each of its alternatives, and with every {@code {name}} replaced by its value. */
    static String fill(List<String> phrases, Map<String, String> values, RandomGenerator random) {
        String text = ALTERNATIVES
                .matcher(phrases.get(random.nextInt(phrases.size())))
                .replaceAll(
                        match -> Matcher.quoteReplacement(oneOf(match.group(1).split("\\|", -1), random)));
        for (Map.Entry<String, String> value : values.entrySet()) {
            text = text.replace("{" + value.getKey() + "}", value.getValue());
        }
        return text;
    }

    private static String oneOf(String[] words, RandomGenerator random) {
        return words[random.nextInt(words.length)];
    }

    /** What people call a form, its usual name twice in three times. */
    static String name(PoemForm form, Language language, RandomGenerator random) {
        List<String> names = Objects.requireNonNull(FORMS.get(form)).in(language, false);
        return names.get(random.nextInt(3) < 2 ? 0 : random.nextInt(names.size()));
    }
}
