package dev.mynah.train.poet;

import java.util.List;

/**
 * What a poem can be about.
 *
 * @param zh    its name in Chinese
 * @param en    its name in English
 * @param words a poem about it contains at least one of these
 */
record Theme(String zh, String en, List<String> words) {
    String name(Language language) {
        return language == Language.ZH ? zh : en;
    }
}
