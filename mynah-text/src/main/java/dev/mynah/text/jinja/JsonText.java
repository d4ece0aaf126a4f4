package dev.mynah.text.jinja;

import dev.mynah.text.MarkedText;
import java.math.BigInteger;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Python's {@code json.dumps}, with non-ASCII text as it is unless asked otherwise. */
final class JsonText {
    private final boolean ascii;
    private final @Nullable String indent;
    private final String itemSeparator;
    private final String keySeparator;
    private final boolean sorted;
    private final Budget budget;
    private final MarkedText.Builder out = new MarkedText.Builder();

    private JsonText(Given given) {
        budget = given.budget();
        ascii = given.truth(1, "ensure_ascii", false);
        indent = indent(given.get(2, "indent", None.NONE));
        boolean separators = given.get(3, "separators", None.NONE) instanceof List<?> list && list.size() == 2;
        List<?> pair = separators ? (List<?>) given.get(3, "separators") : List.of();
        itemSeparator = separators ? Values.string(pair.getFirst(), budget).text() : indent == null ? ", " : ",";
        keySeparator = separators ? Values.string(pair.getLast(), budget).text() : ": ";
        sorted = given.truth(4, "sort_keys", false);
    }

    private static @Nullable String indent(Object value) {
        return switch (value) {
            case Long spaces -> " ".repeat(Math.clamp(spaces, 0, 100));
            case MarkedText text -> text.text();
            default -> null;
        };
    }

    /** The filter: its value, then its arguments. */
    static MarkedText filter(Given given) {
        JsonText json = new JsonText(given.only("value", "ensure_ascii", "indent", "separators", "sort_keys"));
        json.write(given.get(0, "value"), 0);
        return json.out.build();
    }

    private void add(String text) {
        out.append(Values.text(text));
    }

    private void write(Object value, int level) {
        budget.enter();
        switch (value) {
            case MarkedText text -> string(text);
            case Boolean truth -> add(truth ? "true" : "false");
            case None none -> add("null");
            case Long number -> add(number.toString());
            case BigInteger number -> add(number.toString());
            case Double number -> add(decimal(number));
            case List<?> list -> list(list, level);
            case Map<?, ?> map -> map(map, level);
            default -> throw new JinjaException(Values.type(value) + " cannot be written as JSON");
        }
        budget.leave();
    }

    private static String decimal(double number) {
        return Double.isNaN(number)
                ? "NaN"
                : Double.isInfinite(number) ? (number > 0 ? "Infinity" : "-Infinity") : Values.decimal(number);
    }

    private void list(List<?> list, int level) {
        if (list.isEmpty()) {
            add("[]");
            return;
        }
        add("[");
        for (Iterator<?> items = list.iterator(); items.hasNext(); ) {
            newLine(level + 1);
            write(items.next(), level + 1);
            add(items.hasNext() ? itemSeparator : "");
        }
        newLine(level);
        add("]");
    }

    private void map(Map<?, ?> map, int level) {
        if (map.isEmpty()) {
            add("{}");
            return;
        }
        add("{");
        Map<?, ?> entries = map;
        if (sorted) {
            Map<Object, Object> inOrder = new TreeMap<>((a, b) -> Operators.compare(a, b, budget));
            inOrder.putAll(map);
            entries = inOrder;
        }
        for (Iterator<? extends Map.Entry<?, ?>> items = entries.entrySet().iterator(); items.hasNext(); ) {
            Map.Entry<?, ?> entry = items.next();
            newLine(level + 1);
            Object key = entry.getKey();
            if (key instanceof MarkedText text) {
                string(text);
            } else {
                add("\"");
                write(key, level);
                add("\"");
            }
            add(keySeparator);
            write(entry.getValue(), level + 1);
            add(items.hasNext() ? itemSeparator : "");
        }
        newLine(level);
        add("}");
    }

    private void newLine(int level) {
        if (indent != null) {
            budget.spendText((long) indent.length() * level);
            add("\n" + indent.repeat(level));
        }
    }

    private void string(MarkedText text) {
        budget.spendText(2L * text.length());
        add("\"");
        out.append(text.mapParts(this::escaped));
        add("\"");
    }

    private String escaped(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 8);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> escaped.append("\\\"");
                case '\\' -> escaped.append("\\\\");
                case '\n' -> escaped.append("\\n");
                case '\r' -> escaped.append("\\r");
                case '\t' -> escaped.append("\\t");
                case '\b' -> escaped.append("\\b");
                case '\f' -> escaped.append("\\f");
                default -> {
                    if (c < 0x20 || (ascii && c >= 0x7F)) {
                        escaped.append(String.format("\\u%04x", (int) c));
                    } else {
                        escaped.append(c);
                    }
                }
            }
        }
        return escaped.toString();
    }
}
