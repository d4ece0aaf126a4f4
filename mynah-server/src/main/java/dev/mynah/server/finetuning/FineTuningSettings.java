package dev.mynah.server.finetuning;

import com.sun.management.OperatingSystemMXBean;
import dev.mynah.server.config.ServiceConfig;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What holds for jobs.
 *
 * @param folder   where jobs work; replicas share it
 * @param parallel jobs that run at once in this process
 * @param open     jobs of an organisation that are not over, at most
 * @param heapMb   heap of a job
 * @param memoryMb the most private memory of a job, heap included; held where the system has {@code prlimit}
 * @param threads  with which a job computes
 * @param device   on which
 */
public record FineTuningSettings(
        Path folder, int parallel, int open, int heapMb, int memoryMb, int threads, String device) {
    private static final long UNKNOWN_MEMORY = 8L << 30;
    private static final int LEAST_MEMORY_MB = 1_024;

    public static FineTuningSettings of(ServiceConfig.FineTuning config, Path dataDir) {
        @Nullable Integer memory = config.memoryMb();
        @Nullable Integer threads = config.threads();
        return new FineTuningSettings(
                dataDir.resolve("fine-tuning"),
                config.parallel(),
                config.open(),
                config.heapMb(),
                memory == null ? halfOfMemoryMb() : memory,
                threads == null ? Math.max(1, Runtime.getRuntime().availableProcessors() / 2) : threads,
                config.device());
    }

    private static int halfOfMemoryMb() {
        long bytes = ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean os
                ? os.getTotalMemorySize()
                : UNKNOWN_MEMORY;
        return Math.clamp((bytes / 2) >> 20, LEAST_MEMORY_MB, Integer.MAX_VALUE);
    }
}
