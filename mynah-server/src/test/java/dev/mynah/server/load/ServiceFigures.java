package dev.mynah.server.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mynah.engine.FinishReason;
import dev.mynah.engine.GenerationListener;
import dev.mynah.engine.GenerationRequest;
import dev.mynah.engine.SamplingOptions;
import dev.mynah.engine.TokenLogProb;
import dev.mynah.engine.Usage;
import dev.mynah.server.StubEngine;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the service takes and adds, measured from outside: the service, and what asks it, are each a process of its own; the database is a PostgreSQL on the same machine. Run by hand on a quiet
 * machine (docs/performance.md): its name ends so that no suite runs it.
 */
class ServiceFigures {
    private static final int USERS = 40;
    /** A system property that names a file for a flight recording of the service; the statements are printed then, too. */
    private static final String RECORDING = "figures.recording";

    @TempDir
    private Path dataDir;

    @Test
    void connections() throws Exception {
        measure("connections", 1_000, 64);
    }

    @Test
    void overhead() throws Exception {
        int requests = 2_000;
        int tokens = 50;
        System.out.println(engine(requests, tokens));
        measure("overhead", requests, tokens);
    }

    @Test
    void rate() throws Exception {
        measure("rate", 200, 60);
    }

    private void measure(String what, int first, int second) throws Exception {
        try (EmbeddedPostgres database = durable()) {
            List<String> server = java(FigureServer.class, "-Xmx1g", dataDir.toString(), String.valueOf(USERS));
            server.add("MYNAH_DATABASE_URL=" + database.getJdbcUrl("postgres", "postgres"));
            server.add("MYNAH_DATABASE_USER=postgres");
            @Nullable String recording = System.getProperty(RECORDING);
            if (recording != null) {
                server.addAll(
                        1,
                        List.of("-Xlog:jfr*=off", "-XX:StartFlightRecording:settings=profile,filename=" + recording));
            }
            Process service = new ProcessBuilder(server)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try (BufferedReader out = service.inputReader()) {
                List<String> generator =
                        java(LoadGenerator.class, "-Xmx1g", what, String.valueOf(first), String.valueOf(second));
                generator.addAll(Arrays.asList(out.readLine().split(" ")));
                Work before = Work.of(service.toHandle(), database);
                Process client = new ProcessBuilder(generator).inheritIO().start();
                assertThat(client.waitFor()).isZero();
                System.out.println(Work.of(service.toHandle(), database).since(before));
                if (recording != null) {
                    printStatements(database);
                }
            } finally {
                service.outputWriter().close();
                service.waitFor();
            }
        }
    }

    /** A PostgreSQL that writes to disk before it acknowledges, as those of the other tests do not. */
    private static EmbeddedPostgres durable() throws IOException {
        EmbeddedPostgres.Builder builder =
                EmbeddedPostgres.builder().setServerConfig("fsync", "on").setServerConfig("synchronous_commit", "on");
        if (System.getProperty(RECORDING) != null) {
            builder.setServerConfig("shared_preload_libraries", "pg_stat_statements");
        }
        return builder.start();
    }

    /** The statements that took the database longest. */
    private static void printStatements(EmbeddedPostgres database) throws SQLException {
        try (Connection connection = database.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("create extension pg_stat_statements");
            try (ResultSet rows = statement.executeQuery(
                    "select calls, total_exec_time + total_plan_time as time, query from pg_stat_statements order by time desc limit 60")) {
                while (rows.next()) {
                    System.out.printf(
                            "%8d calls %8.0f ms  %s%n",
                            rows.getLong("calls"),
                            rows.getDouble("time"),
                            rows.getString("query").replaceAll("\\s+", " "));
                }
            }
        }
    }

    private static List<String> java(Class<?> main, String heap, String... args) {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "--enable-native-access=ALL-UNNAMED",
                heap,
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(args));
        return command;
    }

    /** What the service and its database have done until now: processor time in milliseconds, and commits. */
    private record Work(long service, long database, long commits) {

        static Work of(ProcessHandle service, EmbeddedPostgres database) throws SQLException {
            try (Connection connection = database.getPostgresDatabase().getConnection();
                    Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(
                            "select pg_backend_pid(), xact_commit from pg_stat_database where datname = 'postgres'")) {
                row.next();
                ProcessHandle postmaster =
                        ProcessHandle.of(row.getLong(1)).orElseThrow().parent().orElseThrow();
                return new Work(
                        milliseconds(service),
                        postmaster.descendants().mapToLong(Work::milliseconds).sum(),
                        row.getLong(2));
            }
        }

        private static long milliseconds(ProcessHandle process) {
            return process.info().totalCpuDuration().orElse(Duration.ZERO).toMillis();
        }

        String since(Work before) {
            return "processor time: service %d ms, database %d ms; %d commits"
                    .formatted(service - before.service, database - before.database, commits - before.commits);
        }
    }

    /** The same by calls of the engine, without the service. */
    private static String engine(int requests, int tokens) throws InterruptedException {
        List<Long> first = new ArrayList<>();
        List<Long> perToken = new ArrayList<>();
        try (StubEngine engine = new StubEngine()) {
            int[] prompt = ("user: dots " + tokens + " 1\n").chars().toArray();
            for (int i = 0; i < requests; i++) {
                Clock clock = new Clock();
                engine.submit(
                        new GenerationRequest(
                                prompt,
                                SamplingOptions.builder().maxTokens(tokens + 1).build(),
                                "",
                                0,
                                null),
                        clock);
                clock.end.await();
                if (i >= requests / 2) {
                    first.add(clock.firstAt - clock.sentAt);
                    perToken.add((clock.lastAt - clock.firstAt) / (tokens - 1));
                }
            }
        }
        return "engine, to the first token: " + LoadGenerator.percentiles(first) + "; a further token: "
                + LoadGenerator.percentiles(perToken);
    }

    private static final class Clock implements GenerationListener {
        private final CountDownLatch end = new CountDownLatch(1);
        private final long sentAt = System.nanoTime();
        private long firstAt;
        private long lastAt;

        @Override
        public void onToken(int token, String text, @Nullable TokenLogProb logProb) {
            if (text.isEmpty()) {
                return;
            }
            lastAt = System.nanoTime();
            firstAt = firstAt == 0 ? lastAt : firstAt;
        }

        @Override
        public void onFinish(String text, FinishReason reason, Usage usage) {
            end.countDown();
        }

        @Override
        public void onFailure(RuntimeException failure, Usage usage) {
            end.countDown();
        }
    }
}
