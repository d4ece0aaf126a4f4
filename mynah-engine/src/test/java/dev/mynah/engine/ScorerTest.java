package dev.mynah.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mynah.tensor.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class ScorerTest {
    private Scope scope;

    @BeforeEach
    void open() {
        scope = Scope.open();
    }

    @AfterEach
    void close() {
        scope.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "llama"})
    void logLikelihoodsAreTheReferenceInWindowsToo(String name) {
        Scorer scorer = Fixtures.model(name).scorer();
        for (JsonNode expected : Fixtures.json(name + "/reference.json").get("score")) {
            Score score = scorer.score(expected.get("text").asString());

            double logLikelihood = expected.get("log_likelihood").asDouble();
            int tokens = expected.get("ids").asInt() - 1;
            long bytes = expected.get("bytes").asLong();
            assertThat(score.logLikelihood()).isCloseTo(logLikelihood, within(1e-4));
            assertThat(score.tokens()).isEqualTo(tokens);
            assertThat(score.bytes()).isEqualTo(bytes);
            assertThat(score.bitsPerByte()).isCloseTo(-logLikelihood / Math.log(2) / bytes, within(1e-4));
            assertThat(Math.log(score.perplexity())).isCloseTo(-logLikelihood / tokens, within(1e-4));
        }
    }

    @Test
    void ofALongTextTheFirstWindowsAreReadAlone() {
        Scorer scorer = Fixtures.model("gpt2").scorer();
        int[] ids = new Random(1).ints(700, 0, 100).toArray();
        List<String> told = new ArrayList<>();

        List<Scorer.Window> all = scorer.windows(ids, Integer.MAX_VALUE, (done, total) -> told.add(done + "/" + total));
        List<Scorer.Window> some = scorer.windows(ids, 2, (done, total) -> told.add(done + " of " + total));

        assertThat(all.stream().mapToInt(Scorer.Window::tokens).sum()).isEqualTo(699);
        assertThat(some).isEqualTo(all.subList(0, 2));
        assertThat(told).contains("1/" + all.size(), all.size() + "/" + all.size());
        assertThat(told.subList(all.size(), told.size())).containsExactly("1 of 2", "2 of 2");
    }

    @Test
    void aTextOfOneTokenCannotBeScored() {
        assertThatThrownBy(() -> Fixtures.model("gpt2").scorer().score("a"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("needs at least 2 tokens");
    }

    @Test
    void unknownIdsAreRefused() {
        assertThatThrownBy(() -> Fixtures.model("gpt2").scorer().logLikelihood(new int[] {1, 99999}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("token id 99999 (number 2 of 2)");
    }
}
