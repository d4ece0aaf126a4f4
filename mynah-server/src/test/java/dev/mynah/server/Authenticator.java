package dev.mynah.server;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** An authenticator app, which has a secret in Base32 (RFC 6238). */
public record Authenticator(String secret) {
    private static final long STEP_S = 30;

    /** The code of now, or of so many steps later. */
    public String code(int later) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA1");
        mac.init(new SecretKeySpec(bytes(), "HmacSHA1"));
        long step = Instant.now().getEpochSecond() / STEP_S + later;
        byte[] hash = mac.doFinal(ByteBuffer.allocate(8).putLong(step).array());
        int offset = hash[19] & 15;
        return String.format(Locale.ROOT, "%06d", (ByteBuffer.wrap(hash).getInt(offset) & 0x7fff_ffff) % 1_000_000);
    }

    private byte[] bytes() {
        ByteBuffer bytes = ByteBuffer.allocate(secret.length() * 5 / 8);
        long bits = 0;
        int count = 0;
        for (int i = 0; i < secret.length(); i++) {
            bits = (bits << 5) | "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(secret.charAt(i));
            count += 5;
            if (count >= 8) {
                count -= 8;
                bytes.put((byte) (bits >> count));
            }
        }
        return bytes.array();
    }
}
