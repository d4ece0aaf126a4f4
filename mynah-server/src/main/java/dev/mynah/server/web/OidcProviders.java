package dev.mynah.server.web;

import dev.mynah.server.account.OidcSettings;
import dev.mynah.server.account.PublicUrl;
import dev.mynah.server.config.ServiceConfig.OidcProvider;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistration.ClientSettings;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.client.registration.ClientRegistrations;
import org.springframework.stereotype.Component;

/** The OpenID Connect providers, each asked for its configuration when it is first needed: one that is down keeps nobody else out. */
@Component
final class OidcProviders implements ClientRegistrationRepository {
    /** Where providers send people back to, followed by the provider's name. */
    static final String RETURN = "/login/oauth2/code/";

    private static final Logger LOG = LoggerFactory.getLogger(OidcProviders.class);

    private final OidcSettings settings;
    private final PublicUrl url;
    private final Map<String, ClientRegistration> known = new ConcurrentHashMap<>();

    OidcProviders(OidcSettings settings, PublicUrl url) {
        this.settings = settings;
        this.url = url;
    }

    boolean isEmpty() {
        return settings.providers().isEmpty();
    }

    @Override
    public @Nullable ClientRegistration findByRegistrationId(String id) {
        @Nullable ClientRegistration found = known.get(id);
        return found != null ? found : settings.find(id).map(this::discover).orElse(null);
    }

    private @Nullable ClientRegistration discover(OidcProvider provider) {
        try {
            ClientRegistration registration = ClientRegistrations.fromOidcIssuerLocation(provider.issuer())
                    .registrationId(provider.id())
                    .clientName(provider.name())
                    .clientId(provider.clientId())
                    .clientSecret(provider.clientSecret())
                    .scope("openid", "email", "profile")
                    .redirectUri(url.origin() + RETURN + provider.id())
                    .clientSettings(
                            ClientSettings.builder().requireProofKey(true).build())
                    .build();
            known.put(provider.id(), registration);
            return registration;
        } catch (RuntimeException e) {
            LOG.warn("the provider {} does not tell its configuration", provider.id(), e);
            return null;
        }
    }
}
