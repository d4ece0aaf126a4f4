package dev.mynah.server.store;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Identifiers: a prefix that tells what is named, then 48 bits of time and 80 random bits in hexadecimal, so that they sort by age. */
public final class Ids {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int RANDOM_BYTES = 10;

    private Ids() {}

    /** A new identifier, such as {@code Ids.next("msg_")}. */
    public static String next(String prefix) {
        byte[] random = new byte[RANDOM_BYTES];
        RANDOM.nextBytes(random);
        HexFormat hex = HexFormat.of();
        return prefix + hex.toHexDigits(System.currentTimeMillis(), 12) + hex.formatHex(random);
    }
}
