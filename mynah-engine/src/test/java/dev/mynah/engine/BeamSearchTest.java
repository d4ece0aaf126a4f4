package dev.mynah.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mynah.tensor.Scope;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class BeamSearchTest {

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "llama"})
    void theBestBeamIsTheReferences(String name) {
        try (Scope scope = Scope.open()) {
            LoadedModel model = Fixtures.model(name);
            try (TorchRunner runner = new TorchRunner(model.model(), model.compute(), 16)) {
                for (JsonNode prompt : Fixtures.json(name + "/reference.json").get("generate")) {
                    for (JsonNode expected : prompt.get("beams")) {
                        check(runner, Fixtures.ints(prompt.get("prompt_ids")), expected);
                    }
                }
            }
        }
    }

    private static void check(ModelRunner runner, int[] prompt, JsonNode expected) {
        Set<Integer> ends = expected.get("end").isNull()
                ? Set.of()
                : Set.of(expected.get("end").asInt());
        double penalty = expected.get("length_penalty").asDouble();
        BeamSearch.Found best =
                new BeamSearch(runner, ends, 4, penalty).search(prompt, 12).getFirst();

        assertThat(best.tokens()).containsExactly(boxed(expected.get("tokens")));
        assertThat(best.score()).isCloseTo(expected.get("score").asDouble(), within(1e-4));
    }

    private static Integer[] boxed(JsonNode array) {
        return array.valueStream().map(JsonNode::asInt).toArray(Integer[]::new);
    }

    @Test
    void oneBeamIsGreedyAndBlocksAreCopiedWhereBeamsPart() {
        ToyRunner runner = new ToyRunner(60, 4, 40);
        int[] prompt = {1, 2, 3, 4, 5, 6};
        List<Integer> greedy = ToyScheduler.alone(ToyScheduler.request(prompt, SamplingOptions.greedy(20), 0), 0, 60);
        assertThat(new BeamSearch(runner, Set.of(ToyRunner.END), 1, 1)
                        .search(prompt, 20)
                        .getFirst()
                        .tokens())
                .isEqualTo(greedy);

        for (BeamSearch.Found found : new BeamSearch(runner, Set.of(ToyRunner.END), 4, 1).search(prompt, 20)) {
            assertThat(found.score()).isCloseTo(score(prompt, found.tokens()), within(1e-9));
        }
    }

    private static double score(int[] prompt, List<Integer> tokens) {
        int[] text = Arrays.copyOf(prompt, prompt.length + tokens.size());
        double sum = 0;
        for (int i = 0; i < tokens.size(); i++) {
            float[] logits = ToyRunner.logits(text, prompt.length + i);
            sum += Logits.logProb(logits, tokens.get(i), 0).logProb();
            text[prompt.length + i] = tokens.get(i);
        }
        return sum / tokens.size();
    }

    @Test
    void aDamagedModelIsNamed() {
        BeamSearch search = new BeamSearch(new ToyRunner(60, 4, 40, Float.POSITIVE_INFINITY), Set.of(), 4, 1);

        assertThatThrownBy(() -> search.search(new int[6], 20)).hasMessageContaining("weights are damaged");
    }

    @Test
    void beamsThatMayNotFitAreRefused() {
        BeamSearch search = new BeamSearch(new ToyRunner(60, 4, 20), Set.of(), 4, 1);

        assertThatThrownBy(() -> search.search(new int[10], 40))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("4 beams of 50 tokens may need");
        assertThatThrownBy(() -> search.search(new int[61], 1)).isInstanceOf(PromptTooLongException.class);
    }
}
