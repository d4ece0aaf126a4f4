package dev.mynah.train.eval;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs Python programs that a model wrote, apart from the machine: Linux namespaces with no network and no other processes, a file system that shows Python and the system's libraries read-only and an empty
 * scratch folder in memory, limits of time, memory, processes and output, and no privileges. It is made of util-linux alone ({@code unshare}, {@code mount}, {@code pivot_root}, {@code prlimit},
 * {@code setpriv}).
 *
 * <p>It keeps programs from the files, the network and the processes of the machine. Against an attack on the kernel itself it is no wall: whoever runs models of strangers does so in a virtual machine.
 */
public final class Sandbox {
    /** Far above the CPU time, so that a busy machine fails no program. */
    private static final Duration WALL_CLOCK = Duration.ofSeconds(30);

    private static final Duration TRIAL_CLOCK = Duration.ofMinutes(5);
    private static final long CPU_SECONDS = 8;
    private static final long MEMORY_BYTES = 512L << 20;
    private static final long SCRATCH_BYTES = 32L << 20;
    private static final int PROCESSES = 16;
    private static final int MOST_OUTPUT = 64 << 10;
    /** Root becomes one of the users from here on, who own nothing; each run another, since processes are counted by user. */
    private static final int FIRST_USER = 61_000;

    private static final int USERS = 1000;

    private final Python python;
    private final String script;
    private final boolean root;
    private final Duration wallClock;
    private final AtomicInteger runs = new AtomicInteger();

    /**
     * An interpreter.
     *
     * @param folders what it needs beside /usr
     */
    private record Python(String executable, List<String> folders) {}

    /** What became of a program. */
    public enum Outcome {
        /** It ended with exit code 0. */
        PASSED,
        /** It ended otherwise, or was ended for what it used. */
        FAILED,
        TIMED_OUT
    }

    /**
     * The end of a program.
     *
     * @param output the beginning of what it wrote
     */
    public record Result(Outcome outcome, String output) {}

    private Sandbox(Python python, String script, boolean root, Duration wallClock) {
        this.python = python;
        this.script = script;
        this.root = root;
        this.wallClock = wallClock;
    }

    /**
     * A sandbox, which has been tried.
     *
     * @throws IllegalArgumentException saying what this machine lacks for one
     */
    public static Sandbox open() throws IOException {
        return open(WALL_CLOCK);
    }

    static Sandbox open(Duration wallClock) throws IOException {
        if (!System.getProperty("os.name").equals("Linux")) {
            throw new IllegalArgumentException("programs are run in a sandbox of Linux namespaces, which "
                    + System.getProperty("os.name") + " does not have");
        }
        for (String tool : List.of("unshare", "mount", "pivot_root", "prlimit", "setpriv")) {
            if (!isInstalled(tool)) {
                throw new IllegalArgumentException(
                        "the sandbox needs " + tool + ", which is not installed (package util-linux)");
            }
        }
        boolean root = text("id", "-u").equals("0");
        Sandbox sandbox = new Sandbox(python(), script(), root, wallClock);
        Result trial = new Sandbox(sandbox.python, sandbox.script, root, TRIAL_CLOCK).run("print('ready')");
        if (!trial.output.equals("ready\n")) {
            throw new IllegalArgumentException("this machine does not let programs be run in a sandbox"
                    + (root ? "" : " (are unprivileged user namespaces allowed?)") + ": "
                    + trial.output.lines().findFirst().orElse(trial.outcome.toString()));
        }
        return sandbox;
    }

    private static boolean isInstalled(String tool) {
        for (String folder : List.of("/usr/bin", "/usr/sbin", "/bin", "/sbin")) {
            if (Files.isExecutable(Path.of(folder, tool))) {
                return true;
            }
        }
        return false;
    }

    private static Python python() throws IOException {
        String found;
        try {
            found = text(
                    "python3",
                    "-I",
                    "-c",
                    "import sys, os; print(os.path.realpath(sys.executable)); print(sys.base_prefix)");
        } catch (IOException e) {
            throw new IllegalArgumentException("programs are run by python3, which is not installed", e);
        }
        List<String> lines = found.lines().toList();
        if (lines.size() != 2) {
            throw new IllegalArgumentException("programs are run by python3, which does not start: " + found);
        }
        Set<String> folders = new LinkedHashSet<>();
        if (!lines.getLast().startsWith("/usr")) {
            folders.add(lines.getLast());
        }
        return new Python(lines.getFirst(), List.copyOf(folders));
    }

    private static String text(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }

    private static String script() throws IOException {
        try (InputStream script = Objects.requireNonNull(Sandbox.class.getResourceAsStream("sandbox.sh"))) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Runs a program, and waits for its end. May be called by several threads at once. */
    public Result run(String program) throws IOException {
        Path folder = Files.createTempDirectory("mynah-sandbox");
        try {
            Process process = new ProcessBuilder(command(folder))
                    .redirectErrorStream(true)
                    .start();
            return watch(process, program);
        } finally {
            Files.delete(folder);
        }
    }

    private List<String> command(Path folder) {
        List<String> command = new ArrayList<>(List.of("unshare"));
        if (!root) {
            command.addAll(List.of("--user", "--map-root-user"));
        }
        command.addAll(List.of("--mount", "--net", "--pid", "--ipc", "--uts", "--fork", "--kill-child"));
        command.addAll(List.of("sh", "-c", script, "sandbox", folder.toString()));
        command.add(root ? String.valueOf(FIRST_USER + runs.getAndIncrement() % USERS) : "");
        for (long limit : new long[] {MEMORY_BYTES, PROCESSES, CPU_SECONDS, SCRATCH_BYTES}) {
            command.add(String.valueOf(limit));
        }
        command.add(python.executable);
        command.addAll(python.folders);
        return command;
    }

    private Result watch(Process process, String program) throws IOException {
        StringBuilder output = new StringBuilder();
        Thread reader = Thread.ofVirtual().start(() -> read(process, output));
        Thread writer = Thread.ofVirtual().start(() -> write(process, program));
        boolean ended;
        try {
            ended = process.waitFor(wallClock.toMillis(), TimeUnit.MILLISECONDS);
            process.destroyForcibly().waitFor();
            reader.join();
            writer.join();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while a program was running", e);
        }
        Outcome outcome = !ended ? Outcome.TIMED_OUT : process.exitValue() == 0 ? Outcome.PASSED : Outcome.FAILED;
        return new Result(outcome, output.toString());
    }

    /** Reads the beginning, and ends a program that writes without end. */
    private static void read(Process process, StringBuilder output) {
        try (InputStream in = process.getInputStream()) {
            output.append(new String(in.readNBytes(MOST_OUTPUT), StandardCharsets.UTF_8));
            if (in.read() >= 0) {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            // The process was ended.
        }
    }

    private static void write(Process process, String program) {
        try (OutputStream out = process.getOutputStream()) {
            out.write(program.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // It ended before it had read all.
        }
    }
}
