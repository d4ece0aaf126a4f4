package dev.mynah.server.account;

import dev.mynah.server.config.ServiceConfig.OidcProvider;
import java.util.List;
import java.util.Optional;

/**
 * The OpenID Connect providers that people may sign in with.
 *
 * @param providers in the order in which they are offered
 */
public record OidcSettings(List<OidcProvider> providers) {

    /** @throws IllegalArgumentException if two have the same id */
    public OidcSettings {
        providers = List.copyOf(providers);
        if (providers.stream().map(OidcProvider::id).distinct().count() < providers.size()) {
            throw new IllegalArgumentException("oidc (MYNAH_OIDC) has two providers of the same id");
        }
    }

    public Optional<OidcProvider> find(String id) {
        return providers.stream().filter(provider -> provider.id().equals(id)).findFirst();
    }
}
