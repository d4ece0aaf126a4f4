package dev.mynah.server.account;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The OpenID Connect providers that people may sign in with.
 *
 * @param providers in the order in which they are offered
 */
public record OidcSettings(List<Provider> providers) {
    private static final String PREFIX = "MYNAH_OIDC_";
    // Without TLS only to this machine.
    private static final String ISSUER = "https://\\S+|http://(localhost|127\\.0\\.0\\.1)(:\\d+)?(/\\S*)?";

    public OidcSettings {
        providers = List.copyOf(providers);
    }

    /** @param name what its button says */
    public record Provider(String id, String name, String issuer, String clientId, String clientSecret) {}

    /** @throws IllegalArgumentException if a setting is missing or wrong, with its name */
    public static OidcSettings of(Map<String, String> environment) {
        List<Provider> providers = new ArrayList<>();
        for (String id : environment.getOrDefault(PREFIX + "PROVIDERS", "").split(",")) {
            if (!id.isBlank()) {
                providers.add(provider(id.strip(), environment));
            }
        }
        return new OidcSettings(providers);
    }

    private static Provider provider(String id, Map<String, String> environment) {
        if (!id.matches("[a-z][a-z0-9]{0,31}")) {
            throw new IllegalArgumentException(
                    PREFIX + "PROVIDERS must hold names of small letters and digits, unlike \"" + id + "\"");
        }
        String prefix = PREFIX + id.toUpperCase(Locale.ROOT) + "_";
        String issuer = required(prefix + "ISSUER", environment);
        if (!issuer.matches(ISSUER)) {
            throw new IllegalArgumentException(prefix + "ISSUER must begin with https://, not be \"" + issuer + "\"");
        }
        return new Provider(
                id,
                environment.getOrDefault(prefix + "NAME", id),
                issuer,
                required(prefix + "CLIENT_ID", environment),
                required(prefix + "CLIENT_SECRET", environment));
    }

    private static String required(String name, Map<String, String> environment) {
        String value = environment.getOrDefault(name, "");
        if (value.isBlank()) {
            throw new IllegalArgumentException(name + " is missing: " + PREFIX + "PROVIDERS names its provider");
        }
        return value;
    }

    public Optional<Provider> find(String id) {
        return providers.stream().filter(provider -> provider.id().equals(id)).findFirst();
    }
}
