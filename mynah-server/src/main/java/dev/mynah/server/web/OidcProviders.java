package dev.mynah.server.web;

import dev.mynah.server.account.OidcSettings;
import dev.mynah.server.account.PublicUrl;
import dev.mynah.server.config.ServiceConfig.OAuth2;
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
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.stereotype.Component;

/** The providers, each asked for its configuration (OpenID Connect) when it is first needed: one that is down keeps nobody else out. */
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
        return found != null ? found : settings.find(id).map(this::registration).orElse(null);
    }

    /** How a provider is configured. */
    OidcProvider settings(String id) {
        return settings.find(id).orElseThrow();
    }

    private @Nullable ClientRegistration registration(OidcProvider provider) {
        @Nullable OAuth2 endpoints = provider.oauth2();
        if (endpoints == null) {
            return discover(provider);
        }
        return complete(
                ClientRegistration.withRegistrationId(provider.id())
                        .authorizationGrantType(AuthorizationGrantType.AUTHORIZATION_CODE)
                        .authorizationUri(endpoints.authorizationUrl())
                        .tokenUri(endpoints.tokenUrl())
                        .userInfoUri(endpoints.userUrl())
                        .userNameAttributeName(endpoints.subject())
                        .scope(endpoints.scopes()),
                provider);
    }

    private @Nullable ClientRegistration discover(OidcProvider provider) {
        try {
            return complete(
                    ClientRegistrations.fromOidcIssuerLocation(provider.issuer())
                            .registrationId(provider.id())
                            .scope("openid", "email", "profile"),
                    provider);
        } catch (RuntimeException e) {
            LOG.warn("the provider {} does not tell its configuration", provider.id(), e);
            return null;
        }
    }

    private ClientRegistration complete(ClientRegistration.Builder registration, OidcProvider provider) {
        ClientRegistration complete = registration
                .clientName(provider.name())
                .clientId(provider.clientId())
                .clientSecret(provider.clientSecret())
                .redirectUri(url.origin() + RETURN + provider.id())
                .clientSettings(ClientSettings.builder().requireProofKey(true).build())
                .build();
        known.put(provider.id(), complete);
        return complete;
    }
}
