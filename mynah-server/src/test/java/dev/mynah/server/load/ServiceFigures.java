package dev.mynah.server.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mynah.engine.FinishReason;
import dev.mynah.engine.GenerationListener;
import dev.mynah.engine.GenerationRequest;
import dev.mynah.engine.SamplingOptions;
import dev.mynah.engine.TokenLogProb;
import dev.mynah.engine.Usage;
import dev.mynah.server.StubEngine;
import dev.mynah.server.TestDatabase;
import java.io.BufferedReader;
import java.nio.file.Path;
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

    @TempDir
    private Path dataDir;

    @Test
    void connections() throws Exception {
        measure("connections", 1_000, 64);
    }

    @Test
    void overhead() throws Exception {
        int requests = 600;
        int tokens = 100;
        System.out.println(engine(requests, tokens));
        measure("overhead", requests, tokens);
    }

    @Test
    void rate() throws Exception {
        measure("rate", 200, 60);
    }

    private void measure(String what, int first, int second) throws Exception {
        List<String> server = java(FigureServer.class, "-Xmx1g", dataDir.toString(), String.valueOf(USERS));
        TestDatabase.POSTGRES.environment().forEach((name, value) -> server.add(name + "=" + value));
        Process service = new ProcessBuilder(server)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader out = service.inputReader()) {
            List<String> generator =
                    java(LoadGenerator.class, "-Xmx1g", what, String.valueOf(first), String.valueOf(second));
            generator.addAll(Arrays.asList(out.readLine().split(" ")));
            assertThat(new ProcessBuilder(generator).inheritIO().start().waitFor())
                    .isZero();
        } finally {
            service.outputWriter().close();
            service.waitFor();
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

    /** The same by calls of the engine, without the service. */
    private static String engine(int requests, int tokens) throws InterruptedException {
        List<Long> first = new ArrayList<>();
        List<Long> perToken = new ArrayList<>();
        try (StubEngine engine = new StubEngine()) {
            int[] prompt = ("user: count " + tokens + " 1\n").chars().toArray();
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
