package dev.mynah.train.report;

import java.time.Duration;
import java.util.Locale;

/** Numbers as people read them. */
final class Numbers {
    private static final String[] PREFIXES = {"", "k", "M", "G", "T", "P", "E"};

    private Numbers() {}

    /** Three significant digits and a prefix: {@code 13.8M}. */
    static String shortened(double value) {
        return withPrefix(value, "");
    }

    /** Three significant digits, a prefix and a unit: {@code 420 GFLOP/s}. */
    static String withUnit(double value, String unit) {
        return withPrefix(value, " ") + unit;
    }

    private static String withPrefix(double value, String space) {
        double rest = Math.abs(value);
        int prefix = 0;
        while (rest >= 999.5 && prefix < PREFIXES.length - 1) {
            rest /= 1000;
            prefix++;
        }
        return (value < 0 ? "-" : "") + plain(rest) + space + PREFIXES[prefix];
    }

    /** Three significant digits; very small and very large numbers with an exponent. */
    static String plain(double value) {
        double size = Math.abs(value);
        if (size == 0) {
            return "0";
        }
        if (size < 1e-3 || size >= 1e6) {
            String[] parts = String.format(Locale.ROOT, "%.2e", value).split("e");
            return trimmed(parts[0]) + "e" + Integer.parseInt(parts[1]);
        }
        int decimals = Math.max(0, 2 - (int) Math.floor(Math.log10(size)));
        return trimmed(String.format(Locale.ROOT, "%." + decimals + "f", value));
    }

    /** A whole number in groups of three: {@code 4,096}. */
    static String grouped(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /** A power of ten as HTML: {@code 1.2 × 10<sup>15</sup>}. */
    static String scientific(double value) {
        if (value == 0) {
            return "0";
        }
        int exponent = (int) Math.floor(Math.log10(Math.abs(value)));
        return String.format(Locale.ROOT, "%.2f × 10<sup>%d</sup>", value / Math.pow(10, exponent), exponent);
    }

    static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    static String bytes(long bytes) {
        String[] units = {"bytes", "KB", "MB", "GB", "TB"};
        double rest = bytes;
        int unit = 0;
        while (rest >= 999.5 && unit < units.length - 1) {
            rest /= 1000;
            unit++;
        }
        return plain(rest) + " " + units[unit];
    }

    static String duration(double seconds) {
        Duration time = Duration.ofSeconds(Math.round(seconds));
        if (time.toHours() > 0) {
            return time.toHours() + " h " + time.toMinutesPart() + " min";
        }
        return time.toMinutes() > 0
                ? time.toMinutes() + " min " + time.toSecondsPart() + " s"
                : time.toSeconds() + " s";
    }

    private static String trimmed(String digits) {
        return digits.contains(".") ? digits.replaceAll("0+$", "").replaceAll("\\.$", "") : digits;
    }
}
