package dev.mynah.server.feedback;

import java.util.regex.Pattern;

/** E-mail addresses and telephone numbers in texts. */
final class PersonalData {
    private static final Pattern EMAIL =
            Pattern.compile("[\\p{L}\\p{N}._%+-]{1,64}@[\\p{L}\\p{N}-]{1,63}(?:\\.[\\p{L}\\p{N}-]{1,63}){1,8}");
    // International, Chinese mobile, and in groups with an area code.
    private static final Pattern PHONE = Pattern.compile("\\+\\d[\\d ()-]{6,18}\\d"
            + "|(?<!\\d)1[3-9]\\d[- ]?\\d{4}[- ]?\\d{4}(?!\\d)"
            + "|(?<!\\d)(?:\\(\\d{3,4}\\) ?|\\d{3,4}[- .])\\d{3,4}[- .]\\d{4}(?!\\d)");

    private PersonalData() {}

    /** The text with words in place of what points to a person. */
    static String masked(String text) {
        return PHONE.matcher(EMAIL.matcher(text).replaceAll("[email]")).replaceAll("[phone]");
    }
}
