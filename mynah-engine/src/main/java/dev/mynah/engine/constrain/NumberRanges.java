package dev.mynah.engine.constrain;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whole numbers between bounds, as their decimal digits. */
final class NumberRanges {
    private static final Pattern DIGIT = CharSet.DIGITS.utf8();

    private NumberRanges() {}

    /** The whole numbers from {@code min} to {@code max}; null for no bound. */
    static Pattern integers(@Nullable BigInteger min, @Nullable BigInteger max) {
        List<Pattern> options = new ArrayList<>();
        BigInteger zero = BigInteger.ZERO;
        if (max == null || max.signum() >= 0) {
            options.add(naturals(min == null ? zero : min.max(zero), max));
        }
        if (min == null || min.signum() < 0) {
            BigInteger least = max == null ? BigInteger.ONE : max.negate().max(BigInteger.ONE);
            options.add(Pattern.sequence(Pattern.literal("-"), naturals(least, min == null ? null : min.negate())));
        }
        return new Pattern.Choice(options);
    }

    private static Pattern naturals(BigInteger min, @Nullable BigInteger max) {
        if (max != null && min.compareTo(max) > 0) {
            return Pattern.NOTHING;
        }
        List<Pattern> options = new ArrayList<>();
        String low = min.toString();
        int longest = max == null ? low.length() : max.toString().length();
        for (int digits = low.length(); digits <= longest; digits++) {
            String first = digits == low.length() ? low : "1" + "0".repeat(digits - 1);
            String last = max != null && digits == longest ? max.toString() : "9".repeat(digits);
            options.add(between(first, last));
        }
        if (max == null) {
            options.add(Pattern.sequence(CharSet.of('1', '9').utf8(), new Pattern.Repeat(DIGIT, longest, -1)));
        }
        return new Pattern.Choice(options);
    }

    /** The texts of digits from {@code low} to {@code high}, which are equally long. */
    private static Pattern between(String low, String high) {
        if (low.isEmpty()) {
            return Pattern.EMPTY;
        }
        char first = low.charAt(0);
        char last = high.charAt(0);
        String lowRest = low.substring(1);
        String highRest = high.substring(1);
        if (first == last) {
            return Pattern.sequence(CharSet.of(first).utf8(), between(lowRest, highRest));
        }
        List<Pattern> options = new ArrayList<>();
        options.add(Pattern.sequence(CharSet.of(first).utf8(), between(lowRest, "9".repeat(lowRest.length()))));
        if (last - first > 1) {
            options.add(Pattern.sequence(
                    CharSet.of(first + 1, last - 1).utf8(),
                    new Pattern.Repeat(DIGIT, lowRest.length(), lowRest.length())));
        }
        options.add(Pattern.sequence(CharSet.of(last).utf8(), between("0".repeat(highRest.length()), highRest)));
        return new Pattern.Choice(options);
    }
}
