package dev.mynah.server.web;

import dev.mynah.server.account.IdentitySignIn;
import dev.mynah.server.account.SignIn;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.config.ObjectPostProcessor;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.authentication.OAuth2AuthenticationToken;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizationRequestRedirectFilter;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizedClientRepository;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;
import org.springframework.security.oauth2.core.user.OAuth2User;
import org.springframework.stereotype.Component;

/**
 * Signing in with a provider of OpenID Connect, or of OAuth 2.0 alone: Spring Security does the protocol (authorization code with PKCE, state and nonce, the ID token's signature, issuer and audience); what it
 * leads to is a session of our own.
 */
@Component
final class OidcLogin {
    private static final Logger LOG = LoggerFactory.getLogger(OidcLogin.class);
    private static final String PROBLEM = "/sign-in?problem=";

    private final OidcProviders providers;
    private final OidcRequests requests;
    private final OAuth2Users users;
    private final IdentitySignIn identities;

    OidcLogin(OidcProviders providers, OidcRequests requests, OAuth2Users users, IdentitySignIn identities) {
        this.providers = providers;
        this.users = users;
        this.requests = requests;
        this.identities = identities;
    }

    /** Adds it to a chain, where there are providers. */
    HttpSecurity addTo(HttpSecurity http) {
        if (providers.isEmpty()) {
            return http;
        }
        return http.oauth2Login(login -> login.clientRegistrationRepository(providers)
                .authorizedClientRepository(new Forgetful())
                .loginPage("/sign-in")
                .userInfoEndpoint(endpoint -> endpoint.userService(users))
                .authorizationEndpoint(endpoint -> endpoint.authorizationRequestRepository(requests))
                .successHandler((request, response, authentication) -> enter(request, response, authentication))
                .failureHandler((request, response, failure) -> failed(response, failure))
                .withObjectPostProcessor(new ObjectPostProcessor<OAuth2AuthorizationRequestRedirectFilter>() {
                    @Override
                    public <O extends OAuth2AuthorizationRequestRedirectFilter> O postProcess(O filter) {
                        filter.setAuthenticationFailureHandler(
                                (request, response, failure) -> failed(response, failure));
                        return filter;
                    }
                }));
    }

    private void enter(HttpServletRequest request, HttpServletResponse response, Authentication authentication)
            throws IOException {
        // It is our session that counts from here on.
        SecurityContextHolder.clearContext();
        try {
            switch (identities.signIn(
                    identity((OAuth2AuthenticationToken) authentication), SignedInBrowser.client(request))) {
                case SignIn.SignedIn signedIn -> {
                    SessionCookie.set(request, response, signedIn.token());
                    response.sendRedirect("/");
                }
                case SignIn.CodeWanted wanted -> {
                    SessionCookie.setStep(request, response, wanted.token());
                    response.sendRedirect("/sign-in?step=code");
                }
            }
        } catch (IdentitySignIn.RefusedException e) {
            response.sendRedirect(PROBLEM + e.refusal().name().toLowerCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            // An address that is none.
            response.sendRedirect(PROBLEM + "email_unverified");
        }
    }

    /** An ID token tells who vouches for it, else the configuration does. */
    private IdentitySignIn.Identity identity(OAuth2AuthenticationToken authentication) {
        OAuth2User user = Objects.requireNonNull(authentication.getPrincipal());
        boolean verified = Boolean.TRUE.equals(user.getAttribute("email_verified"));
        @Nullable String email = user.getAttribute("email");
        @Nullable String name = user.getAttribute("name");
        String issuer = user instanceof OidcUser known
                ? String.valueOf(known.getIssuer())
                : providers
                        .settings(authentication.getAuthorizedClientRegistrationId())
                        .issuer();
        return new IdentitySignIn.Identity(
                issuer, user.getName(), Optional.ofNullable(email).filter(_ -> verified), name == null ? "" : name);
    }

    private static void failed(HttpServletResponse response, AuthenticationException failure) throws IOException {
        LOG.info("signing in with a provider failed: {}", failure.toString());
        response.sendRedirect(PROBLEM + "provider_failed");
    }

    /** Providers' tokens are of no use after the sign-in, and are not kept. */
    @SuppressWarnings("TypeParameterUnusedInFormals") // as the interface declares it
    private static final class Forgetful implements OAuth2AuthorizedClientRepository {
        @Override
        public <T extends OAuth2AuthorizedClient> @Nullable T loadAuthorizedClient(
                String id, Authentication principal, HttpServletRequest request) {
            return null;
        }

        @Override
        public void saveAuthorizedClient(
                OAuth2AuthorizedClient client,
                Authentication principal,
                HttpServletRequest request,
                HttpServletResponse response) {}

        @Override
        public void removeAuthorizedClient(
                String id, Authentication principal, HttpServletRequest request, HttpServletResponse response) {}
    }
}
