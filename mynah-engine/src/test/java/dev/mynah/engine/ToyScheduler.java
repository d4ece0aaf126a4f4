package dev.mynah.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A scheduler over a {@link ToyRunner}, with a clock that stands still unless it is moved, and the checks that must hold after every step. */
final class ToyScheduler {
    final ToyRunner runner;
    final Scheduler scheduler;
    final AtomicInteger unfinished = new AtomicInteger();
    Instant now = Instant.EPOCH;
    private long arrivals;

    /** What was submitted, and what came of it. */
    record Ask(GenerationRequest request, Submission submission, List<Recorder> recorders) {
        Recorder only() {
            return recorders.getFirst();
        }

        void cancel() {
            submission.cancel();
        }
    }

    ToyScheduler(ToyRunner runner, int running) {
        this(runner, new EngineOptions(running, 0, 0), new PromptLookup());
    }

    ToyScheduler(ToyRunner runner, EngineOptions options, Drafter drafter) {
        this.runner = runner;
        scheduler = new Scheduler(
                runner,
                Set.of(ToyRunner.END),
                options,
                drafter,
                () -> now,
                () -> Duration.between(Instant.EPOCH, now).toNanos(),
                unfinished);
    }

    Ask submit(GenerationRequest request, int continuations) {
        Submission submission = new Submission(request, arrivals++, 0);
        int limit = limit(request, Scheduler.context(runner));
        List<Recorder> recorders = new ArrayList<>();
        List<Sequence> sequences = new ArrayList<>();
        for (int i = 0; i < continuations; i++) {
            Recorder recorder = new Recorder();
            TextWriter writer =
                    new TextWriter(new LetterTokenizer(), request.sampling().stop());
            recorders.add(recorder);
            sequences.add(new Sequence(submission, i, recorder, writer, limit));
        }
        unfinished.addAndGet(continuations);
        Sequence first = sequences.removeFirst();
        first.siblings(sequences);
        scheduler.add(first);
        return new Ask(request, submission, recorders);
    }

    Ask submit(int[] prompt, SamplingOptions options) {
        return submit(request(prompt, options, 0), 1);
    }

    static GenerationRequest request(int[] prompt, SamplingOptions options, int priority) {
        return new GenerationRequest(prompt, options, "tenant", priority, null);
    }

    private static int limit(GenerationRequest request, int context) {
        return Math.min(request.sampling().maxTokens(), context - request.prompt().length + 1);
    }

    void step() {
        scheduler.step();
        check();
    }

    void runToEnd() {
        for (int steps = 0; !scheduler.isIdle(); steps++) {
            assertThat(steps).as("steps without an end").isLessThan(100_000);
            step();
        }
        assertThat(scheduler.pool().usedBlocks()).isZero();
        assertThat(unfinished).hasValue(0);
    }

    /** References are those of the running sequences, and no block is lost or counted twice. */
    void check() {
        BlockPool pool = scheduler.pool();
        int[] references = new int[pool.size()];
        for (Sequence sequence : scheduler.running()) {
            Set<Integer> own = new HashSet<>();
            for (int block : sequence.blocks()) {
                references[block]++;
                assertThat(own.add(block)).as("a block twice in one table").isTrue();
            }
        }
        for (int block = 0; block < pool.size(); block++) {
            assertThat(pool.references(block))
                    .as("references to block %d", block)
                    .isEqualTo(references[block]);
        }
        int used = (int) Arrays.stream(references).filter(count -> count > 0).count();
        assertThat(pool.usedBlocks()).isEqualTo(used);
        assertThat(used + pool.cachedBlocks() + pool.freeBlocks()).isEqualTo(pool.size());
    }

    /** The tokens of one continuation without a scheduler, a cache or anybody else. */
    static List<Integer> alone(GenerationRequest request, int continuation, int context) {
        SamplingOptions options = request.sampling();
        Sampler sampler = new Sampler(options, continuation, limit(request, context));
        int[] text = request.prompt();
        for (int token : text) {
            sampler.observe(token);
        }
        List<Integer> written = new ArrayList<>();
        @Nullable Integer last = null;
        while (written.size() < limit(request, context) && (last == null || last != ToyRunner.END)) {
            last = sampler.sample(ToyRunner.logits(text, text.length));
            sampler.accept(last);
            written.add(last);
            text = Arrays.copyOf(text, text.length + 1);
            text[text.length - 1] = last;
        }
        return written;
    }
}
