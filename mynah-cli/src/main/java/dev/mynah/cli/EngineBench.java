package dev.mynah.cli;

import dev.mynah.engine.Engine;
import dev.mynah.engine.FinishReason;
import dev.mynah.engine.GenerationHandle;
import dev.mynah.engine.GenerationListener;
import dev.mynah.engine.GenerationRequest;
import dev.mynah.engine.SamplingOptions;
import dev.mynah.engine.TokenLogProb;
import dev.mynah.engine.Usage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Measures an engine as its users see it: many at once, one beside another's long prompt, and many who come, go and hang up. */
final class EngineBench {
    private static final double NANOS_PER_MILLISECOND = 1e6;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final int ROUNDS = 3;
    private static final int CLIENTS = 12;

    private final Engine engine;
    private final int vocabSize;
    private final int promptTokens;
    private int tenants;

    EngineBench(Engine engine, int vocabSize, int promptTokens) {
        this.engine = engine;
        this.vocabSize = vocabSize;
        this.promptTokens = promptTokens;
    }

    /** When each token of an answer came. */
    private static final class Arrivals implements GenerationListener {
        private final List<Long> times = Collections.synchronizedList(new ArrayList<>());
        private final CountDownLatch first = new CountDownLatch(1);
        private final CountDownLatch end = new CountDownLatch(1);
        private volatile @Nullable RuntimeException failure;

        @Override
        public void onToken(int token, String text, @Nullable TokenLogProb logProb) {
            times.add(System.nanoTime());
            first.countDown();
        }

        @Override
        public void onFinish(String text, FinishReason reason, Usage usage) {
            end.countDown();
        }

        @Override
        public void onFailure(RuntimeException thrown, Usage usage) {
            failure = thrown;
            first.countDown();
            end.countDown();
        }

        void await() throws InterruptedException {
            end.await();
            RuntimeException thrown = failure;
            if (thrown != null) {
                throw thrown;
            }
        }
    }

    /** A request of a tenant of its own, so that nothing is cached. */
    private GenerationRequest request(int prompt, int generated) {
        int[] ids = new Random(tenants).ints(prompt, 0, vocabSize).toArray();
        SamplingOptions options = SamplingOptions.builder()
                .temperature(0)
                .maxTokens(generated)
                .ignoreEos(true)
                .build();
        return new GenerationRequest(ids, options, "bench-" + tenants++, 0, null);
    }

    /** Tokens a second of all conversations together, from when all have begun to when the first ends; the best of three rounds. */
    double together(int streams, int generated) throws InterruptedException {
        double best = 0;
        for (int round = 0; round <= ROUNDS; round++) {
            List<Arrivals> answers = new ArrayList<>();
            for (int i = 0; i < streams; i++) {
                Arrivals answer = new Arrivals();
                answers.add(answer);
                engine.submit(request(promptTokens, generated), answer);
            }
            for (Arrivals answer : answers) {
                answer.await();
            }
            long from = answers.stream()
                    .mapToLong(answer -> answer.times.getFirst())
                    .max()
                    .orElseThrow();
            long to = answers.stream()
                    .mapToLong(answer -> answer.times.getLast())
                    .min()
                    .orElseThrow();
            long tokens = answers.stream()
                    .mapToLong(answer -> answer.times.stream()
                            .filter(time -> time > from && time <= to)
                            .count())
                    .sum();
            // The first round warms up.
            best = round == 0 || to <= from ? best : Math.max(best, tokens * (double) NANOS_PER_SECOND / (to - from));
        }
        return best;
    }

    /**
     * How long one waits for a next token.
     *
     * @param usual   the median in milliseconds with nobody beside it
     * @param longest the longest while another's prompt is read
     */
    record Gaps(double usual, double longest) {}

