package dev.mynah.server.finetuning;

import dev.mynah.files.DurableFiles;
import dev.mynah.server.answer.UnknownModelException;
import dev.mynah.server.billing.Outcome;
import dev.mynah.server.ops.RepeatedTask;
import dev.mynah.server.store.Ids;
import dev.mynah.server.store.Transactions;
import jakarta.annotation.PreDestroy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/**
 * Runs jobs: takes them from the queue, watches their processes, and writes down how far they are. A job whose service is gone is taken by the next one, which finds its process, or starts it anew from its last
 * checkpoint.
 */
@Component
public final class JobRunner extends RepeatedTask {
    private static final Logger LOG = LoggerFactory.getLogger(JobRunner.class);
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final Duration LEASE = Duration.ofSeconds(15);
    private static final Duration RENEWAL = Duration.ofSeconds(4);
    private static final int MOST_METRICS_EVENTS = 1_000;

    private final JobRepository jobs;
    private final FineTuning fineTuning;
    private final JobResults results;
    private final FineTuningOptions options;
    private final FineTuningSettings settings;
    private final Transactions transactions;
    private final Clock clock;
    private final String owner = Ids.next("proc_");
    private final Map<String, Watched> watched = new ConcurrentHashMap<>();
    private volatile boolean closed;

    JobRunner(
            JobRepository jobs,
            FineTuning fineTuning,
            JobResults results,
            FineTuningOptions options,
            FineTuningSettings settings,
            Transactions transactions,
            Clock clock) {
        super("fine-tuning", PAUSE);
        this.jobs = jobs;
        this.fineTuning = fineTuning;
        this.results = results;
        this.options = options;
        this.settings = settings;
        this.transactions = transactions;
        this.clock = clock;
    }

    /** A job that this process watches. */
    private static final class Watched {
        private final Job job;
        private final JobFolder folder;
        private final Optional<TrainingProcess> process;
        private final MetricsTail metrics;
        private int step;
        private long tokens;
        private Instant renewedAt = Instant.EPOCH;

        Watched(Job job, JobFolder folder, Optional<TrainingProcess> process) {
            this.job = job;
            this.folder = folder;
            this.process = process;
            metrics = new MetricsTail(folder.metrics());
            step = job.step();
            tokens = job.trainedTokens();
        }

        boolean isAlive() {
            return process.map(TrainingProcess::isAlive).orElse(false);
        }

        void kill() {
            process.ifPresent(TrainingProcess::kill);
        }
    }

