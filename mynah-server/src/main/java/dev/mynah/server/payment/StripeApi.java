package dev.mynah.server.payment;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Requests to Stripe (docs.stripe.com/api): forms there, JSON back. What moves money carries an idempotency key, so that it moves no more of it when it is sent again. */
final class StripeApi {
    private static final String VERSION = "2024-06-20";
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int CONFLICT = 409;
    private static final int TOO_MANY = 429;

    private final PaymentSettings.Stripe settings;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();

    StripeApi(PaymentSettings.Stripe settings) {
        this.settings = settings;
    }

    /** An answer that decides: done, or refused for good. */
    record Reply(int status, JsonNode body) {
        boolean isDone() {
            return status / 100 == 2;
        }

        /** Why it was refused. */
        String reason() {
            return body.path("error").path("message").asString("refused with " + status);
        }
    }

    /**
     * Posts a form.
     *
     * @throws ProviderException if the answer does not say what became of it
     */
    Reply post(String path, String idempotencyKey, Map<String, String> form) {
        return send(
                path,
                request(path)
                        .header("Idempotency-Key", idempotencyKey)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(encoded(form))));
    }

    /**
     * Retrieves an object.
     *
     * @throws ProviderException if it is not to be had: nothing follows from that, since the key may be another account's
     */
    Reply get(String path) {
        Reply reply = send(path, request(path).GET());
        if (!reply.isDone()) {
            throw new ProviderException("Stripe answered " + path + " with " + reply.status());
        }
        return reply;
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(settings.api() + path))
                .timeout(TIMEOUT)
                .header("Authorization", "Bearer " + settings.key())
                .header("Stripe-Version", VERSION);
    }

    private Reply send(String path, HttpRequest.Builder request) {
        try {
            HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            int status = response.statusCode();
            if (status / 100 == 5 || status == CONFLICT || status == TOO_MANY || status / 100 == 3) {
                throw new ProviderException("Stripe answered " + path + " with " + status);
            }
            return new Reply(status, JsonMapper.shared().readTree(response.body()));
        } catch (IOException | JacksonException e) {
            throw new ProviderException("Stripe did not answer " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProviderException("interrupted while Stripe was asked for " + path, e);
        }
    }

    private static String encoded(Map<String, String> form) {
        return form.entrySet().stream()
                .map(field -> encoded(field.getKey()) + "=" + encoded(field.getValue()))
                .collect(Collectors.joining("&"));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
