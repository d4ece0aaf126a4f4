package dev.mynah.server.account;

import org.jspecify.annotations.Nullable;

/**
 * Who makes a request, and for whom.
 *
 * @param organisationId whose plan and wallet it uses
 * @param apiKeyId       the key it came with, or null for a signed-in browser
 * @param scopes         what the key may be used for; a browser may do all
 */
public record Caller(
        String userId,
        String organisationId,
        String projectId,
        @Nullable String apiKeyId,
        Role role,
        Scopes scopes) {

    /** The same caller with another role. */
    Caller as(Role other) {
        return new Caller(userId, organisationId, projectId, apiKeyId, other, scopes);
    }

    /** @throws ScopeException if the key that was used may not be used for this */
    public void require(String scope) {
        if (!scopes.allow(scope)) {
            throw new ScopeException(scope);
        }
    }
}
