package dev.mynah.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Waits for processes that live and die together, and leaves none of them running, whatever ends this process in good order. */
final class ProcessGroupGuard implements AutoCloseable {
    private static final Duration INTERVAL = Duration.ofMillis(100);
    private static final Duration GRACE = Duration.ofSeconds(5);

    /** On Unix, Java's exit code of a process that a signal killed is this and the signal's number. */
    private static final int SIGNALLED = 128;

    private static final Map<Integer, String> SIGNALS = Map.of(
            1, "SIGHUP", 2, "SIGINT", 4, "SIGILL", 6, "SIGABRT", 7, "SIGBUS", 9, "SIGKILL", 11, "SIGSEGV", 15,
            "SIGTERM");

    private final List<RankProcess> ranks;
    private final Thread atShutdown = new Thread(this::endAll);

    /** @param ranks the processes, to which more may be added; read by another thread when this process ends */
    ProcessGroupGuard(List<RankProcess> ranks) {
        this.ranks = ranks;
        Runtime.getRuntime().addShutdownHook(atShutdown);
    }

    /** The exit code: 0 when all have ended well; else that of the first that has not, after it was named and the others were ended. */
    int await(PrintWriter err) throws InterruptedException {
        while (true) {
            boolean anyAlive = ranks.stream().anyMatch(rank -> rank.process().isAlive());
            Optional<RankProcess> failed = ranks.stream()
                    .filter(rank -> !rank.process().isAlive() && rank.process().exitValue() != 0)
                    // Of several, the one that a signal killed is the cause: the others noticed it and gave up.
                    .max(Comparator.comparingInt(rank -> rank.process().exitValue()));
            if (failed.isPresent()) {
                return stopped(failed.get(), err);
            }
            if (!anyAlive) {
                return 0;
            }
            Thread.sleep(INTERVAL);
        }
    }

    private int stopped(RankProcess failed, PrintWriter err) throws InterruptedException {
        endAll();
        for (RankProcess rank : ranks) {
            if (rank.output() != null) {
                rank.output().join(GRACE);
            }
        }
        int exitCode = failed.process().exitValue();
        err.println("mynah: rank " + failed.rank() + " " + described(exitCode) + "; the other ranks were stopped");
        return exitCode < SIGNALLED ? exitCode : Failures.FAILED;
    }

    /** A process's end in words. */
    static String described(int exitCode) {
        int signal = exitCode - SIGNALLED;
        if (signal <= 0) {
            return "ended with exit code " + exitCode;
        }
        String name = SIGNALS.get(signal);
        return "was killed by signal " + signal + (name == null ? "" : " (" + name + ")");
    }

    /** Asks every process to end, and ends those that do not. */
    private void endAll() {
        ranks.forEach(rank -> rank.process().destroy());
        Instant limit = Instant.now().plus(GRACE);
        for (RankProcess rank : ranks) {
            try {
                long left = Math.max(0, Duration.between(Instant.now(), limit).toMillis());
                if (!rank.process().waitFor(left, TimeUnit.MILLISECONDS)) {
                    rank.process().destroyForcibly();
                }
            } catch (InterruptedException e) {
                rank.process().destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        endAll();
        try {
            Runtime.getRuntime().removeShutdownHook(atShutdown);
        } catch (IllegalStateException e) {
            // This process is ending, and the hook at work.
        }
    }
}
