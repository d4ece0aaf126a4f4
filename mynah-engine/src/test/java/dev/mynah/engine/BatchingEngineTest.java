package dev.mynah.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class BatchingEngineTest {
    private static final int CONTEXT = 80;

    private static BatchingEngine open(ToyRunner runner, int running, int waiting) throws IOException {
        return BatchingEngine.open(
                () -> new ModelFactory.Opened(runner, new LetterTokenizer(), Set.of(ToyRunner.END)),
                new EngineOptions(running, waiting, 0));
    }

    private static GenerationRequest request(int[] prompt, int maxTokens) {
        return ToyScheduler.request(
                prompt, SamplingOptions.builder().seed(3).maxTokens(maxTokens).build(), 0);
    }

    @Test
    void manyThreadsGetWhatEachWouldGetAlone() throws Exception {
        ToyRunner runner = new ToyRunner(CONTEXT, 4, 40);
        BatchingEngine engine = open(runner, 6, 1000);
        try (engine;
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> clients = new ArrayList<>();
            for (int client = 0; client < 16; client++) {
                Random random = new Random(client);
                clients.add(threads.submit(() -> converse(engine, random)));
            }
            for (Future<?> client : clients) {
                client.get();
            }
        }
        assertThat(engine.metrics().running()).isZero();
        assertThat(engine.metrics().usedBlocks()).isZero();
        assertThat(engine.metrics().generatedTokens()).isPositive();
        assertThat(runner.closed).isTrue();
    }

    /** Some of a client's requests are given up after a few tokens. */
    private static Void converse(BatchingEngine engine, Random random) throws InterruptedException {
        for (int i = 0; i < 20; i++) {
            GenerationRequest request =
                    request(random.ints(1 + random.nextInt(40), 0, 3).toArray(), 1 + random.nextInt(30));
            Recorder recorder = new Recorder();
            CountDownLatch firstToken = new CountDownLatch(1);
            recorder.onToken = firstToken::countDown;
            GenerationHandle handle = engine.submit(request, recorder);
            if (random.nextInt(4) == 0) {
                firstToken.await();
                handle.cancel();
            }
            recorder.end.await();
            assertThat(recorder.tokens).isNotEmpty();
            assertThat(ToyScheduler.alone(request, 0, CONTEXT).subList(0, recorder.tokens.size()))
                    .isEqualTo(recorder.tokens);
        }
        return null;
    }

    @Test
    void aFullQueueRefusesAndTakesAgainWhenThereIsRoom() throws Exception {
        ToyRunner runner = new ToyRunner(CONTEXT, 4, 40);
        CountDownLatch go = new CountDownLatch(1);
        runner.beforeRun(batch -> await(go));
        try (BatchingEngine engine = open(runner, 1, 2)) {
            List<Recorder> taken = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                taken.add(new Recorder());
                engine.submit(request(new int[] {1}, 2), taken.get(i));
            }
            assertThatThrownBy(() -> engine.submit(request(new int[] {1}, 2), new Recorder()))
                    .isInstanceOf(EngineBusyException.class)
                    .hasMessageContaining("2 requests wait already");
            go.countDown();
            for (Recorder recorder : taken) {
                recorder.end.await();
            }
            Recorder later = new Recorder();
            engine.submit(request(new int[] {1}, 2), later);
            later.end.await();
            assertThat(later.failure).isNull();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whatCannotBeReadIsRefusedAtOnce() throws Exception {
        // Ten blocks of four hold fewer positions than the context.
        try (BatchingEngine engine = open(new ToyRunner(CONTEXT, 4, 10), 2, 2)) {
            assertThat(engine.context()).isEqualTo(40);
            assertRefused(engine, new int[0], "the prompt is empty");
            assertRefused(engine, new int[41], "the prompt has 41 tokens, but the model's context holds 40");
            assertRefused(
                    engine,
                    new int[] {1, 24},
                    "token id 24 (number 2 of 2) is not one of the model's, which are 0..23");
            Recorder full = new Recorder();
            engine.submit(request(new int[40], 30), full);
            full.end.await();
            assertThat(full.tokens).hasSize(1);
        }
    }

    private static void assertRefused(Engine engine, int[] prompt, String message) {
        assertThatThrownBy(() -> engine.submit(request(prompt, 5), new Recorder()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void closingCancelsWhatRunsAndWhatWaits() throws Exception {
        ToyRunner runner = new ToyRunner(CONTEXT, 4, 40);
        Recorder running = new Recorder();
        Recorder waiting = new Recorder();
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        runner.beforeRun(batch -> {
            started.countDown();
            await(go);
        });
        BatchingEngine engine = open(runner, 1, 2);
        engine.submit(request(new int[] {1}, 70), running);
        engine.submit(request(new int[] {1}, 70), waiting);
        started.await();
        Thread closer = Thread.ofPlatform().start(engine::close);
        while (closer.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        go.countDown();
        closer.join();

        assertThat(running.reason).isEqualTo(FinishReason.CANCELLED);
        assertThat(waiting.reason).isEqualTo(FinishReason.CANCELLED);
        assertThat(runner.closed).isTrue();
        assertThatThrownBy(() -> engine.submit(request(new int[] {1}, 1), new Recorder()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the engine is closed");
    }

    @Test
    void anErrorThatNoRequestIsToBlameForFailsAllAndStopsTheEngine() throws Exception {
        ToyRunner runner = new ToyRunner(CONTEXT, 4, 40);
        runner.beforeRun(batch -> {
            throw new OutOfMemoryError("of a test");
        });
        Recorder recorder = new Recorder();
        try (BatchingEngine engine = open(runner, 1, 2)) {
            engine.submit(request(new int[] {1}, 70), recorder);
            recorder.end.await();
        }
        assertThat(recorder.failure).hasMessageContaining("the engine stopped").hasMessageContaining("of a test");
        assertThat(runner.closed).isTrue();
    }

    @Test
    void aRunnerThatDoesNotOpenIsReportedToWhoeverOpensTheEngine() {
        assertThatThrownBy(() -> BatchingEngine.open(
                        () -> {
                            throw new IOException("no such file");
                        },
                        EngineOptions.DEFAULT))
                .isInstanceOf(IOException.class)
                .hasMessage("no such file");
    }
}
