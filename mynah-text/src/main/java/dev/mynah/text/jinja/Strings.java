package dev.mynah.text.jinja;

import dev.mynah.text.MarkedText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;

/** Python's operations on strings; every character keeps its origin. */
final class Strings {

    private Strings() {}

    /** What Python's {@code str.isspace} holds for; all of it lies in the basic plane. */
    static boolean isSpace(int c) {
        return (c >= 9 && c <= 13)
                || (c >= 0x1C && c <= 0x20)
                || c == 0x85
                || c == 0xA0
                || (c > 0xFF && Character.isSpaceChar(c));
    }

    static String stripEnd(String text) {
        int end = text.length();
        while (end > 0 && isSpace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(0, end);
    }

    static MarkedText strip(MarkedText text, IntPredicate stripped, boolean left, boolean right) {
        String chars = text.text();
        int begin = 0;
        int end = chars.length();
        while (left && begin < end && stripped.test(chars.codePointAt(begin))) {
            begin += Character.charCount(chars.codePointAt(begin));
        }
        while (right && end > begin && stripped.test(chars.codePointBefore(end))) {
            end -= Character.charCount(chars.codePointBefore(end));
        }
        return text.substring(begin, end);
    }

    /** Whether every index of a code point is the index of its char. */
    private static boolean isBasic(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isHighSurrogate(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    static int length(MarkedText text) {
        return text.text().codePointCount(0, text.length());
    }

    /** By code points. */
    static MarkedText slice(MarkedText text, List<Integer> indexes) {
        String chars = text.text();
        boolean basic = isBasic(chars);
        int[] offsets = basic ? new int[0] : offsets(chars);
        int first = indexes.isEmpty() ? 0 : indexes.getFirst();
        int last = indexes.isEmpty() ? -1 : indexes.getLast();
        if (last - first + 1 == indexes.size()) {
            return basic ? text.substring(first, last + 1) : text.substring(offsets[first], offsets[last + 1]);
        }
        MarkedText.Builder slice = new MarkedText.Builder();
        for (int index : indexes) {
            slice.append(basic ? text.substring(index, index + 1) : text.substring(offsets[index], offsets[index + 1]));
        }
        return slice.build();
    }

    private static int[] offsets(String text) {
        int[] offsets = new int[text.codePointCount(0, text.length()) + 1];
        for (int i = 1; i < offsets.length; i++) {
            offsets[i] = text.offsetByCodePoints(offsets[i - 1], 1);
        }
        return offsets;
    }

    static List<Object> characters(MarkedText text) {
        List<Object> characters = new ArrayList<>();
        int next;
        for (int i = 0; i < text.length(); i = next) {
            next = i + Character.charCount(text.text().codePointAt(i));
            characters.add(text.substring(i, next));
        }
        return characters;
    }

    /** The parts between {@code separator}, at most {@code limit} cuts (negative: any number), from the right or left. */
    static List<Object> split(MarkedText text, String separator, int limit, boolean fromRight) {
        List<Object> parts = new ArrayList<>();
        String chars = text.text();
        int begin = 0;
        int end = chars.length();
        int left = limit < 0 ? Integer.MAX_VALUE : limit;
        while (left-- > 0) {
            int at = fromRight
                    ? chars.lastIndexOf(separator, end - separator.length())
                    : chars.indexOf(separator, begin);
            if (at < 0 || (fromRight && end < separator.length())) {
                break;
            }
            if (fromRight) {
                parts.addFirst(text.substring(at + separator.length(), end));
                end = at;
            } else {
                parts.add(text.substring(begin, at));
                begin = at + separator.length();
            }
        }
        if (fromRight) {
            parts.addFirst(text.substring(0, end));
        } else {
            parts.add(text.substring(begin, end));
        }
        return parts;
    }

    /** The words between whitespace, from the left. */
    static List<Object> words(MarkedText text, int limit) {
        List<Object> words = new ArrayList<>();
        MarkedText rest = strip(text, Strings::isSpace, true, false);
        while (rest.length() > 0) {
            int end = 0;
            while (end < rest.length() && !isSpace(rest.text().charAt(end))) {
                end++;
            }
            if (limit >= 0 && words.size() == limit) {
                words.add(strip(rest, Strings::isSpace, false, true));
                return words;
            }
            words.add(rest.substring(0, end));
            rest = strip(rest.substring(end, rest.length()), Strings::isSpace, true, false);
        }
        return words;
    }

    static List<Object> lines(MarkedText text, boolean keepEnds) {
        List<Object> lines = new ArrayList<>();
        String chars = text.text();
        int begin = 0;
        for (int i = 0; i < chars.length(); i++) {
            char c = chars.charAt(i);
            boolean ends = (c >= 10 && c <= 13) || (c >= 0x1C && c <= 0x1E) || c == 0x85 || c == 0x2028 || c == 0x2029;
            if (ends) {
                int after = c == '\r' && i + 1 < chars.length() && chars.charAt(i + 1) == '\n' ? i + 2 : i + 1;
                lines.add(text.substring(begin, keepEnds ? after : i));
                begin = after;
                i = after - 1;
            }
        }
        if (begin < chars.length()) {
            lines.add(text.substring(begin, chars.length()));
        }
        return lines;
    }

    static MarkedText replace(MarkedText text, MarkedText old, MarkedText with, int limit, Budget budget) {
        budget.spendSearch(text.length(), old.length());
        MarkedText.Builder result = new MarkedText.Builder();
        int begin = 0;
        int left = limit < 0 ? Integer.MAX_VALUE : limit;
        int at = text.text().indexOf(old.text());
        while (at >= 0 && left-- > 0) {
            budget.spendMore(result.length(), (long) at - begin + with.length());
            result.append(text.substring(begin, at)).append(with);
            begin = at + old.length();
            if (old.length() == 0) {
                if (at == text.length()) {
                    break;
                }
                result.append(text.substring(at, at + 1));
                begin = at + 1;
            }
            at = text.text().indexOf(old.text(), begin);
        }
        return begin >= text.length()
                ? result.build()
                : result.append(text.substring(begin, text.length())).build();
    }

    static MarkedText upper(MarkedText text) {
        return text.mapParts(part -> part.toUpperCase(Locale.ROOT));
    }

    static MarkedText lower(MarkedText text) {
        return text.mapParts(part -> part.toLowerCase(Locale.ROOT));
    }

    static MarkedText capitalize(MarkedText text) {
        if (text.length() == 0) {
            return text;
        }
        int first = Character.charCount(text.text().codePointAt(0));
        return upper(text.substring(0, first)).plus(lower(text.substring(first, text.length())));
    }

    /** Every word with one capital; a word begins where {@code begins} holds for the character before it. */
    static MarkedText title(MarkedText text, IntPredicate begins) {
        MarkedText.Builder result = new MarkedText.Builder();
        int before = ' ';
        for (Object character : characters(text)) {
            MarkedText one = (MarkedText) character;
            result.append(begins.test(before) ? upper(one) : lower(one));
            before = one.text().codePointAt(0);
        }
        return result.build();
    }
}