    @Override
    protected synchronized void once() {
        try {
            work();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void work() throws IOException {
        for (Watched each : List.copyOf(watched.values())) {
            tend(each);
        }
        while (!closed && !options.java().isEmpty() && watched.size() < settings.parallel()) {
            Instant now = clock.instant();
            Optional<Job> job = jobs.claim(owner, now.plus(LEASE), now);
            if (job.isEmpty()) {
                return;
            }
            begin(job.get());
        }
    }

    private void begin(Job job) throws IOException {
        JobFolder folder = fineTuning.folder(job);
        try {
            Optional<TrainingProcess> running = TrainingProcess.find(folder);
            if (running.isEmpty() && !folder.isFinished() && job.stopRequested() == null) {
                boolean again = !folder.checkpoints().isEmpty();
                event(
                        job,
                        "info",
                        again
                                ? "Training goes on from step "
                                        + folder.checkpoints().getLast() + "."
                                : "Training started.");
                running =
                        Optional.of(TrainingProcess.start(folder, job.settings().method(), options, settings));
            }
            // Without a process it is concluded next, with what its run has written meanwhile.
            watched.put(job.id(), new Watched(job, folder, running));
        } catch (IOException e) {
            fail(job, "The training process could not be started: " + e.getMessage());
        }
    }

    private void tend(Watched each) throws IOException {
        Instant now = clock.instant();
        Optional<Job> current = jobs.find(each.job.id());
        if (current.isEmpty()) {
            // Its user is gone, and nothing is kept.
            each.kill();
            watched.remove(each.job.id());
            DurableFiles.deleteTree(each.folder.folder());
            return;
        }
        boolean alive = each.isAlive();
        boolean moved = note(each, !alive);
        if (!alive) {
            watched.remove(each.job.id());
            conclude(current.get(), each);
        } else if (current.get().stopRequested() != null) {
            each.kill();
        } else if (moved || each.renewedAt.plus(RENEWAL).isBefore(now)) {
            each.renewedAt = now;
            if (!jobs.renew(each.job.id(), owner, now.plus(LEASE), each.step, each.tokens)) {
                // Another process watches it: this one was not heard of for too long.
                watched.remove(each.job.id());
            }
        }
    }

    /** Tells what the run has written since the last time. */
    private boolean note(Watched each, boolean ended) throws IOException {
        int every = Math.ceilDiv(each.job.totalSteps(), MOST_METRICS_EVENTS);
        boolean moved = false;
        for (ObjectNode metrics : ended ? each.metrics.all() : each.metrics.next()) {
            int step = metrics.get("step").intValue();
            if (step < each.step) {
                continue;
            }
            moved |= step > each.step;
            each.step = step;
            each.tokens = each.job.settings().method() == Method.REINFORCEMENT
                    ? Math.min(each.job.tokenLimit(), metrics.path("tokens").asLong(each.tokens))
                    : TrainingPlan.tokensAfter(each.job.tokenLimit(), step, each.job.totalSteps());
            if (metrics.has("loss") && (step % every == 0 || step == each.job.totalSteps())) {
                JobEvents.metrics(jobs, each.job, metrics, clock.instant());
            }
        }
        return moved;
    }

    /** A job's process has ended, or never was. What it made may be impossible to keep, and would be tomorrow too. */
    private void conclude(Job job, Watched each) throws IOException {
        try {
            conclude(job, each.folder, each.step, each.tokens);
        } catch (UnknownModelException e) {
            fail(job, "The model '" + job.baseModel() + "', which it trained further, was deleted meanwhile.");
        } catch (TransientDataAccessException e) {
            // It is taken again, as after a kill.
            throw e;
        } catch (IOException | RuntimeException e) {
            LOG.error("what the job {} made could not be kept", job.id(), e);
            fail(job, "What it made could not be kept.");
        }
    }

    private void conclude(Job job, JobFolder folder, int step, long tokens) throws IOException {
        JobState wished = job.stopRequested();
        if (folder.isFinished() && !jobs.isNobodys(job)) {
            results.succeed(job, folder);
        } else if (closed) {
            // It was ended with the service, and goes on with the next one.
            LOG.info("the job {} waits for the next start", job.id());
        } else if (wished == null) {
            fail(job, reason(folder));
        } else {
            Instant now = clock.instant();
            transactions.run(() -> {
                jobs.renew(job.id(), owner, now, step, tokens);
                if (jobs.move(job.id(), wished, now, JobState.RUNNING)) {
                    if (wished == JobState.CANCELLED) {
                        fineTuning.settle(job, Outcome.CANCELLED, tokens);
                    }
                    jobs.insertEvent(job.id(), "info", null, "The job was " + wished.id() + ".", null, now);
                }
            });
            if (wished.isOver()) {
                fineTuning.forget(job);
            }
        }
    }

    private String reason(JobFolder folder) throws IOException {
        if (folder.ranOutOfMemory()) {
            return "The training process ran out of its memory (" + settings.heapMb() + " MB of heap, "
                    + settings.memoryMb() + " MB in all): choose a smaller batch_size, or shorter examples.";
        }
        String said = folder.info().path("message").asString("");
        String last = folder.lastLine();
        if (said.isEmpty() && last != null && last.startsWith("mynah: ")) {
            said = last.substring("mynah: ".length());
        }
        // Where the service keeps its files is nobody else's business.
        return said.isEmpty()
                ? "The training process ended without a result."
                : said.replace(folder.folder() + "/", "")
                        .replace(folder.folder().toAbsolutePath() + "/", "");
    }

    /** A job that failed costs nothing. */
    private void fail(Job job, String reason) throws IOException {
        Instant now = clock.instant();
        LOG.warn("the job {} failed", job.id());
        transactions.run(() -> {
            if (jobs.move(job.id(), JobState.FAILED, now, JobState.RUNNING)) {
                jobs.setError(job.id(), reason);
                fineTuning.settle(job, Outcome.FAILED, 0);
                jobs.insertEvent(job.id(), "error", null, reason, null, now);
            }
        });
        fineTuning.forget(job);
    }

    private void event(Job job, String level, String message) {
        jobs.insertEvent(job.id(), level, null, message, null, clock.instant());
    }

    /** Takes what a service that is gone has left, at once: nobody else works on this database. */
    public void takeOver() {
        jobs.leases().releaseAllBut(owner, clock.instant());
    }

    /** Ends the processes; the jobs go on where the service starts again. */
    @PreDestroy
    synchronized void close() {
        closed = true;
        List<Watched> all = new ArrayList<>(watched.values());
        all.forEach(each -> each.kill());
        watched.clear();
        jobs.leases().release(owner, clock.instant());
    }
}
