package dev.mynah.text.jinja;

import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Python's {@code strftime} in the C locale. */
final class Strftime {

    private Strftime() {}

    static String format(String format, LocalDateTime time) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '%' || i + 1 == format.length()) {
                out.append(c);
                continue;
            }
            boolean unpadded = format.charAt(i + 1) == '-' && i + 2 < format.length();
            i += unpadded ? 2 : 1;
            String value = directive(format.charAt(i), time);
            out.append(unpadded ? value.replaceFirst("^0+(?=.)", "") : value);
        }
        return out.toString();
    }

    private static String directive(char directive, LocalDateTime time) {
        return switch (directive) {
            case 'Y' -> pattern("uuuu", time);
            case 'y' -> pattern("uu", time);
            case 'm' -> pattern("MM", time);
            case 'B' -> pattern("MMMM", time);
            case 'b', 'h' -> pattern("MMM", time);
            case 'd' -> pattern("dd", time);
            case 'e' -> String.format("%2d", time.getDayOfMonth());
            case 'j' -> pattern("DDD", time);
            case 'A' -> pattern("EEEE", time);
            case 'a' -> pattern("EEE", time);
            case 'H' -> pattern("HH", time);
            case 'I' -> pattern("hh", time);
            case 'M' -> pattern("mm", time);
            case 'S' -> pattern("ss", time);
            case 'p' -> pattern("a", time);
            case 'F' -> pattern("uuuu-MM-dd", time);
            case 'D' -> pattern("MM/dd/uu", time);
            case 'T' -> pattern("HH:mm:ss", time);
            case 'R' -> pattern("HH:mm", time);
            case '%' -> "%";
            default -> throw new JinjaException("strftime_now does not know %" + directive);
        };
    }

    private static String pattern(String pattern, LocalDateTime time) {
        return DateTimeFormatter.ofPattern(pattern, Locale.US).format(time);
    }
}
