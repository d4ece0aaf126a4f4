package dev.mynah.server.finetuning;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Map;

/**
 * What the environment says about jobs.
 *
 * @param folder     where jobs work; replicas share it
 * @param parallel   jobs that run at once in this process
 * @param heapMb     heap of a job
 * @param memoryMb   the most private memory of a job, heap included; held where the system has {@code prlimit}
 * @param threads    with which a job computes
 * @param device     on which
 */
public record FineTuningSettings(Path folder, int parallel, int heapMb, int memoryMb, int threads, String device) {
    private static final String PREFIX = "MYNAH_FINE_TUNING_";
    private static final int MAX = 10_000_000;

    /** @throws IllegalArgumentException if a setting is wrong, with its name */
    public static FineTuningSettings of(Map<String, String> environment, Path dataDir) {
        int half = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        return new FineTuningSettings(
                dataDir.resolve("fine-tuning"),
                number(environment, "PARALLEL", 1, 0),
                number(environment, "HEAP_MB", 1_024, 64),
                number(environment, "MEMORY_MB", halfOfMemoryMb(), 256),
                number(environment, "THREADS", half, 1),
                environment.getOrDefault(PREFIX + "DEVICE", "cpu"));
    }

    private static int halfOfMemoryMb() {
        long bytes = ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean os
                ? os.getTotalMemorySize()
                : 8L << 30;
        return Math.clamp(bytes / 2 >> 20, 1_024, MAX);
    }

    private static int number(Map<String, String> environment, String name, int otherwise, int least) {
        String text = environment.getOrDefault(PREFIX + name, String.valueOf(otherwise));
        if (!text.matches("[0-9]{1,8}") || Integer.parseInt(text) < least || Integer.parseInt(text) > MAX) {
            throw new IllegalArgumentException(
                    PREFIX + name + " must be a whole number of " + least + ".." + MAX + ", not \"" + text + "\"");
        }
        return Integer.parseInt(text);
    }
}
