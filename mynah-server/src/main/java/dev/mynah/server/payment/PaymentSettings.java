package dev.mynah.server.payment;

import dev.mynah.server.config.ServiceConfig;
import java.net.URI;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How payments are taken.
 *
 * @param provider who takes them
 * @param stripe   how Stripe is reached, or null where it takes none
 */
public record PaymentSettings(Provider provider, @Nullable Stripe stripe) {

    /** Who takes payments. */
    public enum Provider {
        /** Nobody. */
        OFF,
        /** The test provider, with which no money moves. */
        TEST,
        STRIPE
    }

    /**
     * An account at Stripe.
     *
     * @param webhookSecret what Stripe signs its events with
     * @param publicUrl     where customers come back to from Stripe's pages
     */
    public record Stripe(URI api, String key, String webhookSecret, URI publicUrl) {}

    /** The settings as they were configured. */
    public static PaymentSettings of(ServiceConfig.Payments config) {
        Provider provider = Provider.valueOf(config.provider().toUpperCase(Locale.ROOT));
        @Nullable String publicUrl = config.publicUrl();
        return new PaymentSettings(
                provider,
                provider == Provider.STRIPE && publicUrl != null
                        ? new Stripe(
                                url(config.stripeApiUrl()),
                                config.stripeSecretKey(),
                                config.stripeWebhookSecret(),
                                url(publicUrl))
                        : null);
    }

    private static URI url(String text) {
        return URI.create(text.replaceAll("/+$", ""));
    }
}
