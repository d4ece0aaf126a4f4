package dev.mynah.server.web;

import dev.mynah.server.account.ApiKeys;
import dev.mynah.server.account.Role;
import dev.mynah.server.account.Scopes;
import dev.mynah.server.account.Sessions;
import dev.mynah.server.config.ServiceConfig;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationDeniedException;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.csrf.CsrfFilter;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.firewall.StrictHttpFirewall;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;

/** Who may call what. What is not named here needs a known caller. */
@Configuration(proxyBeanMethods = false)
class SecurityRules {
    private static final String NO_KEY =
            "You didn't provide an API key. Send it as \"Authorization: Bearer YOUR_KEY\".";
    private static final String FORBIDDEN = "You may not do this, or the page is out of date.";

    private static final String NARROW = "This API key lacks the scope \"all\".";

    /** Routes that look at the scopes of keys themselves, beside those for administrators and operators. */
    private static final String[] SCOPED = {
        "/api/batches/**",
        "/api/billing/**",
        "/api/chat/completions",
        "/api/feedback/export",
        "/api/files/**",
        "/api/fine_tuning/**",
        "/api/models",
        "/api/organisations/**",
        "/api/usage"
    };

    /**
     * As usual, but for {@code %2F}, of which {@link ContainerErrors.Customizer} tells: routes and rules look at the address as it came, where it divides nothing. And methods that nobody knows get
     * their 405 where routes are known.
     */
    @Bean
    HttpFirewall firewall() {
        StrictHttpFirewall firewall = new StrictHttpFirewall();
        firewall.setAllowUrlEncodedSlash(true);
        firewall.setUnsafeAllowAnyHttpMethod(true);
        return firewall;
    }

    /** Prometheus, with the token of the configuration; it is nobody's key, so nothing else looks at it. */
    @Bean
    @Order(0)
    SecurityFilterChain scrape(HttpSecurity http, ServiceConfig config) {
        return http.securityMatcher(
                        request -> isScraper(request, config.metrics().token()))
                .authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .build();
    }

    private static boolean isScraper(HttpServletRequest request, @Nullable String token) {
        @Nullable String given = request.getHeader(HttpHeaders.AUTHORIZATION);
        return token != null
                && given != null
                && request.getRequestURI().equals("/metrics")
                && MessageDigest.isEqual(
                        ("Bearer " + token).getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
    }

    /** The API: keys only. Cookies mean nothing to it, so there is nothing that a browser could be tricked into. */
    @Bean
    @Order(1)
    SecurityFilterChain api(HttpSecurity http, ApiKeys keys, ErrorWriter errors) {
        return common(http.securityMatcher("/v1/**"), keys, errors)
                .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                .csrf(AbstractHttpConfigurer::disable)
                .headers(headers -> headers.addHeaderWriter(RequestIds.processingTime()))
                .build();
    }

    /** The web app and what it calls. */
    @Bean
    @Order(2)
    SecurityFilterChain web(
            HttpSecurity http, ApiKeys keys, Sessions sessions, OidcLogin oidc, WebPage page, ErrorWriter errors) {
        return oidc.addTo(common(http, keys, errors))
                .addFilterBefore(new SessionFilter(sessions), AuthorizationFilter.class)
                .authorizeHttpRequests(requests -> requests.requestMatchers(
                                "/api/admin/status",
                                "/api/admin/stop",
                                "/api/admin/health",
                                "/api/admin/moderation/items/**",
                                "/api/studio/**")
                        .hasAnyRole(Role.OPERATOR.name(), Role.ADMINISTRATOR.name())
                        .requestMatchers("/api/admin/**", "/metrics")
                        .hasRole(Role.ADMINISTRATOR.name())
                        .requestMatchers(
                                "/api/account/sign-up",
                                "/api/account/sign-in",
                                "/api/account/sign-in/**",
                                "/api/account/sign-out",
                                "/api/account/password-reset",
                                "/api/account/password-reset/confirm",
                                "/api/account/email/confirm",
                                "/api/account/email-verification/confirm",
                                "/api/invitations/look",
                                "/api/shared/*",
                                "/api/webhooks/*")
                        .permitAll()
                        .requestMatchers(SCOPED)
                        .authenticated()
                        .requestMatchers(HttpMethod.POST, "/api/keys")
                        .authenticated()
                        .requestMatchers("/api/**")
                        .access((_, _) -> personally())
                        .anyRequest()
                        .permitAll())
                .addFilterBefore(new FormFilter(errors), CsrfFilter.class)
                .csrf(csrf -> csrf.spa()
                        .ignoringRequestMatchers(ApiKeyFilter::hasKey)
                        .ignoringRequestMatchers("/api/webhooks/*"))
                .headers(headers ->
                        headers.contentSecurityPolicy(policy -> policy.policyDirectives(page.contentSecurityPolicy())))
                .build();
    }

    /** What is a person's own, such as chats and keys: for browsers, and for keys that may do all. */
    private static AuthorizationDecision personally() {
        return Callers.current()
                .map(caller -> caller.scopes().cover(Scopes.ALL) ? new AuthorizationDecision(true) : new TooNarrow())
                .orElse(new AuthorizationDecision(false));
    }

    private static boolean isTooNarrow(AccessDeniedException failure) {
        return failure instanceof AuthorizationDeniedException denied
                && denied.getAuthorizationResult() instanceof TooNarrow;
    }

    /** Refuses a key that may not do all. */
    private static final class TooNarrow extends AuthorizationDecision {
        TooNarrow() {
            super(false);
        }
    }

    private static HttpSecurity common(HttpSecurity http, ApiKeys keys, ErrorWriter errors) {
        return http.addFilterBefore(new ApiKeyFilter(keys, errors), AuthorizationFilter.class)
                .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .exceptionHandling(handling -> handling.authenticationEntryPoint((request, response, failure) ->
                                errors.write(response, ApiException.unauthorized(NO_KEY)))
                        .accessDeniedHandler((request, response, failure) -> errors.write(
                                response, ApiException.forbidden(isTooNarrow(failure) ? NARROW : FORBIDDEN))))
                .headers(headers -> headers.referrerPolicy(policy -> policy.policy(ReferrerPolicy.NO_REFERRER)))
                .formLogin(AbstractHttpConfigurer::disable)
                .httpBasic(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable);
    }
}
