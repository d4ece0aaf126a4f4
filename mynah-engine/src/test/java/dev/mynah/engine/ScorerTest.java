package dev.mynah.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mynah.tensor.Scope;
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
