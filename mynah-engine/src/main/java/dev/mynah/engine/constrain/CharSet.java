package dev.mynah.engine.constrain;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A set of characters.
 *
 * @param ranges code points, in order, neither overlapping nor touching, without surrogates
 */
record CharSet(List<Range> ranges) {

    /** Both ends are in it. */
    record Range(int low, int high) {}

    static final CharSet ALL = of(0, Character.MAX_CODE_POINT);
    static final CharSet DIGITS = of('0', '9');
    static final CharSet WORD = DIGITS.or(of('a', 'z')).or(of('A', 'Z')).or(of('_', '_'));
    static final CharSet SPACE = of('\t', '\r')
            .or(of(' ', ' '))
            .or(of(0xA0, 0xA0))
            .or(of(0x2028, 0x2029))
            .or(of(0xFEFF, 0xFEFF));

    static CharSet of(int low, int high) {
        List<Range> ranges = new ArrayList<>();
        if (low < Character.MIN_SURROGATE && low <= high) {
            ranges.add(new Range(low, Math.min(high, Character.MIN_SURROGATE - 1)));
        }
        if (high > Character.MAX_SURROGATE && low <= high) {
            ranges.add(new Range(Math.max(low, Character.MAX_SURROGATE + 1), high));
        }
        return new CharSet(ranges);
    }

    static CharSet of(int character) {
        return of(character, character);
    }

    CharSet or(CharSet other) {
        List<Range> all = new ArrayList<>(ranges);
        all.addAll(other.ranges);
        return merged(all);
    }

    /** Of ranges in any order, which may overlap. */
    static CharSet merged(List<Range> ranges) {
        List<Range> all = new ArrayList<>(ranges);
        all.sort(Comparator.comparingInt(Range::low));
        List<Range> merged = new ArrayList<>();
        for (Range range : all) {
            Range last = merged.isEmpty() ? null : merged.getLast();
            if (last != null && range.low <= last.high + 1) {
                merged.set(merged.size() - 1, new Range(last.low, Math.max(last.high, range.high)));
            } else {
                merged.add(range);
            }
        }
        return new CharSet(merged);
    }

    CharSet not() {
        List<Range> rest = new ArrayList<>();
        int low = 0;
        for (Range range : ranges) {
            rest.addAll(of(low, range.low - 1).ranges);
            low = range.high + 1;
        }
        rest.addAll(of(low, Character.MAX_CODE_POINT).ranges);
        return merged(rest);
    }

    CharSet and(CharSet other) {
        return not().or(other.not()).not();
    }

    /** The characters in UTF-8. */
    Pattern utf8() {
        List<Pattern> options = new ArrayList<>();
        for (Range range : ranges) {
            addUtf8(range.low, range.high, options);
        }
        return new Pattern.Choice(options);
    }

    /** Cuts a range where UTF-8 gets longer, then where the leading bytes of both ends differ. */
    private static void addUtf8(int low, int high, List<Pattern> options) {
        for (int last : new int[] {0x7F, 0x7FF, 0xFFFF}) {
            if (low <= last && last < high) {
                addUtf8(low, last, options);
                addUtf8(last + 1, high, options);
                return;
            }
        }
        for (int bits = 6; bits <= 18 && high > 0x7F; bits += 6) {
            int mask = (1 << bits) - 1;
            if ((low & ~mask) != (high & ~mask)) {
                if ((low & mask) != 0) {
                    addUtf8(low, low | mask, options);
                    addUtf8((low | mask) + 1, high, options);
                    return;
                }
                if ((high & mask) != mask) {
                    addUtf8(low, (high & ~mask) - 1, options);
                    addUtf8(high & ~mask, high, options);
                    return;
                }
            }
        }
        byte[] from = bytes(low);
        byte[] to = bytes(high);
        List<Pattern> sequence = new ArrayList<>();
        for (int i = 0; i < from.length; i++) {
            sequence.add(new Pattern.Bytes(from[i] & 0xFF, to[i] & 0xFF));
        }
        options.add(new Pattern.Sequence(sequence));
    }

    private static byte[] bytes(int character) {
        return Character.toString(character).getBytes(StandardCharsets.UTF_8);
    }
}