    /** Lets one write while a prompt of so many tokens is read for another. */
    Gaps interfere(int prompt, int generated) throws InterruptedException {
        Gaps worst = new Gaps(0, 0);
        for (int round = 0; round <= ROUNDS; round++) {
            Arrivals writer = new Arrivals();
            GenerationHandle writing = engine.submit(request(promptTokens, engine.context()), writer);
            while (writer.times.size() < generated && writer.end.getCount() > 0) {
                Thread.sleep(1);
            }
            int before = writer.times.size();
            Arrivals reader = new Arrivals();
            engine.submit(request(prompt, 1), reader);
            reader.await();
            int after = writer.times.size();
            writing.cancel();
            writer.await();
            List<Double> alone = gaps(writer.times, 1, before);
            List<Double> beside = gaps(writer.times, before, Math.min(after + 1, writer.times.size()));
            if (round > 0 && !beside.isEmpty()) {
                Collections.sort(alone);
                worst = new Gaps(alone.get(alone.size() / 2), Math.max(worst.longest, Collections.max(beside)));
            }
        }
        return worst;
    }

    private static List<Double> gaps(List<Long> times, int from, int to) {
        List<Double> gaps = new ArrayList<>();
        for (int i = Math.max(1, from); i < to; i++) {
            gaps.add((times.get(i) - times.get(i - 1)) / NANOS_PER_MILLISECOND);
        }
        return gaps;
    }

    /**
     * What came of a soak.
     *
     * @param failed     answers that ended with an error
     * @param blocksLeft blocks of the cache that are still in use
     */
    record Soak(long answers, long hungUp, long failed, long tokens, int blocksLeft) {

        /** Of both, this one first. */
        Soak and(Soak next) {
            return new Soak(
                    answers + next.answers,
                    hungUp + next.hungUp,
                    failed + next.failed,
                    tokens + next.tokens,
                    next.blocksLeft);
        }
    }

    /** Lets clients come and go for a while: some wait for the end, some hang up at once, some in the middle. */
    Soak soak(Duration duration) throws InterruptedException {
        AtomicLong answers = new AtomicLong();
        AtomicLong hungUp = new AtomicLong();
        AtomicLong failed = new AtomicLong();
        AtomicLong tokens = new AtomicLong();
        long end = System.nanoTime() + duration.toNanos();
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            Random random = new Random(i);
            clients.add(Thread.ofVirtual().start(() -> {
                while (System.nanoTime() < end && !Thread.currentThread().isInterrupted()) {
                    Arrivals answer = new Arrivals();
                    try {
                        boolean leaves = random.nextInt(3) == 0;
                        GenerationHandle handle = engine.submit(visit(random), answer);
                        if (leaves) {
                            Thread.sleep(random.nextInt(200));
                            handle.cancel();
                            hungUp.incrementAndGet();
                        }
                        answer.await();
                        answers.incrementAndGet();
                    } catch (InterruptedException e) {
                        return;
                    } catch (RuntimeException e) {
                        failed.incrementAndGet();
                    }
                    tokens.addAndGet(answer.times.size());
                }
            }));
        }
        for (Thread client : clients) {
            client.join();
        }
        // The last answer ends within a step, of which the metrics tell when it is over.
        while (engine.metrics().running() > 0) {
            Thread.sleep(1);
        }
        return new Soak(
                answers.get(),
                hungUp.get(),
                failed.get(),
                tokens.get(),
                engine.metrics().usedBlocks());
    }

    /** Prompts that share beginnings, of any length, within one of three tenants. */
    private GenerationRequest visit(Random random) {
        int longest = Math.max(2, engine.context() / 2);
        int[] ids = new Random(random.nextInt(5))
                .ints(1 + random.nextInt(random.nextInt(8) == 0 ? longest : Math.min(longest, 200)), 0, vocabSize)
                .toArray();
        SamplingOptions options = SamplingOptions.builder()
                .temperature(random.nextInt(2))
                .seed(random.nextLong())
                .maxTokens(1 + random.nextInt(Math.min(longest, 100)))
                .build();
        return new GenerationRequest(ids, options, "tenant" + random.nextInt(3), random.nextInt(2), null);
    }
}
