package dev.mynah.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PromptLookupTest {

    @Test
    void aTextIsGuessedToGoOnAsItDidAfterTheSameTokensLast() {
        assertThat(PromptLookup.lookUp(new int[] {1, 2, 3, 9, 1, 2, 3, 4, 5, 1, 2, 3}, 3)
                        .tokens())
                .containsExactly(4, 5, 1);
        assertThat(PromptLookup.lookUp(new int[] {8, 2, 3, 4, 7, 2, 3}, 2).tokens())
                .containsExactly(4, 7);
        assertThat(PromptLookup.lookUp(new int[] {1, 2, 3, 4, 5}, 3).tokens()).isEmpty();
        assertThat(PromptLookup.lookUp(new int[] {1, 1, 1}, 0).tokens()).isEmpty();
    }

    /** A model that repeats a cycle is guessed right, so that most passes give several tokens. */
    @Test
    void rightGuessesSavePassesAndChangeNothing() {
        Map<Integer, Double> alwaysOne = Map.of(1, 100.0);
        SamplingOptions options = SamplingOptions.builder()
                .maxTokens(40)
                .logitBias(alwaysOne)
                .seed(2)
                .build();
        GenerationRequest request = ToyScheduler.request(new int[] {5, 1, 1, 1}, options, 0);
        ToyScheduler toy = new ToyScheduler(new ToyRunner(100, 4, 40), new EngineOptions(1, 0, 4), new PromptLookup());
        ToyScheduler.Ask ask = toy.submit(request, 1);
        toy.runToEnd();

        assertThat(ask.only().tokens).isEqualTo(List.copyOf(ToyScheduler.alone(request, 0, 100)));
        assertThat(toy.scheduler.metrics().steps()).isLessThan(40);
    }
}
