package dev.mynah.server.store;

import java.lang.reflect.Field;

/** What H2 does of itself that a service cannot have. */
public final class EmbeddedDatabase {
    private static final String CLOSER = "org.h2.engine.OnExitDatabaseCloser";

    private EmbeddedDatabase() {}

    /**
     * Lets open databases be until their last connection is closed. H2 closes them as soon as the process is told to end, while answers still run and are to be settled; its own setting
     * against that ({@code DB_CLOSE_ON_EXIT}) is not allowed together with {@code AUTO_SERVER}.
     */
    public static void surviveSignals() {
        try {
            Field instance = Class.forName(CLOSER).getDeclaredField("INSTANCE");
            instance.setAccessible(true);
            Runtime.getRuntime().removeShutdownHook((Thread) instance.get(null));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this version of H2 is not the one that the service was built for", e);
        }
    }
}
