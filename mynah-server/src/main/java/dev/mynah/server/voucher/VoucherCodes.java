package dev.mynah.server.voucher;

import java.security.SecureRandom;
import java.util.Locale;

/** Codes of vouchers: 130 random bits in Crockford's base 32, which has no letters that are taken for digits, in groups of five or six. */
final class VoucherCodes {
    private static final String ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private static final int LENGTH = 26;
    private static final int GROUP = 5;
    private static final SecureRandom RANDOM = new SecureRandom();

    private VoucherCodes() {}

    static String next() {
        StringBuilder code = new StringBuilder();
        for (int i = 0; i < LENGTH; i++) {
            if (i > 0 && i % GROUP == 0 && i < LENGTH - 1) {
                code.append('-');
            }
            code.append(ALPHABET.charAt(RANDOM.nextInt(ALPHABET.length())));
        }
        return code.toString();
    }

    /** The code as it is hashed, however it was typed: without hyphens and blanks, in capitals, and with digits for the letters that look like them. */
    static String normal(String typed) {
        return typed.toUpperCase(Locale.ROOT)
                .replaceAll("[\\s-]", "")
                .replace('O', '0')
                .replace('I', '1')
                .replace('L', '1');
    }

    /** Whether it could be a code, typed as it may be. */
    static boolean isPossible(String typed) {
        return typed.length() <= 2 * LENGTH && normal(typed).matches("[" + ALPHABET + "]{" + LENGTH + "}");
    }
}
