package dev.mynah.server.moderation;

import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What personal data looks like.
 *
 * @param shape where it may begin and how it goes on, bounded in length, after full width was made plain
 * @param check says no to what only looks like it
 */
record DataPattern(Category category, Pattern shape, Check check) {
    private static final int[] ID_WEIGHTS = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    private static final String ID_CHECK = "10X98765432";
    private static final BigInteger IBAN_MODULUS = BigInteger.valueOf(97);

    /** All of them. */
    static final List<DataPattern> ALL = List.of(
            contact("(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\\.[A-Za-z0-9-]{1,63}){1,5}"),
            // International, Chinese mobile, and in groups with an area code.
            contact("\\+\\d[\\d ()-]{6,18}\\d(?!\\d)"),
            contact("1[3-9]\\d[- ]?\\d{4}[- ]?\\d{4}(?![0-9A-Za-z])"),
            contact("(?:\\(\\d{3,4}\\) ?|\\d{3,4}[- .])\\d{3,4}[- .]\\d{4}(?![0-9A-Za-z])"),
            contact("(?:(?:25[0-5]|2[0-4]\\d|1?\\d{1,2})\\.){3}(?:25[0-5]|2[0-4]\\d|1?\\d{1,2})(?![0-9A-Za-z]|\\.\\d)"),
            contact("(?:[0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4}(?![0-9A-Za-z:])"),
            new DataPattern(
                    Category.PERSONAL_DATA,
                    Pattern.compile("[1-9]\\d{16}[\\dXx](?![0-9A-Za-z])"),
                    DataPattern::isChineseId),
            new DataPattern(
                    Category.PERSONAL_DATA,
                    Pattern.compile("(?:\\d{4}([ -]?)\\d{4}\\1\\d{4}\\1\\d{1,7}|3[47]\\d{2}([ -]?)\\d{6}\\2\\d{5})"
                            + "(?![0-9A-Za-z])"),
                    DataPattern::isCard),
            new DataPattern(
                    Category.PERSONAL_DATA,
                    Pattern.compile("[A-Z]{2}\\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![0-9A-Za-z])"),
                    DataPattern::isIban));

    private interface Check {
        boolean accepts(String text);
    }

    private static DataPattern contact(String shape) {
        return new DataPattern(Category.PERSONAL_DATA_CONTACT, Pattern.compile(shape), text -> true);
    }

    /** Whether a text of this shape is really such data. */
    boolean accepts(String text) {
        return check.accepts(text);
    }

    /** GB 11643: a date of birth, and a check digit by ISO 7064, MOD 11-2. */
    private static boolean isChineseId(String id) {
        try {
            LocalDate.of(digits(id, 6, 10), digits(id, 10, 12), digits(id, 12, 14));
        } catch (DateTimeException e) {
            return false;
        }
        int sum = 0;
        for (int i = 0; i < ID_WEIGHTS.length; i++) {
            sum += ID_WEIGHTS[i] * digits(id, i, i + 1);
        }
        return ID_CHECK.charAt(sum % ID_CHECK.length()) == Character.toUpperCase(id.charAt(ID_WEIGHTS.length));
    }

    private static int digits(String text, int from, int to) {
        return Integer.parseInt(text.substring(from, to));
    }

    /** ISO/IEC 7812: 13 to 19 digits, the last by Luhn's formula. */
    private static boolean isCard(String text) {
        String digits = text.replaceAll("[ -]", "");
        int sum = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(digits.length() - 1 - i) - '0';
            int value = i % 2 == 0 ? digit : 2 * digit;
            sum += value > 9 ? value - 9 : value;
        }
        return sum % 10 == 0 && digits.chars().anyMatch(c -> c != '0');
    }

    /** ISO 13616: the letters as two digits each, the first four characters at the end, is 1 modulo 97. */
    private static boolean isIban(String text) {
        String compact = text.replace(" ", "");
        StringBuilder number = new StringBuilder();
        (compact.substring(4) + compact.substring(0, 4)).chars().forEach(c -> number.append(Character.digit(c, 36)));
        return new BigInteger(number.toString()).mod(IBAN_MODULUS).intValue() == 1;
    }
}
