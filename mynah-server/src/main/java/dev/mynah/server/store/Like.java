package dev.mynah.server.store;

import java.util.Locale;

/** Patterns for {@code lower(column) like ? escape '!'}. */
public final class Like {
    private Like() {}

    /** What contains {@code text}, in whatever case. */
    public static String containing(String text) {
        return "%" + beginning(text);
    }

    /** What begins with {@code text}, in whatever case. */
    public static String beginning(String text) {
        return text.toLowerCase(Locale.ROOT).replaceAll("[!%_]", "!$0") + "%";
    }
}
