package dev.mynah.train.pretrain;

import dev.mynah.train.Ranks;
import dev.mynah.train.TrainingStoppedException;
import dev.mynah.train.run.SilentMonitor;
import dev.mynah.train.run.StepMetrics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Pretraining in a process of its own, by the configuration of {@link PretrainTest}. */
final class PretrainProcess {

    /** Its exit code where training cannot go on. */
    static final int STOPPED = 7;

    /** What it prints every hundred steps, before the kilobytes of its resident memory; on Linux alone. */
    static final String RESIDENT = "resident kB: ";

    private PretrainProcess() {}

    /**
     * Starts one.
     *
     * @param log takes what it prints
     * @param environment further variables
     */
    static Process start(Path log, Map<String, String> environment, Path out, boolean resume, String... overrides)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                // A heap that does not grow, so that growth is native memory's.
                "-Xms128m",
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:+AlwaysPreTouch",
                "-cp",
                System.getProperty("java.class.path"),
                PretrainProcess.class.getName(),
                out.toString(),
                String.valueOf(resume)));
        command.addAll(List.of(overrides));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        return builder.start();
    }

    public static void main(String[] args) throws IOException {
        List<String> overrides = List.of(args).subList(2, args.length);
        try (Ranks ranks = Ranks.connect(System.getenv())) {
            Pretrain.run(
                    PretrainTest.config(overrides.toArray(String[]::new)),
                    PretrainTest.options(Path.of(args[0]), Boolean.parseBoolean(args[1])),
                    ranks,
                    new MemoryMonitor());
        } catch (TrainingStoppedException e) {
            System.err.println(e.getMessage());
            System.exit(STOPPED);
        }
    }

    private static final class MemoryMonitor extends SilentMonitor {
        private static final Path STATUS = Path.of("/proc/self/status");

        @Override
        public void step(StepMetrics metrics, int totalSteps, Duration eta) {
            if (metrics.step() % 100 == 0 && Files.exists(STATUS)) {
                try (Stream<String> lines = Files.lines(STATUS)) {
                    lines.filter(line -> line.startsWith("VmRSS:"))
                            .forEach(line -> System.out.println(RESIDENT + line.replaceAll("\\D", "")));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }
}
