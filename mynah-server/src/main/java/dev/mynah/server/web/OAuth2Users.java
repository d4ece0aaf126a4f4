package dev.mynah.server.web;

import dev.mynah.server.config.ServiceConfig.OAuth2;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.springframework.http.MediaType;
import org.springframework.security.oauth2.client.userinfo.DefaultOAuth2UserService;
import org.springframework.security.oauth2.client.userinfo.OAuth2UserRequest;
import org.springframework.security.oauth2.client.userinfo.OAuth2UserService;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.core.user.DefaultOAuth2User;
import org.springframework.security.oauth2.core.user.OAuth2User;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;
import tools.jackson.databind.JsonNode;

/** Asks providers without ID tokens who somebody is, and which of the addresses is theirs beyond doubt: the claims then read as OpenID Connect's. */
@Component
final class OAuth2Users implements OAuth2UserService<OAuth2UserRequest, OAuth2User> {
    private static final String EMAIL = "email";
    private static final String VERIFIED = "email_verified";

    private final OidcProviders providers;
    private final RestClient http;
    private final DefaultOAuth2UserService users = new DefaultOAuth2UserService();

    OAuth2Users(OidcProviders providers) {
        this.providers = providers;
        http = RestClient.create();
    }

    @Override
    public OAuth2User loadUser(OAuth2UserRequest request) {
        OAuth2User user = users.loadUser(request);
        OAuth2 endpoints = Objects.requireNonNull(providers
                .settings(request.getClientRegistration().getRegistrationId())
                .oauth2());
        if (endpoints.emailsUrl().isEmpty()) {
            return user;
        }
        Map<String, Object> claims = new LinkedHashMap<>(user.getAttributes());
        // What the page about somebody shows is not what the provider has checked.
        claims.remove(EMAIL);
        for (JsonNode address :
                addresses(endpoints.emailsUrl(), request.getAccessToken().getTokenValue())) {
            if (address.path("primary").asBoolean(false)) {
                claims.put(EMAIL, address.path(EMAIL).asString(""));
                claims.put(VERIFIED, address.path("verified").asBoolean(false));
            }
        }
        return new DefaultOAuth2User(user.getAuthorities(), claims, endpoints.subject());
    }

    private JsonNode addresses(String url, String token) {
        try {
            return Objects.requireNonNull(http.get()
                    .uri(url)
                    .headers(headers -> headers.setBearerAuth(token))
                    .accept(MediaType.APPLICATION_JSON)
                    .retrieve()
                    .body(JsonNode.class));
        } catch (RestClientException e) {
            throw new OAuth2AuthenticationException(
                    new OAuth2Error(OAuth2ErrorCodes.SERVER_ERROR, "the addresses could not be read", url), e);
        }
    }
}
