package dev.mynah.server.account;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A person with an account.
 *
 * @param emailVerifiedAt when the address was shown to be this person's, or null
 */
public record User(
        String id,
        String email,
        String name,
        Role role,
        UserState state,
        Instant createdAt,
        @Nullable Instant emailVerifiedAt) {

    /** Whether the address is known to be this person's. */
    public boolean isEmailVerified() {
        return emailVerifiedAt != null;
    }
}
