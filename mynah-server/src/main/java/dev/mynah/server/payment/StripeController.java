package dev.mynah.server.payment;

import dev.mynah.server.web.ApiException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** {@code /api/webhooks/stripe}: where Stripe tells what became of payments. Its signature is what lets it in. */
@RestController
final class StripeController {
    private static final int MAX_BYTES = 1 << 20;

    private final PaymentSettings settings;
    private final StripeEvents events;
    private final Clock clock;

    StripeController(PaymentSettings settings, StripeEvents events, Clock clock) {
        this.settings = settings;
        this.events = events;
        this.clock = clock;
    }

    record Body(boolean received) {}

    @PostMapping("/api/webhooks/stripe")
    Body hear(HttpServletRequest request) throws IOException {
        PaymentSettings.@Nullable Stripe stripe = settings.stripe();
        if (stripe == null) {
            throw ApiException.notFound("There is nothing at this path.");
        }
        byte[] body = request.getInputStream().readNBytes(MAX_BYTES + 1);
        if (body.length > MAX_BYTES) {
            throw ApiException.of(
                    HttpStatus.CONTENT_TOO_LARGE, "An event has at most " + MAX_BYTES + " bytes.", null, null);
        }
        @Nullable String signature = request.getHeader("Stripe-Signature");
        if (signature == null || !StripeSignature.isGood(signature, body, stripe.webhookSecret(), clock.instant())) {
            throw ApiException.badRequest("The signature is missing, wrong or too old.", null, "invalid_signature");
        }
        try {
            if (!events.hear(JsonMapper.shared().readTree(body))) {
                throw ApiException.of(
                        HttpStatus.CONFLICT,
                        "What this is about is not known yet; send it again later.",
                        null,
                        "too_early");
            }
        } catch (JacksonException e) {
            throw ApiException.badRequest("The event is no JSON.");
        }
        return new Body(true);
    }
}
