package dev.mynah.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random requests come, are cancelled and run out of time, on a cache far too small for all of them. */
class SchedulerStressTest {
    private static final int CONTEXT = 60;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
    void everyOutputIsWhatItIsAloneAndNoBlockIsLost(int seed) {
        Random random = new Random(seed);
        int blockTokens = 1 + random.nextInt(6);
        int blocks = Math.ceilDiv(CONTEXT, blockTokens) + random.nextInt(20);
        EngineOptions options = new EngineOptions(1 + random.nextInt(12), 0, seed % 2 * 5);
        ToyRunner runner = new ToyRunner(CONTEXT, blockTokens, blocks);
        ToyScheduler toy = new ToyScheduler(runner, options, SchedulerStressTest::guess);
        List<ToyScheduler.Ask> asks = new ArrayList<>();
        for (int step = 0; step < 1500; step++) {
            if (random.nextInt(4) == 0) {
                asks.add(toy.submit(request(random, toy.now), 1 + random.nextInt(random.nextInt(4) + 1)));
            }
            if (random.nextInt(25) == 0 && !asks.isEmpty()) {
                asks.get(random.nextInt(asks.size())).cancel();
            }
            toy.now = toy.now.plusMillis(random.nextInt(200));
            toy.step();
        }
        toy.runToEnd();

        asks.forEach(SchedulerStressTest::checkOutput);
        assertThat(asks.stream().filter(ask -> ask.only().reason == FinishReason.CANCELLED))
                .isNotEmpty();
        assertThat(asks.stream().filter(ask -> ask.only().reason == FinishReason.DEADLINE))
                .isNotEmpty();
        assertThat(toy.scheduler.metrics().preemptions()).isPositive();
        assertThat(toy.scheduler.metrics().cachedTokens()).isPositive();
    }

    /** Prompts of few kinds of tokens often begin alike. */
    private static GenerationRequest request(Random random, Instant now) {
        int[] prompt = random.ints(1 + random.nextInt(CONTEXT), 0, 2).toArray();
        for (int i = 0; i < prompt.length && random.nextInt(8) > 0; i++) {
            prompt[i] = 0;
        }
        SamplingOptions options = SamplingOptions.builder()
                .temperature(random.nextInt(3) == 0 ? 0 : 1)
                .seed(random.nextLong())
                .maxTokens(1 + random.nextInt(30))
                .frequencyPenalty(random.nextInt(2))
                .build();
        Instant deadline = random.nextInt(6) == 0 ? now.plusMillis(random.nextInt(4000)) : null;
        return new GenerationRequest(prompt, options, "tenant" + random.nextInt(2), random.nextInt(3), deadline);
    }

    /** Guesses that are sometimes right: for greedy requests, what comes out must not depend on them. */
    private static List<Drafter.Draft> guess(List<Sequence> sequences, int most) {
        List<Drafter.Draft> drafts = new ArrayList<>();
        for (Sequence sequence : sequences) {
            int[] text = sequence.tokens();
            int length = text.length;
            int[] guesses = new int
                    [sequence.submission().request().sampling().temperature() == 0 ? sequence.draftable(most) : 0];
            text = Arrays.copyOf(text, length + guesses.length);
            for (int i = 0; i < guesses.length; i++) {
                int right = Logits.argmax(ToyRunner.logits(text, length + i));
                guesses[i] = (length + i) % 4 == 0 ? 1 : right;
                text[length + i] = guesses[i];
            }
            drafts.add(new Drafter.Draft(guesses, List.of()));
        }
        return drafts;
    }

    private static void checkOutput(ToyScheduler.Ask ask) {
        for (int i = 0; i < ask.recorders().size(); i++) {
            Recorder recorder = ask.recorders().get(i);
            List<Integer> alone = ToyScheduler.alone(ask.request(), i, CONTEXT);
            assertThat(recorder.failure).isNull();
            if (recorder.reason == FinishReason.STOP || recorder.reason == FinishReason.LENGTH) {
                assertThat(recorder.tokens).isEqualTo(alone);
            } else {
                assertThat(recorder.tokens).isEqualTo(alone.subList(0, recorder.tokens.size()));
            }
        }
    }
}
