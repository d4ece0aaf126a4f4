package dev.mynah.server.admin;

import dev.mynah.server.account.Caller;
import dev.mynah.server.account.Scopes;
import dev.mynah.server.ops.AuditLog;
import dev.mynah.server.store.Transactions;
import dev.mynah.server.upstream.Upstream;
import dev.mynah.server.upstream.UpstreamRepository;
import dev.mynah.server.web.ApiException;
import dev.mynah.server.web.JsonObject;
import dev.mynah.server.web.Page;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/admin/upstreams}: other services that answer for this one. Their keys are never shown. */
@RestController
final class UpstreamsController {
    private final UpstreamRepository upstreams;
    private final Transactions transactions;
    private final AuditLog audit;
    private final Clock clock;

    UpstreamsController(UpstreamRepository upstreams, Transactions transactions, AuditLog audit, Clock clock) {
        this.upstreams = upstreams;
        this.transactions = transactions;
        this.audit = audit;
        this.clock = clock;
    }

    record Body(String id, String baseUrl, boolean hasApiKey, boolean enabled, Instant createdAt) {
        static Body of(Upstream upstream) {
            return new Body(
                    upstream.id(),
                    upstream.baseUrl(),
                    upstream.apiKey() != null,
                    upstream.enabled(),
                    upstream.createdAt());
        }
    }

    @GetMapping("/api/admin/upstreams")
    Page<Body> list(Caller caller) {
        caller.require(Scopes.ADMIN);
        return new Page<>(upstreams.all().stream().map(Body::of).toList(), null);
    }

    @PostMapping("/api/admin/upstreams")
    Body create(Caller caller, JsonObject body) {
        caller.require(Scopes.ADMIN);
        String id = body.requiredString("id");
        if (!id.matches("[a-z0-9_-]{1,64}")) {
            throw body.invalid("id", "it must have 1 to 64 lower-case letters, digits, underscores and hyphens");
        }
        Upstream upstream = new Upstream(
                id,
                baseUrl(body, body.requiredString("base_url")),
                body.string("api_key").orElse(null),
                body.bool("enabled").orElse(true),
                clock.instant());
        body.finish();
        transactions.run(() -> {
            if (!upstreams.insert(upstream)) {
                throw ApiException.of(
                        HttpStatus.CONFLICT, "There is an upstream \"" + id + "\" already.", "id", "already_exists");
            }
            audit.record(caller.userId(), "upstream.create", id, upstream.baseUrl());
        });
        return Body.of(upstream);
    }

    /** Changes what the body names; an {@code api_key} of null takes the key away. */
    @PatchMapping("/api/admin/upstreams/{id}")
    Body update(Caller caller, @PathVariable String id, JsonObject body) {
        caller.require(Scopes.ADMIN);
        return Body.of(transactions.call(() -> {
            Upstream old = upstreams.lock(id).orElseThrow(UpstreamsController::unknown);
            @Nullable String key = body.string("api_key").orElse(null);
            Upstream changed = new Upstream(
                    id,
                    baseUrl(body, body.string("base_url").orElse(old.baseUrl())),
                    body.keys().contains("api_key") ? key : old.apiKey(),
                    body.bool("enabled").orElse(old.enabled()),
                    old.createdAt());
            body.finish();
            upstreams.update(changed);
            audit.record(caller.userId(), "upstream.update", id, changed.baseUrl());
            return changed;
        }));
    }

    record Deleted(String id, boolean deleted) {}

    /** Deletes an upstream with the routes that lead to it. */
    @DeleteMapping("/api/admin/upstreams/{id}")
    Deleted delete(Caller caller, @PathVariable String id) {
        caller.require(Scopes.ADMIN);
        transactions.run(() -> {
            if (!upstreams.delete(id)) {
                throw unknown();
            }
            audit.record(caller.userId(), "upstream.delete", id, "");
        });
        return new Deleted(id, true);
    }

    private static ApiException unknown() {
        return ApiException.notFound("There is no such upstream.");
    }

    private static String baseUrl(JsonObject body, String url) {
        try {
            URI uri = new URI(url);
            boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (http && uri.getHost() != null && uri.getQuery() == null && uri.getUserInfo() == null) {
                return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
            }
        } catch (URISyntaxException e) {
            // Refused below, as any other.
        }
        throw body.invalid("base_url", "it must be an address such as https://host/v1");
    }
}
