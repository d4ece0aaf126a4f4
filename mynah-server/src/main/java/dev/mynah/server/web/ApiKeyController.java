package dev.mynah.server.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.mynah.server.account.ApiKey;
import dev.mynah.server.account.ApiKeys;
import dev.mynah.server.account.Caller;
import dev.mynah.server.account.OrganisationRepository;
import dev.mynah.server.account.Scopes;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/keys}: a user's own API keys. */
@RestController
final class ApiKeyController {
    private static final int MAX_NAME = 100;
    private static final long LAST_SECOND = 253_402_300_799L;

    private final ApiKeys keys;
    private final OrganisationRepository organisations;

    ApiKeyController(ApiKeys keys, OrganisationRepository organisations) {
        this.keys = keys;
        this.organisations = organisations;
    }

    /** @param secret only where the key was just made */
    record Body(
            String id,
            String projectId,
            String name,
            String hint,
            Set<String> scopes,
            Instant createdAt,
            @Nullable Instant expiresAt,
            @Nullable Instant revokedAt,
            @Nullable Instant lastUsedAt,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            String secret) {
        static Body of(ApiKey key, @Nullable String secret) {
            return new Body(
                    key.id(),
                    key.projectId(),
                    key.name(),
                    key.hint(),
                    key.scopes().names(),
                    key.createdAt(),
                    key.expiresAt(),
                    key.revokedAt(),
                    key.lastUsedAt(),
                    secret);
        }
    }

    @GetMapping("/api/keys")
    List<Body> list(Caller caller) {
        return keys.ofUser(caller.userId()).stream()
                .map(key -> Body.of(key, null))
                .toList();
    }

    /** {@code expires_at} is seconds since 1970; {@code project_id} is one of the caller's, the one worked in where absent. A key that is made with another ends with it at the latest. */
    @PostMapping("/api/keys")
    @ResponseStatus(HttpStatus.CREATED)
    Body create(Caller caller, JsonObject body) {
        String name = body.requiredString("name").strip();
        List<String> scopes = body.strings("scopes");
        String project = body.string("project_id").orElse(caller.projectId());
        OptionalLong expires = body.integer("expires_at", 0L, LAST_SECOND);
        body.finish();
        if (name.isEmpty() || name.length() > MAX_NAME) {
            throw body.invalid("name", "a name has 1 to " + MAX_NAME + " characters");
        }
        Scopes wanted = scopes.isEmpty() ? Scopes.ALL : new Scopes(Set.copyOf(scopes));
        if (!caller.scopes().cover(wanted)) {
            throw ApiException.forbidden("A key cannot make one that may do more than itself.");
        }
        requireProject(caller, project);
        ApiKeys.Created created = keys.create(new ApiKeys.Order(
                project,
                caller.userId(),
                name,
                wanted,
                expiry(caller, expires.isPresent() ? Instant.ofEpochSecond(expires.getAsLong()) : null)));
        return Body.of(created.key(), created.secret());
    }

    private @Nullable Instant expiry(Caller caller, @Nullable Instant wanted) {
        return keys.ofUser(caller.userId()).stream()
                .filter(key -> key.id().equals(caller.apiKeyId()))
                .map(ApiKey::expiresAt)
                .filter(end -> end != null && (wanted == null || wanted.isAfter(end)))
                .findFirst()
                .orElse(wanted);
    }

    /** A key makes others for its own organisation only. */
    private void requireProject(Caller caller, String id) {
        if (organisations.projectsOf(caller.userId()).stream()
                .filter(project ->
                        caller.apiKeyId() == null || project.organisationId().equals(caller.organisationId()))
                .noneMatch(project -> project.id().equals(id))) {
            throw ApiException.notFound("There is no such project.");
        }
    }

    @DeleteMapping("/api/keys/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void revoke(Caller caller, @PathVariable String id) {
        if (!keys.revoke(id, caller.userId())) {
            throw ApiException.notFound("There is no such key.");
        }
    }
}
