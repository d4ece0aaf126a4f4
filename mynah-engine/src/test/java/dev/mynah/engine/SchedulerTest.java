package dev.mynah.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SchedulerTest {
    private static final int CONTEXT = 200;
    private static final int BLOCK = 4;

    private static ToyScheduler toy(int blocks, int running) {
        return new ToyScheduler(new ToyRunner(CONTEXT, BLOCK, blocks), running);
    }

    private static int[] prompt(int length, int first) {
        int[] prompt = new int[length];
        for (int i = 0; i < length; i++) {
            prompt[i] = (first + i * i) % ToyRunner.VOCAB;
        }
        return prompt;
    }

    /** Greedy and without an end. */
    private static SamplingOptions exactly(int tokens) {
        return SamplingOptions.builder()
                .temperature(0)
                .maxTokens(tokens)
                .logitBias(Map.of(ToyRunner.END, Double.NEGATIVE_INFINITY))
                .build();
    }

    private static GenerationRequest by(String tenant, int[] prompt) {
        return new GenerationRequest(prompt, exactly(5), tenant, 0, null);
    }

    @Test
    void thePrefixOfAConversationIsReadOnceWithinATenantAndNeverAcrossTwo() {
        ToyScheduler toy = toy(100, 8);
        int[] firstTurn = prompt(18, 3);
        ToyScheduler.Ask first = toy.submit(by("a", firstTurn), 1);
        toy.runToEnd();
        assertThat(first.only().usage).isEqualTo(new Usage(18, 0, 5));

        int[] answer = first.only().tokens.stream().mapToInt(Integer::intValue).toArray();
        int[] secondTurn = Arrays.copyOf(firstTurn, 18 + 5 + 7);
        System.arraycopy(answer, 0, secondTurn, 18, 5);
        ToyScheduler.Ask second = toy.submit(by("a", secondTurn), 1);
        ToyScheduler.Ask stranger = toy.submit(by("b", secondTurn), 1);
        toy.runToEnd();

        // The last of the 23 tokens before was never read, so five blocks of four are full.
        assertThat(second.only().usage).isEqualTo(new Usage(30, 20, 5));
        assertThat(stranger.only().usage).isEqualTo(new Usage(30, 0, 5));
        assertThat(stranger.only().tokens)
                .isEqualTo(second.only().tokens)
                .isEqualTo(ToyScheduler.alone(second.request(), 0, CONTEXT));
    }

    /** Anything, for three tokens. */
    private record Three(boolean cutShort, AtomicInteger count) implements TokenConstraint {
        @Override
        public void mask(float[] logits, int left) {
            assertThat(left).isEqualTo(5 - count.get());
        }

        @Override
        public void accept(int token) {
            count.incrementAndGet();
        }

        @Override
        public boolean complete() {
            return count.get() == 3;
        }
    }

    @Test
    void aTextBroughtToItsEndForWantOfTokensSaysLength() {
        for (boolean cutShort : new boolean[] {true, false}) {
            ToyScheduler toy = toy(100, 8);
            SamplingOptions options = exactly(5).toBuilder()
                    .constraint(() -> new Three(cutShort, new AtomicInteger()))
                    .build();
            ToyScheduler.Ask ask = toy.submit(prompt(9, 3), options);
            toy.runToEnd();

            assertThat(ask.only().tokens).hasSize(3);
            assertThat(ask.only().reason).isEqualTo(cutShort ? FinishReason.LENGTH : FinishReason.STOP);
        }
    }

    @Test
    void equalPromptsThatArriveTogetherAreReadOnce() {
        ToyScheduler toy = toy(100, 8);
        toy.submit(by("a", prompt(120, 3)), 1);
        toy.submit(by("a", prompt(120, 3)), 1);
        toy.runToEnd();

        assertThat(toy.runner.tokens).isLessThan(120 + 64 + 2 * 5);
    }

    /** What two texts take at once fits into thirteen blocks, with what is guessed of the second it does not. */
    @Test
    void guessesPreemptNobody() {
        Drafter drafter = (sequences, most) -> sequences.stream()
                .map(sequence -> new Drafter.Draft(new int[sequence.draftable(most)], List.of()))
                .toList();
        ToyScheduler toy = new ToyScheduler(new ToyRunner(CONTEXT, BLOCK, 13), new EngineOptions(2, 0, 8), drafter);
        ToyScheduler.Ask first = toy.submit(prompt(12, 3), exactly(20));
        while (first.only().tokens.size() < 14) {
            toy.step();
        }
        ToyScheduler.Ask second = toy.submit(prompt(12, 5), exactly(20));
        toy.runToEnd();

        assertThat(toy.scheduler.metrics().preemptions()).isZero();
        for (ToyScheduler.Ask ask : List.of(first, second)) {
            assertThat(ask.only().tokens).isEqualTo(ToyScheduler.alone(ask.request(), 0, CONTEXT));
        }
    }

    @Test
    void continuationsWaitForAPlaceLikeEverybody() {
        ToyScheduler toy = toy(100, 2);
        toy.runner.beforeRun(batch -> assertThat(batch).hasSizeLessThanOrEqualTo(2));
        ToyScheduler.Ask ask = toy.submit(by("a", prompt(18, 3)), 5);
        toy.runToEnd();

        for (int i = 0; i < 5; i++) {
            assertThat(ask.recorders().get(i).tokens).isEqualTo(ToyScheduler.alone(ask.request(), i, CONTEXT));
        }
    }

    @Test
    void guessesThatFailAreGivenUp() {
        int[] failures = new int[1];
        Drafter failing = (sequences, most) -> {
            failures[0]++;
            throw new IllegalStateException("no guess");
        };
        ToyScheduler toy = new ToyScheduler(new ToyRunner(CONTEXT, BLOCK, 100), new EngineOptions(8, 0, 4), failing);
        ToyScheduler.Ask ask = toy.submit(by("a", prompt(18, 3)), 1);
        toy.runToEnd();

        assertThat(ask.only().tokens).isEqualTo(ToyScheduler.alone(ask.request(), 0, CONTEXT));
        assertThat(failures[0]).isEqualTo(1);
    }

    @Test
    void continuationsShareThePromptsBlocksAndDifferByTheirSeeds() {
        ToyScheduler toy = toy(100, 8);
        SamplingOptions options = SamplingOptions.builder().seed(5).maxTokens(9).build();
        ToyScheduler.Ask ask = toy.submit(ToyScheduler.request(prompt(30, 1), options, 0), 4);
        while (toy.scheduler.running().size() < 4) {
            toy.step();
        }
        assertThat(toy.scheduler.pool().usedBlocks()).isEqualTo(8);
        toy.runToEnd();

        assertThat(ask.recorders()).extracting(recorder -> recorder.tokens).doesNotHaveDuplicates();
        for (int i = 0; i < 4; i++) {
            assertThat(ask.recorders().get(i).tokens).isEqualTo(ToyScheduler.alone(ask.request(), i, CONTEXT));
        }
        assertThat(toy.scheduler.metrics().promptTokens()).isEqualTo(30);
    }

    @Test
    void theHigherPriorityGoesFirstAndThenWhoCameFirst() {
        ToyScheduler toy = toy(100, 1);
        ToyScheduler.Ask free = toy.submit(ToyScheduler.request(prompt(5, 1), exactly(4), 0), 1);
        ToyScheduler.Ask alsoFree = toy.submit(ToyScheduler.request(prompt(5, 2), exactly(4), 0), 1);
        ToyScheduler.Ask paying = toy.submit(ToyScheduler.request(prompt(5, 3), exactly(4), 1), 1);

        runUntil(toy, paying);
        assertThat(free.only().tokens).isEmpty();
        runUntil(toy, free);
        assertThat(alsoFree.only().tokens).isEmpty();
        toy.runToEnd();
        assertThat(alsoFree.only().tokens).hasSize(4);
    }

    private static void runUntil(ToyScheduler toy, ToyScheduler.Ask ask) {
        while (!ask.only().hasEnded()) {
            toy.step();
        }
    }

    @Test
    void aHigherPriorityTakesThePlaceOfALowerOneWhichGoesOnLater() {
        ToyScheduler toy = toy(100, 1);
        ToyScheduler.Ask free = toy.submit(ToyScheduler.request(prompt(5, 1), exactly(20), 0), 1);
        while (free.only().tokens.size() < 6) {
            toy.step();
        }
        ToyScheduler.Ask paying = toy.submit(ToyScheduler.request(prompt(5, 3), exactly(4), 1), 1);
        runUntil(toy, paying);
        assertThat(free.only().tokens).hasSize(6);
        toy.runToEnd();

        assertThat(free.only().tokens).isEqualTo(ToyScheduler.alone(free.request(), 0, CONTEXT));
        assertThat(free.only().usage).isEqualTo(new Usage(5, 0, 20));
        assertThat(toy.scheduler.metrics().preemptions()).isEqualTo(1);
    }

    @Test
    void outOfBlocksTheLastIsPreemptedAndItsOutputIsUnchanged() {
        ToyScheduler toy = toy(14, 8);
        ToyScheduler.Ask older = toy.submit(prompt(10, 1), exactly(40));
        ToyScheduler.Ask younger = toy.submit(prompt(10, 2), exactly(40));
        runUntil(toy, older);
        assertThat(toy.scheduler.metrics().preemptions()).isPositive();
        assertThat(younger.only().hasEnded()).isFalse();
        toy.runToEnd();

        assertThat(older.only().tokens).isEqualTo(ToyScheduler.alone(older.request(), 0, 56));
        assertThat(younger.only().tokens).isEqualTo(ToyScheduler.alone(younger.request(), 0, 56));
    }

    @Test
    void cancellingFreesTheBlocksBeforeTheNextToken() {
        ToyScheduler toy = toy(100, 8);
        ToyScheduler.Ask left = toy.submit(prompt(50, 1), exactly(40));
        ToyScheduler.Ask stays = toy.submit(prompt(5, 2), exactly(10));
        ToyScheduler.Ask waits = toy.submit(prompt(30, 2), exactly(10));
        while (left.only().tokens.size() < 3) {
            toy.step();
        }
        left.cancel();
        waits.cancel();
        toy.step();

        assertThat(left.only().reason).isEqualTo(FinishReason.CANCELLED);
        assertThat(left.only().tokens).hasSize(3);
        assertThat(waits.only().reason).isEqualTo(FinishReason.CANCELLED);
        assertThat(toy.scheduler.pool().usedBlocks()).isLessThanOrEqualTo(4);
        toy.runToEnd();
        assertThat(stays.only().tokens).hasSize(10);
    }

    @Test
    void aCancelDuringAStepIsHeededBeforeItsToken() {
        ToyScheduler toy = toy(100, 8);
        ToyScheduler.Ask ask = toy.submit(prompt(5, 1), exactly(40));
        toy.step();
        toy.runner.beforeRun(batch -> ask.cancel());
        toy.step();

        assertThat(ask.only().reason).isEqualTo(FinishReason.CANCELLED);
        assertThat(ask.only().tokens).hasSize(1);
        assertThat(toy.scheduler.pool().usedBlocks()).isZero();
    }

    @Test
    void aRequestEndsAtItsDeadline() {
        ToyScheduler toy = toy(100, 1);
        GenerationRequest hurried =
                new GenerationRequest(prompt(5, 1), exactly(40), "a", 0, toy.now.plus(Duration.ofSeconds(2)));
        ToyScheduler.Ask running = toy.submit(hurried, 1);
        ToyScheduler.Ask waiting = toy.submit(hurried, 1);
        toy.step();
        toy.now = toy.now.plus(Duration.ofSeconds(1));
        toy.step();
        assertThat(running.only().tokens).hasSize(2);
        toy.now = toy.now.plus(Duration.ofSeconds(1));
        toy.step();

        assertThat(running.only().reason).isEqualTo(FinishReason.DEADLINE);
        assertThat(running.only().tokens).hasSize(2);
        assertThat(waiting.only().reason).isEqualTo(FinishReason.DEADLINE);
        assertThat(toy.scheduler.isIdle()).isTrue();
    }

    /** On a machine that takes 20 ms for a pass and 4 ms for each token of it. */
    @Test
    void aLongPromptDoesNotHoldUpWhoIsBeingAnswered() {
        ToyScheduler toy = new ToyScheduler(new ToyRunner(4200, 16, 600), 8);
        toy.runner.beforeRun(batch -> {
            int tokens = batch.stream().mapToInt(chunk -> chunk.tokens().length).sum();
            toy.now = toy.now.plusMillis(20 + 4L * tokens);
        });
        ToyScheduler.Ask talking = toy.submit(prompt(4, 1), exactly(4000));
        toy.step();
        ToyScheduler.Ask longOne = toy.submit(prompt(4000, 2), exactly(1));
        Instant[] last = {toy.now};
        List<Duration> pauses = new ArrayList<>();
        talking.only().onToken = () -> {
            pauses.add(Duration.between(last[0], toy.now));
            last[0] = toy.now;
        };
        Instant began = toy.now;
        runUntil(toy, longOne);

        assertThat(pauses).hasSizeGreaterThan(50).allMatch(pause -> pause.toMillis() < 200);
        assertThat(Duration.between(began, toy.now)).isLessThan(Duration.ofSeconds(24));
    }

    @Test
    void aShortPromptNeedNotWaitForTheEndOfALongOne() {
        ToyScheduler toy = toy(100, 8);
        ToyScheduler.Ask longOne = toy.submit(prompt(190, 1), exactly(1));
        ToyScheduler.Ask shortOne = toy.submit(prompt(20, 2), exactly(1));
        runUntil(toy, shortOne);

        assertThat(longOne.only().hasEnded()).isFalse();
    }

    @Test
    void ifTheModelFailsThoseOfTheStepFailAndTheOthersGoOn() {
        ToyScheduler toy = toy(100, 2);
        ToyScheduler.Ask first = toy.submit(prompt(5, 1), exactly(10));
        ToyScheduler.Ask second = toy.submit(prompt(5, 2), exactly(10));
        ToyScheduler.Ask third = toy.submit(prompt(5, 3), exactly(10));
        toy.step();
        toy.runner.beforeRun(batch -> {
            throw new IllegalStateException("a defect");
        });
        toy.step();
        toy.runner.beforeRun(batch -> {});
        toy.runToEnd();

        assertThat(List.of(first, second)).allSatisfy(ask -> {
            assertThat(ask.only().failure).hasMessage("a defect");
            assertThat(ask.only().usage).isEqualTo(new Usage(5, 0, 1));
        });
        assertThat(third.only().tokens).isEqualTo(ToyScheduler.alone(third.request(), 0, CONTEXT));
    }

    @Test
    void aListenerThatThrowsEndsOnlyItsOwnRequest() {
        ToyScheduler toy = toy(100, 4);
        ToyScheduler.Ask broken = toy.submit(prompt(5, 1), exactly(10));
        ToyScheduler.Ask sound = toy.submit(prompt(5, 2), exactly(10));
        broken.only().onToken = () -> {
            throw new IllegalStateException("a listener's defect");
        };
        toy.runToEnd();

        assertThat(broken.only().failure).hasMessage("a listener's defect");
        assertThat(sound.only().tokens).hasSize(10);
    }
}
