package dev.mynah.server.account;

import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;

/** What an API key may be used for: {@code all}, or some of {@code inference}, {@code files}, {@code fine_tuning}, {@code usage}, {@code billing}, {@code admin}. */
public record Scopes(Set<String> names) {
    public static final String INFERENCE = "inference";
    public static final String FILES = "files";
    public static final String FINE_TUNING = "fine_tuning";
    public static final String USAGE = "usage";
    public static final String BILLING = "billing";
    public static final String ADMIN = "admin";

    private static final String ALL_NAME = "all";
    private static final Set<String> KNOWN = Set.of(ALL_NAME, INFERENCE, FILES, FINE_TUNING, USAGE, BILLING, ADMIN);
    public static final Scopes ALL = new Scopes(Set.of(ALL_NAME));

    public Scopes {
        names = Set.copyOf(names);
        for (String name : names) {
            if (!KNOWN.contains(name)) {
                throw new IllegalArgumentException(
                        "scope \"" + name + "\" is none of " + String.join(", ", new TreeSet<>(KNOWN)));
            }
        }
        if (names.isEmpty()) {
            throw new IllegalArgumentException("a key needs a scope");
        }
    }

    /** Scopes as {@link #text} writes them. */
    public static Scopes parse(String text) {
        return new Scopes(Set.copyOf(Arrays.asList(text.split(" "))));
    }

    public String text() {
        return String.join(" ", new TreeSet<>(names));
    }

    /** Whether these allow all that {@code others} do. */
    public boolean cover(Scopes others) {
        return names.contains(ALL_NAME) || names.containsAll(others.names);
    }

    public boolean allow(String scope) {
        return names.contains(ALL_NAME) || names.contains(scope);
    }
}
