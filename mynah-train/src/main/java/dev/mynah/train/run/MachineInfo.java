package dev.mynah.train.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The machine that a run trains on.
 *
 * @param cpu the processor's name, or its architecture where the system does not tell
 * @param cores processors that this process may use
 * @param memoryBytes physical memory, or null where the system does not tell
 */
public record MachineInfo(String cpu, int cores, @Nullable Long memoryBytes, String os, String java) {

    /** This machine. */
    public static MachineInfo detect() {
        return detect(Path.of("/proc"));
    }

    static MachineInfo detect(Path proc) {
        String cpu = field(proc.resolve("cpuinfo"), "model name").orElseGet(() -> System.getProperty("os.arch"));
        Long memory = field(proc.resolve("meminfo"), "MemTotal")
                .map(MachineInfo::kilobytes)
                .orElse(null);
        String os = System.getProperty("os.name") + " " + System.getProperty("os.version");
        return new MachineInfo(
                cpu,
                Runtime.getRuntime().availableProcessors(),
                memory,
                os,
                Runtime.version().toString());
    }

    private static @Nullable Long kilobytes(String text) {
        String digits = text.toLowerCase(Locale.ROOT).replace("kb", "").strip();
        return digits.matches("\\d{1,15}") ? Long.parseLong(digits) * 1024 : null;
    }

    private static Optional<String> field(Path file, String name) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(name))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
