package dev.mynah.server.store;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Identifiers: a prefix that tells what is named, then 48 bits of time, 16 bits that count within a millisecond, and 64 random bits, in hexadecimal. They sort by age; those of one process
 * in the very order in which they were made.
 */
public final class Ids {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int COUNTER_BITS = 16;
    // Of the last identifier: the one thing that identifiers of a process must share.
    private static final AtomicLong TIME_AND_COUNT = new AtomicLong();

    private Ids() {}

    /** A new identifier, such as {@code Ids.next("msg_")}. */
    public static String next(String prefix) {
        long now = System.currentTimeMillis() << COUNTER_BITS;
        long ordered = TIME_AND_COUNT.updateAndGet(last -> Math.max(last + 1, now));
        HexFormat hex = HexFormat.of();
        return prefix + hex.toHexDigits(ordered) + hex.toHexDigits(RANDOM.nextLong());
    }
}
