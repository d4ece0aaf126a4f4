package dev.mynah.text.jinja;

import dev.mynah.text.MarkedText;
import dev.mynah.text.MarkedText.Origin;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The values of a template: {@link MarkedText}, Long, BigInteger (only to be written), Double, Boolean, {@link None},
 * {@link Undefined}, List, Map, {@link Namespace} and {@link Callable}.
 */
final class Values {

    private Values() {}

    static MarkedText text(String text) {
        return MarkedText.of(text, Origin.PROGRAM);
    }

    /** A Java value (null, String, {@link MarkedText}, number, Boolean, List, Map) as a template's; strings get {@code origin}. */
    static Object of(@Nullable Object value, Origin origin) {
        return switch (value) {
            case null -> None.NONE;
            case String text -> MarkedText.of(text, origin);
            case Integer number -> number.longValue();
            case Float number -> number.doubleValue();
            case BigDecimal number -> number.doubleValue();
            case MarkedText text -> text;
            case None none -> none;
            case Long number -> number;
            case Double number -> number;
            case Boolean truth -> truth;
            case BigInteger number -> number.bitLength() < 64 ? number.longValue() : number;
            case List<?> list -> {
                List<Object> items = new ArrayList<>(list.size());
                list.forEach(item -> items.add(of(item, origin)));
                yield items;
            }
            case Map<?, ?> map -> {
                Map<Object, Object> entries = new LinkedHashMap<>();
                map.forEach((key, item) -> entries.put(of(key, origin), of(item, origin)));
                yield entries;
            }
            default ->
                throw new IllegalArgumentException(
                        "a template takes no " + value.getClass().getName());
        };
    }

    /** For messages. */
    static String type(Object value) {
        return switch (value) {
            case MarkedText text -> "a string";
            case Long number -> "a number";
            case BigInteger number -> "a number";
            case Double number -> "a number";
            case Boolean truth -> "a truth value";
            case None none -> "none";
            case Undefined undefined -> "\"" + undefined.name() + "\", which is not defined";
            case List<?> list -> "a list";
            case Map<?, ?> map -> "a mapping";
            case Namespace namespace -> "a namespace";
            default -> "a function";
        };
    }

    static boolean truth(Object value) {
        return switch (value) {
            case Boolean truth -> truth;
            case None none -> false;
            case Undefined undefined -> false;
            case MarkedText text -> text.length() > 0;
            case Long number -> number != 0;
            case Double number -> number != 0;
            case List<?> list -> !list.isEmpty();
            case Map<?, ?> map -> !map.isEmpty();
            default -> true;
        };
    }

    static boolean isNumber(Object value) {
        return value instanceof Long || value instanceof Double || value instanceof BigInteger;
    }

    /** The items that a loop over {@code value} sees. */
    static List<?> items(Object value, Budget budget) {
        List<?> items = switch (value) {
            case List<?> list -> list;
            case Map<?, ?> map -> new ArrayList<>(map.keySet());
            case MarkedText text -> Strings.characters(text);
            case Undefined undefined -> List.of();
            default -> throw new JinjaException(type(value) + " has no items to go through");
        };
        budget.spend(items.size());
        return items;
    }

    static boolean equal(Object left, Object right, Budget budget) {
        budget.enter();
        boolean equal = equalValues(left, right, budget);
        budget.leave();
        return equal;
    }

    private static boolean equalValues(Object left, Object right, Budget budget) {
        if (left instanceof MarkedText a && right instanceof MarkedText b) {
            if (a.length() == b.length()) {
                budget.spendText(a.length());
            }
            return a.equals(b);
        }
        if (left instanceof List<?> a && right instanceof List<?> b) {
            return a.size() == b.size() && equalLists(a, b, budget);
        }
        if (left instanceof Map<?, ?> a && right instanceof Map<?, ?> b) {
            return a.size() == b.size() && equalMaps(a, b, budget);
        }
        Object a = left instanceof Boolean truth ? Long.valueOf(truth ? 1 : 0) : left;
        Object b = right instanceof Boolean truth ? Long.valueOf(truth ? 1 : 0) : right;
        if (isNumber(a) && isNumber(b)) {
            return Operators.compare(a, b, budget) == 0;
        }
        return a.equals(b);
    }

    private static boolean equalLists(List<?> left, List<?> right, Budget budget) {
        Iterator<?> others = right.iterator();
        for (Object item : left) {
            if (!equal(item, others.next(), budget)) {
                return false;
            }
        }
        return true;
    }

