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
import org.springframework.security.oauth2.client.web.OAuth2AuthorizationRequestRedirectFilter;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizedClientRepository;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;
import org.springframework.stereotype.Component;

/**
 * Signing in with an OpenID Connect provider: Spring Security does the protocol (authorization code with PKCE, state and nonce, the ID token's signature, issuer and audience); what it
 * leads to is a session of our own.
 */
@Component
final class OidcLogin {
    private static final Logger LOG = LoggerFactory.getLogger(OidcLogin.class);
    private static final String PROBLEM = "/sign-in?problem=";

    private final OidcProviders providers;
    private final OidcRequests requests;
    private final IdentitySignIn identities;

    OidcLogin(OidcProviders providers, OidcRequests requests, IdentitySignIn identities) {
        this.providers = providers;
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
            OidcUser user = (OidcUser) Objects.requireNonNull(authentication.getPrincipal());
            switch (identities.signIn(identity(user), SignedInBrowser.client(request))) {
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

    private static IdentitySignIn.Identity identity(OidcUser user) {
        boolean verified = Boolean.TRUE.equals(user.getEmailVerified());
        @Nullable String name = user.getFullName();
        return new IdentitySignIn.Identity(
                String.valueOf(user.getIssuer()),
                Objects.requireNonNull(user.getSubject()),
                Optional.ofNullable(user.getEmail()).filter(email -> verified),
                name == null ? "" : name);
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
