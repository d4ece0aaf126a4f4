package dev.mynah.server.account;

import java.util.Locale;

/** Whether a user may come in. */
public enum UserState {
    ACTIVE,
    SUSPENDED,
    DELETED;

    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static UserState of(String id) {
        return valueOf(id.toUpperCase(Locale.ROOT));
    }
}