    private static boolean equalMaps(Map<?, ?> left, Map<?, ?> right, Budget budget) {
        for (Map.Entry<?, ?> entry : left.entrySet()) {
            Object other = right.get(entry.getKey());
            if (other == null || !equal(entry.getValue(), other, budget)) {
                return false;
            }
        }
        return true;
    }

    /** A value that may be a mapping's key. */
    static Object key(Object value) {
        return switch (value) {
            case MarkedText text -> text;
            case Long number -> number;
            case Boolean truth -> truth;
            case None none -> none;
            case Double number -> number;
            default -> throw new JinjaException(type(value) + " cannot be a key of a mapping");
        };
    }

    /** Python's {@code str}. */
    static MarkedText string(Object value, Budget budget) {
        if (value instanceof MarkedText text) {
            return text;
        }
        if (value instanceof Undefined) {
            return MarkedText.EMPTY;
        }
        MarkedText.Builder out = new MarkedText.Builder();
        write(value, out, budget);
        return out.build();
    }

    /** Python's {@code repr}. */
    private static void write(Object value, MarkedText.Builder out, Budget budget) {
        budget.enter();
        switch (value) {
            case MarkedText text -> quote(text, out, budget);
            case List<?> list -> {
                String separator = "[";
                for (Object item : list) {
                    out.append(text(separator));
                    write(item, out, budget);
                    separator = ", ";
                }
                out.append(text(list.isEmpty() ? "[]" : "]"));
            }
            case Map<?, ?> map -> {
                String separator = "{";
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    out.append(text(separator));
                    write(entry.getKey(), out, budget);
                    out.append(text(": "));
                    write(entry.getValue(), out, budget);
                    separator = ", ";
                }
                out.append(text(map.isEmpty() ? "{}" : "}"));
            }
            default -> out.append(text(scalar(value)));
        }
        budget.leave();
    }

    private static void quote(MarkedText text, MarkedText.Builder out, Budget budget) {
        budget.spendText(2L * text.length());
        boolean twice = text.text().indexOf('\'') >= 0 && text.text().indexOf('"') < 0;
        MarkedText quote = text(twice ? "\"" : "'");
        out.append(quote);
        out.append(text.mapParts(part -> escaped(part, twice)));
        out.append(quote);
    }

    private static String escaped(String text, boolean twice) {
        StringBuilder out = new StringBuilder();
        text.codePoints().forEach(c -> {
            switch (c) {
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\'' -> out.append(twice ? "'" : "\\'");
                default -> {
                    if (isPrintable(c)) {
                        out.appendCodePoint(c);
                    } else {
                        out.append(String.format(c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x", c));
                    }
                }
            }
        });
        return out.toString();
    }

    private static boolean isPrintable(int c) {
        return c == ' '
                || switch (Character.getType(c)) {
                    case Character.CONTROL,
                            Character.FORMAT,
                            Character.SURROGATE,
                            Character.PRIVATE_USE,
                            Character.UNASSIGNED,
                            Character.LINE_SEPARATOR,
                            Character.PARAGRAPH_SEPARATOR,
                            Character.SPACE_SEPARATOR -> false;
                    default -> true;
                };
    }

    /** A value that is neither string nor container. */
    static String scalar(Object value) {
        return switch (value) {
            case Boolean truth -> truth ? "True" : "False";
            case None none -> "None";
            case Undefined undefined -> "Undefined";
            case Double number -> decimal(number);
            case Long number -> number.toString();
            case BigInteger number -> number.toString();
            default -> "<" + type(value).substring(2) + ">";
        };
    }

    /** Python's {@code repr} of a float. */
    static String decimal(double number) {
        if (Double.isNaN(number)) {
            return "nan";
        }
        if (Double.isInfinite(number)) {
            return number > 0 ? "inf" : "-inf";
        }
        String sign = number < 0 || 1 / number < 0 ? "-" : "";
        BigDecimal digits = new BigDecimal(Double.toString(Math.abs(number))).stripTrailingZeros();
        int exponent = digits.precision() - digits.scale() - 1;
        if (digits.signum() == 0) {
            return sign + "0.0";
        }
        if (exponent < -4 || exponent >= 16) {
            String unscaled = digits.unscaledValue().toString();
            String mantissa = unscaled.length() == 1 ? unscaled : unscaled.charAt(0) + "." + unscaled.substring(1);
            return sign + mantissa + String.format("e%s%02d", exponent < 0 ? "-" : "+", Math.abs(exponent));
        }
        String plain = digits.toPlainString();
        return sign + (plain.contains(".") ? plain : plain + ".0");
    }
}
