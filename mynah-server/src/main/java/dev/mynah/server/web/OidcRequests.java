package dev.mynah.server.web;

import dev.mynah.server.account.OneTimeTokens;
import dev.mynah.server.store.ServerSecret;
import dev.mynah.server.store.Transactions;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.client.web.AuthorizationRequestRepository;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Remembers what a browser was sent to a provider with (state, nonce, PKCE's verifier), once, under a cookie of that browser. */
@Component
final class OidcRequests implements AuthorizationRequestRepository<OAuth2AuthorizationRequest> {
    private static final String PURPOSE = "oidc";
    private static final Duration LIFETIME = Duration.ofMinutes(10);

    private final OneTimeTokens tokens;
    private final Transactions transactions;
    private final ServerSecret secret;
    private final JsonMapper mapper;

    OidcRequests(OneTimeTokens tokens, Transactions transactions, ServerSecret secret, JsonMapper mapper) {
        this.tokens = tokens;
        this.transactions = transactions;
        this.secret = secret;
        this.mapper = mapper;
    }

    private record Kept(
            String authorizationUri,
            String clientId,
            String redirectUri,
            Set<String> scopes,
            String state,
            Map<String, Object> attributes) {}

    @Override
    public void saveAuthorizationRequest(
            @Nullable OAuth2AuthorizationRequest sent, HttpServletRequest request, HttpServletResponse response) {
        if (sent == null) {
            return;
        }
        String kept = mapper.writeValueAsString(new Kept(
                sent.getAuthorizationUri(),
                sent.getClientId(),
                Objects.requireNonNull(sent.getRedirectUri()),
                sent.getScopes(),
                Objects.requireNonNull(sent.getState()),
                sent.getAttributes()));
        String token = transactions.call(() -> tokens.issue(PURPOSE, null, secret.encrypt(kept), LIFETIME));
        SessionCookie.setProvider(request, response, token, LIFETIME);
    }

    @Override
    public @Nullable OAuth2AuthorizationRequest loadAuthorizationRequest(HttpServletRequest request) {
        return SessionCookie.provider(request)
                .flatMap(token -> tokens.look(PURPOSE, token))
                .flatMap(kept -> sent(kept, request))
                .orElse(null);
    }

    @Override
    public @Nullable OAuth2AuthorizationRequest removeAuthorizationRequest(
            HttpServletRequest request, HttpServletResponse response) {
        return SessionCookie.provider(request)
                .flatMap(token -> transactions.call(() -> tokens.take(PURPOSE, token)))
                .flatMap(kept -> sent(kept, request))
                .orElse(null);
    }

    /** What was sent, where the answer belongs to it. */
    private Optional<OAuth2AuthorizationRequest> sent(OneTimeTokens.Kept token, HttpServletRequest request) {
        Kept kept = mapper.readValue(secret.decrypt(token.data()), new TypeReference<Kept>() {});
        if (!kept.state().equals(request.getParameter("state"))) {
            return Optional.empty();
        }
        return Optional.of(OAuth2AuthorizationRequest.authorizationCode()
                .authorizationUri(kept.authorizationUri())
                .clientId(kept.clientId())
                .redirectUri(kept.redirectUri())
                // With "openid" among them, Spring Security asks for an ID token, and checks it.
                .scopes(kept.scopes())
                .state(kept.state())
                .attributes(kept.attributes())
                .build());
    }
}
