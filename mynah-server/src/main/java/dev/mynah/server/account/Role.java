package dev.mynah.server.account;

import java.util.Locale;

/** What a user may do beyond the own. */
public enum Role {
    USER,
    OPERATOR,
    ADMINISTRATOR;

    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Role of(String id) {
        return valueOf(id.toUpperCase(Locale.ROOT));
    }

    /** Whether this role may do all that {@code other} may. */
    public boolean covers(Role other) {
        return compareTo(other) >= 0;
    }
}
