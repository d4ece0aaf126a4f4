package dev.mynah.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One of the processes that train together.
 *
 * @param output the thread that passes its messages on, or null where they go to the terminal directly
 */
record RankProcess(int rank, Process process, @Nullable Thread output) {

    /** Starts the same program with other arguments. The first rank has the terminal, if there is one; what the others write appears with their rank before it. */
    static RankProcess start(
            int rank, int localRanks, List<String> arguments, Map<String, String> environment, PrintWriter err)
            throws IOException {
        boolean terminal = rank == 0 && Integer.getInteger(ConsoleMonitor.COLUMNS, 0) > 0;
        ProcessBuilder builder = new ProcessBuilder(command(arguments, localRanks, terminal));
        builder.environment().putAll(environment);
        int threads = Math.max(1, Runtime.getRuntime().availableProcessors() / localRanks);
        builder.environment().putIfAbsent("OMP_NUM_THREADS", Integer.toString(threads));
        builder.redirectInput(Redirect.from(nullDevice().toFile()));
        builder.redirectOutput(rank == 0 ? Redirect.INHERIT : Redirect.DISCARD);
        builder.redirectError(terminal ? Redirect.INHERIT : Redirect.PIPE);
        Process process = builder.start();
        Thread output = terminal
                ? null
                : Thread.ofPlatform().daemon().start(() -> passOn(process, "[rank " + rank + "] ", err));
        return new RankProcess(rank, process, output);
    }

    private static List<String> command(List<String> arguments, int localRanks, boolean terminal) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> terminal || !flag.startsWith("-D" + ConsoleMonitor.COLUMNS))
                .forEach(command::add);
        command.add("-XX:MaxRAMPercentage=" + 25.0 / localRanks);
        command.add("-D" + LaunchedProcess.LAUNCHED + "=true");
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Mynah.class.getName()));
        command.addAll(arguments);
        return command;
    }

    private static Path nullDevice() {
        return Path.of(System.getProperty("os.name").startsWith("Windows") ? "NUL" : "/dev/null");
    }

    private static void passOn(Process process, String prefix, PrintWriter err) {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
            lines.lines().forEach(line -> err.println(prefix + line));
        } catch (IOException | UncheckedIOException e) {
            err.println(prefix + "(its messages cannot be read: " + e.getMessage() + ")");
        }
    }
}
