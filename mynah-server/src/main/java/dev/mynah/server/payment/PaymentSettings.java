package dev.mynah.server.payment;

import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How payments are taken.
 *
 * @param provider  who takes them
 * @param stripe    how Stripe is reached, or null where it takes none
 * @param publicUrl where customers reach this service, and come back to from Stripe's pages
 */
public record PaymentSettings(Provider provider, @Nullable Stripe stripe, URI publicUrl) {
    private static final String VARIABLE = "MYNAH_PAYMENTS";
    private static final String STRIPE = "MYNAH_STRIPE_";
    private static final String URL = "https?://[^\\s?#]+";

    /** Who takes payments. */
    public enum Provider {
        /** Nobody. */
        OFF,
        /** The test provider, with which no money moves. */
        TEST,
        STRIPE
    }

    /** @param webhookSecret what Stripe signs its events with */
    public record Stripe(URI api, String key, String webhookSecret) {}

    /** @throws IllegalArgumentException if a setting is wrong, with its name */
    public static PaymentSettings of(Map<String, String> environment) {
        String name = environment.getOrDefault(VARIABLE, "off");
        URI publicUrl = url(environment, "MYNAH_PUBLIC_URL", "http://localhost:8080");
        return switch (name) {
            case "off" -> new PaymentSettings(Provider.OFF, null, publicUrl);
            case "test" -> new PaymentSettings(Provider.TEST, null, publicUrl);
            case "stripe" -> new PaymentSettings(Provider.STRIPE, stripe(environment), publicUrl);
            default ->
                throw new IllegalArgumentException(
                        VARIABLE + " must be one of off, test, stripe, not \"" + name + "\"");
        };
    }

    private static Stripe stripe(Map<String, String> environment) {
        if (!environment.containsKey("MYNAH_PUBLIC_URL")) {
            throw new IllegalArgumentException(
                    VARIABLE + "=stripe needs MYNAH_PUBLIC_URL, where customers come back to");
        }
        return new Stripe(
                url(environment, STRIPE + "API_URL", "https://api.stripe.com"),
                secret(environment, STRIPE + "SECRET_KEY"),
                secret(environment, STRIPE + "WEBHOOK_SECRET"));
    }

    private static URI url(Map<String, String> environment, String name, String otherwise) {
        String text = environment.getOrDefault(name, otherwise);
        if (!text.matches(URL)) {
            throw new IllegalArgumentException(name + " must begin with http:// or https://, unlike \"" + text + "\"");
        }
        return URI.create(text.replaceAll("/+$", ""));
    }

    private static String secret(Map<String, String> environment, String name) {
        String text = environment.getOrDefault(name, "");
        if (text.isBlank()) {
            throw new IllegalArgumentException(VARIABLE + "=stripe needs " + name);
        }
        return text;
    }
}
