package dev.mynah.train.poet;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import tools.jackson.core.type.TypeReference;

/** Ways to say a thing, with names in braces for what is put in. */
final class Phrases {
    private static final Map<PoemForm, Asking> FORMS = Resources.read("forms.yaml", new TypeReference<>() {});

    private Phrases() {}

    /** One of the phrases, with every {@code {name}} replaced by its value. */
    static String fill(List<String> phrases, Map<String, String> values, RandomGenerator random) {
        String text = phrases.get(random.nextInt(phrases.size()));
        for (Map.Entry<String, String> value : values.entrySet()) {
            text = text.replace("{" + value.getKey() + "}", value.getValue());
        }
        return text;
    }

    /** What people call a form, its usual name twice in three times. */
    static String name(PoemForm form, Language language, RandomGenerator random) {
        List<String> names = Objects.requireNonNull(FORMS.get(form)).in(language, false);
        return names.get(random.nextInt(3) < 2 ? 0 : random.nextInt(names.size()));
    }
}
