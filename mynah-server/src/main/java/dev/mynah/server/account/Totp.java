package dev.mynah.server.account;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Time-based one-time passwords (RFC 6238 over RFC 4226, HMAC-SHA-1), as authenticator apps make them. */
final class Totp {
    /** How many digits a code has. */
    static final int DIGITS = 6;

    private static final Duration STEP = Duration.ofSeconds(30);
    private static final String ALGORITHM = "HmacSHA1";
    private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final int BITS_OF_DIGIT = 5;

    private Totp() {}

    /** The time step of a moment (T in the RFC, with T0 = 0). */
    static long step(Instant moment) {
        return moment.getEpochSecond() / STEP.toSeconds();
    }

    /** The code of a time step. */
    static String code(byte[] secret, long step, int digits) {
        byte[] hash = hmac(secret, ByteBuffer.allocate(Long.BYTES).putLong(step).array());
        // Dynamic truncation (RFC 4226, section 5.3).
        int offset = hash[hash.length - 1] & 0xf;
        int number = ByteBuffer.wrap(hash).getInt(offset) & Integer.MAX_VALUE;
        return String.format(Locale.ROOT, "%0" + digits + "d", number % Math.powExact(10, digits));
    }

    private static byte[] hmac(byte[] secret, byte[] message) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret, ALGORITHM));
            return mac.doFinal(message);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }

    /** Base32 (RFC 4648) without padding. */
    static String base32(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        int bits = 0;
        int count = 0;
        for (byte next : bytes) {
            bits = ((bits << Byte.SIZE) | (next & 0xff)) & 0xffff;
            count += Byte.SIZE;
            while (count >= BITS_OF_DIGIT) {
                count -= BITS_OF_DIGIT;
                text.append(BASE32.charAt((bits >> count) & 31));
            }
        }
        if (count > 0) {
            text.append(BASE32.charAt((bits << (BITS_OF_DIGIT - count)) & 31));
        }
        return text.toString();
    }
}
