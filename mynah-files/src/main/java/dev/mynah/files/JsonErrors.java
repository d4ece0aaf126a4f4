package dev.mynah.files;

import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;

/** What to tell people of a JSON file that cannot be read. */
public final class JsonErrors {

    private JsonErrors() {}

    /** What is wrong and where, in one line, as in {@code line 3, column 14: files.a.bytes: Unexpected character ...}; Jackson's own notes on sources, settings and packages are left out. */
    public static String describe(JacksonException failure) {
        TokenStreamLocation at = failure.getLocation();
        String line = at == null || at.getLineNr() < 1 ? "" : "line " + at.getLineNr() + ", ";
        return line + describeInLine(failure);
    }

    /** As {@link #describe} where the line is known, since each is a text of its own. */
    public static String describeInLine(JacksonException failure) {
        String what = failure.getOriginalMessage()
                .lines()
                .findFirst()
                .orElse("unreadable")
                .replaceAll(" ?\\((start marker at|set `)[^)]*(\\)[^)]*])?\\)", "")
                .replaceAll(" ?(at )?\\[(Source|No location)[^]]*]", "")
                .replaceAll(", from `[^`]*`", "")
                .replaceAll("`(?:[\\w.]+[.$])?(\\w+)(<[^`]*>)?`", "$1");
        TokenStreamLocation at = failure.getLocation();
        String column = at == null || at.getColumnNr() < 1 ? "" : "column " + at.getColumnNr() + ": ";
        return column + field(failure.getPath()) + what;
    }

    private static String field(List<JacksonException.Reference> path) {
        StringBuilder field = new StringBuilder();
        for (JacksonException.Reference part : path) {
            if (part.getPropertyName() == null) {
                field.append('[').append(part.getIndex()).append(']');
            } else {
                field.append(field.isEmpty() ? "" : ".").append(part.getPropertyName());
            }
        }
        return field.isEmpty() ? "" : field + ": ";
    }
}
