package dev.mynah.train.poet;

import dev.mynah.train.Resources;
import java.util.List;
import tools.jackson.core.type.TypeReference;

/**
 * What a poem can be about.
 *
 * @param zh    its name in Chinese
 * @param en    its name in English
 * @param words a poem about it contains at least one of these
 */
record Theme(String zh, String en, List<String> words) {
    /** The themes that have a name. */
    static final List<Theme> ALL =
            List.copyOf(Resources.read(Theme.class, "themes.yaml", new TypeReference<List<Theme>>() {}));

    Theme {
        words = List.copyOf(words);
    }

    String name(Language language) {
        return language == Language.ZH ? zh : en;
    }
}
