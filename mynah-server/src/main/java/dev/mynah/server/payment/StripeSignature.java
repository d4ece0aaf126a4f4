package dev.mynah.server.payment;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Stripe's signature of events (docs.stripe.com/webhooks#verify-manually): {@code t=SECONDS,v1=HEX}, the HMAC-SHA-256 of {@code SECONDS.BODY}; one of several {@code v1} is enough while a
 * secret is rolled.
 */
final class StripeSignature {
    /** How far the signature's time may be from now, so that what was recorded is no good later. */
    static final Duration TOLERANCE = Duration.ofMinutes(5);

    private static final String ALGORITHM = "HmacSHA256";
    private static final String TIME = "t=";
    private static final String VERSION = "v1=";
    private static final String SECONDS = "[0-9]{1,12}";

    private StripeSignature() {}

    /** Whether {@code header} signs {@code body} with {@code secret}, at about {@code now}. */
    static boolean isGood(String header, byte[] body, String secret, Instant now) {
        String seconds = "";
        boolean signed = false;
        for (String part : header.split(",", -1)) {
            if (part.strip().startsWith(TIME)) {
                seconds = part.strip().substring(TIME.length());
            }
        }
        if (!seconds.matches(SECONDS)) {
            return false;
        }
        byte[] expected = hmac(seconds, body, secret).getBytes(StandardCharsets.US_ASCII);
        for (String part : header.split(",", -1)) {
            if (part.strip().startsWith(VERSION)) {
                byte[] given = part.strip().substring(VERSION.length()).getBytes(StandardCharsets.US_ASCII);
                signed |= MessageDigest.isEqual(expected, given);
            }
        }
        Duration off = Duration.between(Instant.ofEpochSecond(Long.parseLong(seconds)), now)
                .abs();
        return signed && off.compareTo(TOLERANCE) <= 0;
    }

    private static String hmac(String seconds, byte[] body, String secret) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM));
            mac.update((seconds + ".").getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }
}
