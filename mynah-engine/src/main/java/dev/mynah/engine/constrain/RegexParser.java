package dev.mynah.engine.constrain;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Reads regular expressions of the common subset of ECMA 262 and Java: classes, groups, alternatives, repetition. There
 * are no look-around, back-references or word borders.
 */
final class RegexParser {
    private static final int MAX_REPEAT = 1000;
    private static final int MAX_DEPTH = 100;
    private static final int MAX_LENGTH = 10_000;

    private final String regex;
    private final Function<CharSet, Pattern> characters;
    private int at;
    private int depth;

    private RegexParser(String regex, Function<CharSet, Pattern> characters) {
        this.regex = regex;
        this.characters = characters;
    }

    /**
     * The texts that {@code regex} matches as a whole, or, with {@code search}, those in which it matches somewhere.
     *
     * @param characters how one of a set of characters is written
     */
    static Pattern parse(String regex, boolean search, Function<CharSet, Pattern> characters) {
        if (regex.length() > MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "a regular expression has at most " + MAX_LENGTH + " characters, not " + regex.length());
        }
        RegexParser parser = new RegexParser(regex, characters);
        Pattern any = Pattern.any(characters.apply(CharSet.ALL));
        List<Pattern> options = new ArrayList<>();
        do {
            boolean begins = parser.skip('^');
            Pattern body = parser.sequence();
            boolean ends = parser.skip('$');
            options.add(Pattern.sequence(
                    search && !begins ? any : Pattern.EMPTY, body, search && !ends ? any : Pattern.EMPTY));
        } while (parser.skip('|'));
        if (parser.at < regex.length()) {
            throw parser.wrong("\"" + regex.charAt(parser.at) + "\" is not expected");
        }
        return new Pattern.Choice(options);
    }

    private IllegalArgumentException wrong(String what) {
        return new IllegalArgumentException(
                "the regular expression \"" + regex + "\", at character " + (at + 1) + ": " + what);
    }

    private boolean more() {
        return at < regex.length();
    }

    private boolean skip(char c) {
        boolean found = more() && regex.charAt(at) == c;
        at += found ? 1 : 0;
        return found;
    }

    private Pattern alternatives() {
        List<Pattern> options = new ArrayList<>();
        do {
            options.add(sequence());
        } while (skip('|'));
        return new Pattern.Choice(options);
    }

    private Pattern sequence() {
        List<Pattern> parts = new ArrayList<>();
        while (more() && "|)".indexOf(regex.charAt(at)) < 0 && !endAnchor()) {
            parts.add(repeated(atom()));
        }
        return new Pattern.Sequence(parts);
    }

    private boolean endAnchor() {
        return depth == 0 && regex.charAt(at) == '$' && (at + 1 == regex.length() || regex.charAt(at + 1) == '|');
    }

    private Pattern repeated(Pattern atom) {
        Pattern result = atom;
        if (skip('*')) {
            result = Pattern.any(atom);
        } else if (skip('+')) {
            result = new Pattern.Repeat(atom, 1, -1);
        } else if (skip('?')) {
            result = Pattern.optional(atom);
        } else if (more() && regex.charAt(at) == '{') {
            at++;
            int min = number();
            int max = min;
            if (skip(',')) {
                max = more() && regex.charAt(at) == '}' ? -1 : number();
            }
            if (!skip('}') || (max >= 0 && max < min)) {
                throw wrong("a repetition is {N}, {N,} or {N,M}");
            }
            result = new Pattern.Repeat(atom, min, max);
        } else {
            return result;
        }
        skip('?'); // which of several matches is preferred makes no difference here
        return result;
    }

    private int number() {
        int begin = at;
        while (more() && Character.digit(regex.charAt(at), 10) >= 0 && at - begin < 6) {
            at++;
        }
        if (begin == at) {
            throw wrong("a number is expected");
        }
        int number = Integer.parseInt(regex.substring(begin, at));
        if (number > MAX_REPEAT) {
            throw wrong("more than " + MAX_REPEAT + " repetitions are not supported");
        }
        return number;
    }

    private Pattern atom() {
        char c = regex.charAt(at);
        return switch (c) {
            case '(' -> group();
            case '[' -> {
                at++;
                yield characters.apply(characterClass());
            }
            case '.' -> {
                at++;
                yield characters.apply(CharSet.of('\n').or(CharSet.of('\r')).not());
            }
            case '\\' -> characters.apply(escape());
            case '*', '+', '?', '{', '^', '$' -> throw wrong("\"" + c + "\" is not supported here");
            default -> characters.apply(CharSet.of(codePoint()));
        };
    }

    private int codePoint() {
        int c = regex.codePointAt(at);
        at += Character.charCount(c);
        return c;
    }

    private Pattern group() {
        at++;
        if (regex.startsWith("?:", at)) {
            at += 2;
        } else if (more() && regex.charAt(at) == '?') {
            throw wrong("only plain groups and (?: ) are supported");
        }
        if (++depth > MAX_DEPTH) {
            throw wrong("groups are nested more than " + MAX_DEPTH + " deep");
        }
        Pattern inside = alternatives();
        depth--;
        if (!skip(')')) {
            throw wrong("a group is not closed");
        }
        return inside;
    }

    private CharSet characterClass() {
        boolean negated = skip('^');
        List<CharSet.Range> ranges = new ArrayList<>();
        boolean first = true;
        while (first || !skip(']')) {
            if (!more()) {
                throw wrong("a class is not closed");
            }
            first = false;
            CharSet low = regex.charAt(at) == '\\' ? escape() : CharSet.of(codePoint());
            boolean range = at + 1 < regex.length() && regex.charAt(at) == '-' && regex.charAt(at + 1) != ']';
            if (!range) {
                ranges.addAll(low.ranges());
                continue;
            }
            at++;
            CharSet high = regex.charAt(at) == '\\' ? escape() : CharSet.of(codePoint());
            int from = single(low);
            int to = single(high);
            if (from > to) {
                throw wrong("a range of characters runs backwards");
            }
            ranges.addAll(CharSet.of(from, to).ranges());
        }
        CharSet set = CharSet.merged(ranges);
        return negated ? set.not() : set;
    }

    private int single(CharSet set) {
        if (set.ranges().size() != 1
                || set.ranges().getFirst().low() != set.ranges().getFirst().high()) {
            throw wrong("a range needs single characters at its ends");
        }
        return set.ranges().getFirst().low();
    }

    private CharSet escape() {
        at++;
        if (!more()) {
            throw wrong("a backslash stands at the end");
        }
        int c = codePoint();
        return switch (c) {
            case 'd' -> CharSet.DIGITS;
            case 'D' -> CharSet.DIGITS.not();
            case 'w' -> CharSet.WORD;
            case 'W' -> CharSet.WORD.not();
            case 's' -> CharSet.SPACE;
            case 'S' -> CharSet.SPACE.not();
            case 'n' -> CharSet.of('\n');
            case 'r' -> CharSet.of('\r');
            case 't' -> CharSet.of('\t');
            case 'f' -> CharSet.of('\f');
            case 'v' -> CharSet.of(0x0B);
            case 'x' -> CharSet.of(hex(2));
            case 'u' -> CharSet.of(hex(4));
            default -> {
                if (Character.isLetterOrDigit(c)) {
                    throw wrong("\"\\" + Character.toString(c) + "\" is not supported");
                }
                yield CharSet.of(c);
            }
        };
    }

    private int hex(int digits) {
        try {
            int value = Integer.parseInt(regex.substring(at, at + digits), 16);
            at += digits;
            return value;
        } catch (IndexOutOfBoundsException | NumberFormatException e) {
            throw wrong(digits + " hexadecimal digits are expected");
        }
    }
}
