package dev.mynah.server.finetuning;

import dev.mynah.files.DurableFiles;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The process that trains for a job, whoever started it: it outlives a service that is killed, and the next one finds it by the file that its JVM was started with, which is the job's own.
 */
final class TrainingProcess {
    // The kernel ends this process before others where memory runs out (proc(5), oom_score_adj).
    private static final String FIRST_TO_GO = "800";

    private final ProcessHandle process;

    private TrainingProcess(ProcessHandle process) {
        this.process = process;
    }

    /** The job's process, if one runs on this machine. */
    static Optional<TrainingProcess> find(JobFolder folder) {
        String argument = "@" + folder.arguments();
        return ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .arguments()
                        .map(arguments -> Arrays.asList(arguments).contains(argument))
                        .orElse(false))
                .findFirst()
                .map(TrainingProcess::new);
    }

    /** Starts it; it goes on from its last checkpoint, if there is one. */
    static TrainingProcess start(
            JobFolder folder, Method method, FineTuningOptions options, FineTuningSettings settings)
            throws IOException {
        List<String> words = new ArrayList<>();
        words.add("-Xmx" + settings.heapMb() + "m");
        words.add("-XX:+ExitOnOutOfMemoryError");
        words.addAll(options.java());
        words.addAll(
                List.of("train", method.stage(), "--config", folder.config().toString()));
        words.addAll(List.of("--out", folder.run().toString(), "--resume", "--device", settings.device()));
        DurableFiles.write(
                folder.arguments(),
                words.stream().map(TrainingProcess::quoted).collect(Collectors.joining("\n", "", "\n")));
        List<String> command = new ArrayList<>(limits(settings));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("@" + folder.arguments());
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.log().toFile()));
        builder.environment().keySet().removeIf(name -> name.startsWith("MYNAH_"));
        builder.environment().put("CLASSPATH", options.classpath());
        builder.environment().put("OMP_NUM_THREADS", String.valueOf(settings.threads()));
        builder.environment().putIfAbsent("GOMP_SPINCOUNT", "5000");
        Process started = builder.start();
        started.getOutputStream().close();
        letItGoFirst(started.pid());
        return new TrainingProcess(started.toHandle());
    }

    /** An argument as a JVM's argument file has it. */
    private static String quoted(String word) {
        return '"' + word.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    /** RLIMIT_DATA holds all private memory that can be written to, where {@code prlimit} can set it; what is only reserved does not count. */
    private static List<String> limits(FineTuningSettings settings) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(folder -> Path.of(folder, "prlimit"))
                .filter(Files::isExecutable)
                .findFirst()
                .map(prlimit -> List.of(prlimit.toString(), "--data=" + ((long) settings.memoryMb() << 20)))
                .orElse(List.of());
    }

    private static void letItGoFirst(long pid) {
        Path score = Path.of("/proc", String.valueOf(pid), "oom_score_adj");
        try {
            if (Files.exists(score)) {
                Files.writeString(score, FIRST_TO_GO);
            }
        } catch (IOException e) {
            // It ended already, or may not be told so; both are seen later.
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Ends it, with all that it has started. A run goes on from its last checkpoint. */
    void kill() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
