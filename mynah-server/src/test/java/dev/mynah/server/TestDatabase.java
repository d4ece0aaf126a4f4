package dev.mynah.server;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** The databases that everything must work on. */
public enum TestDatabase {
    H2 {
        @Override
        public Map<String, String> environment() {
            return Map.of();
        }
    },
    POSTGRES {
        @Override
        public Map<String, String> environment() {
            return PostgresServer.newDatabase();
        }
    };

    /** Settings that name a database of its own, empty. */
    public abstract Map<String, String> environment();

    /** Whether PostgreSQL is to stand in wherever a test names no database, or H2: {@code -Dmynah.test.database=postgresql}. */
    static boolean isPostgresForAll() {
        return System.getProperty("mynah.test.database", "").equals("postgresql");
    }

    /** A real PostgreSQL, started when it is first needed. */
    private static final class PostgresServer {
        private static final EmbeddedPostgres POSTGRES = start();
        private static final AtomicInteger DATABASES = new AtomicInteger();

        private static EmbeddedPostgres start() {
            try {
                return EmbeddedPostgres.builder().start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        static Map<String, String> newDatabase() {
            String name = "mynah" + DATABASES.incrementAndGet();
            try (var connection = POSTGRES.getPostgresDatabase().getConnection();
                    var statement = connection.createStatement()) {
                statement.execute("create database " + name);
            } catch (java.sql.SQLException e) {
                throw new IllegalStateException(e);
            }
            return Map.of(
                    "MYNAH_DATABASE_URL", POSTGRES.getJdbcUrl("postgres", name), "MYNAH_DATABASE_USER", "postgres");
        }
    }
}
