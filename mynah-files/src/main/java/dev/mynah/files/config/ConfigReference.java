package dev.mynah.files.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The reference of a stage's keys, made from the annotations that the binder itself follows. */
public final class ConfigReference {
    /** The fallback of a key that holds keys. */
    static final String SECTION = "section";

    private final List<Entry> entries = new ArrayList<>();

    private ConfigReference() {}

    /**
     * One key.
     *
     * @param path dotted path
     * @param way where its section can be given in several ways, the one that the key belongs to, as in {@code model by depth}; else empty
     * @param allowed what it takes, in words
     * @param fallback the default, {@code "required"}, {@code "optional"} where the doc says what holds without it, or
     *     {@code "one way"} for a key that stands for one of several ways to give its section
     */
    public record Entry(String path, String way, String allowed, String fallback, String doc) {
        boolean isList() {
            return allowed.startsWith(Key.A_LIST);
        }
    }

    /** The keys of {@code type} in order, sections before their keys. */
    public static List<Entry> entries(Class<? extends Record> type) {
        ConfigReference reference = new ConfigReference();
        reference.addKeys(type, "", "", "");
        return List.copyOf(reference.entries);
    }

    /** The reference as plain text for a terminal. */
    public static String text(Class<? extends Record> type) {
        StringBuilder out = new StringBuilder();
        String way = "";
        for (Entry entry : entries(type)) {
            if (!entry.way().equals(way)) {
                way = entry.way();
                out.append(way.isEmpty() ? "" : "\n" + way + ":\n");
            }
            out.append(entry.path())
                    .append("  (")
                    .append(entry.allowed())
                    .append("; ")
                    .append(entry.fallback())
                    .append(")\n");
            if (!entry.doc().isEmpty()) {
                out.append("    ").append(entry.doc()).append('\n');
            }
        }
        return out.toString();
    }

    /** The reference as a table in Markdown. */
    public static String markdown(Class<? extends Record> type) {
        StringBuilder out = new StringBuilder("| key | takes | default | meaning |\n|---|---|---|---|\n");
        for (Entry entry : entries(type)) {
            out.append("| `%s` | %s | %s | %s |\n"
                    .formatted(entry.path(), entry.allowed(), cell(entry.fallback()), cell(entry.doc())));
        }
        return out.toString();
    }

    private static String cell(String text) {
        return text.replace("|", "\\|");
    }

    private void addKeys(Class<?> record, String prefix, String way, String choice) {
        for (Key key : Key.of(record)) {
            String path = prefix + key.name();
            boolean chooses = key.name().equals(choice);
            String beside = choice.isEmpty() || chooses ? "" : ", beside " + choice;
            entries.add(new Entry(path, way, allowed(key), chooses ? "one way" : fallback(key) + beside, key.doc()));
            if (key.isChoice()) {
                ConfigBinder.ways(key.type())
                        .forEach((name, type) -> addKeys(type, path + ".", way(path, name, type), name));
            } else if (key.type().isRecord()) {
                addKeys(key.type(), path + ".", way, "");
            } else if (key.elementType() != null && key.elementType().isRecord()) {
                addKeys(key.elementType(), path + "[].", way, "");
            }
        }
    }

    private static String way(String path, String name, Class<?> type) {
        Doc doc = type.getAnnotation(Doc.class);
        return path + ", " + (doc == null ? "by " + name : doc.value());
    }

    private static String allowed(Key key) {
        if (!key.isChoice()) {
            return key.allowed();
        }
        Map<String, Class<?>> ways = ConfigBinder.ways(key.type());
        return "a mapping with exactly one of " + String.join(", ", ways.keySet());
    }

    private static String fallback(Key key) {
        @Nullable String text = key.defaultText();
        if (text != null) {
            return "default " + (text.isEmpty() ? "empty" : text);
        }
        if (key.nullable()) {
            return "optional";
        }
        return key.type().isRecord() ? SECTION : "required";
    }
}
