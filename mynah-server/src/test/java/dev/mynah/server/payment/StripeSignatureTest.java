package dev.mynah.server.payment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Against headers that Stripe's own library accepted; see the note in the fixture. */
class StripeSignatureTest {
    private final JsonNode fixture = read();
    private final String secret = fixture.get("secret").stringValue();
    private final byte[] body = fixture.get("body").stringValue().getBytes(StandardCharsets.UTF_8);
    private final String header = fixture.get("header").stringValue();
    private final Instant signedAt =
            Instant.ofEpochSecond(fixture.get("timestamp").longValue());

    private static JsonNode read() {
        try (InputStream in = StripeSignatureTest.class.getResourceAsStream("stripe-signature.json")) {
            return JsonMapper.shared().readTree(Objects.requireNonNull(in));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private boolean isGood(String signature, Instant now) {
        return StripeSignature.isGood(signature, body, secret, now);
    }

    @Test
    void whatStripesLibrarySignedIsGood() {
        assertThat(isGood(header, signedAt)).isTrue();
        assertThat(isGood(header, signedAt.plus(StripeSignature.TOLERANCE))).isTrue();
        String twoSecrets = header.replace(",v1=", ",v1=" + "0".repeat(64) + ",v1=");
        assertThat(isGood(twoSecrets, signedAt)).isTrue();
    }

    @Test
    void everythingElseIsNot() {
        assertThat(isGood(header, signedAt.plus(StripeSignature.TOLERANCE).plusSeconds(1)))
                .isFalse();
        assertThat(isGood(header, signedAt.minus(StripeSignature.TOLERANCE).minusSeconds(1)))
                .isFalse();
        assertThat(StripeSignature.isGood(header, body, secret + "x", signedAt)).isFalse();
        assertThat(StripeSignature.isGood(
                        header,
                        (new String(body, StandardCharsets.UTF_8) + " ").getBytes(StandardCharsets.UTF_8),
                        secret,
                        signedAt))
                .isFalse();
        long later = signedAt.getEpochSecond() + 1;
        assertThat(isGood(header.replaceFirst("t=[0-9]+", "t=" + later), signedAt))
                .isFalse();
        for (String broken : new String[] {
            "",
            "t=",
            "v1=",
            ",",
            "t=1,v1=",
            "t=99999999999999999999,v1=00",
            header.replace("v1=", "v0="),
            header.replaceFirst("t=[0-9]+,", "")
        }) {
            assertThat(isGood(broken, signedAt)).as(broken).isFalse();
        }
    }
}
