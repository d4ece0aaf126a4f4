package dev.mynah.server.payment;

import dev.mynah.server.config.ServiceConfig;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * How payments are taken.
 *
 * @param provider who takes them
 * @param stripe   how Stripe is reached, or null where it takes none
 */
public record PaymentSettings(
        ServiceConfig.PaymentProvider provider, @Nullable Stripe stripe) {

    /**
     * An account at Stripe.
     *
     * @param webhookSecret what Stripe signs its events with
     * @param publicUrl     where customers come back to from Stripe's pages
     */
    public record Stripe(URI api, String key, String webhookSecret, URI publicUrl) {}

    /** The settings as they were configured. */
    public static PaymentSettings of(ServiceConfig config) {
        ServiceConfig.Payments payments = config.payments();
        @Nullable String publicUrl = config.publicUrl();
        return new PaymentSettings(
                payments.provider(),
                payments.provider() == ServiceConfig.PaymentProvider.STRIPE && publicUrl != null
                        ? new Stripe(
                                URI.create(payments.stripeApiUrl().replaceAll("/+$", "")),
                                payments.stripeSecretKey(),
                                payments.stripeWebhookSecret(),
                                URI.create(publicUrl))
                        : null);
    }
}
