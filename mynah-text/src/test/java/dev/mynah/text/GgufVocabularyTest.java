package dev.mynah.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class GgufVocabularyTest {

    @ParameterizedTest
    @CsvSource({"gpt2, gpt-2", "llama3, llama-bpe", "qwen3, qwen2", "o200k, gpt-4o"})
    void whatAGgufFileHoldsGivesTheSameIds(String family, String pre) throws IOException {
        Tokenizer tokenizer = Tokenizers.load(Fixtures.folder(family));
        GgufVocabulary vocabulary = GgufVocabulary.of(tokenizer);
        assertThat(vocabulary.pre()).isEqualTo(pre);
        Tokenizer read = Tokenizers.of(vocabulary.paddedTo(tokenizer.vocabSize() + 3));
        assertThat(read.vocabSize()).isEqualTo(tokenizer.vocabSize() + 3);
        assertThat(read.eosId()).isEqualTo(tokenizer.eosId());
        for (Fixtures.Expected expected : Fixtures.expected(family)) {
            // The one token that the reference looks for in normalized text.
            if (!expected.ids().contains(tokenizer.idOf("e\u0301t\u00e9"))) {
                assertThat(read.encode(expected.text())).isEqualTo(tokenizer.encode(expected.text()));
                assertThat(read.encodeForModel(expected.text())).isEqualTo(tokenizer.encodeForModel(expected.text()));
            }
        }
    }

    @Test
    void whatIsNotSupportedIsRefusedByName() throws IOException {
        GgufVocabulary sound = GgufVocabulary.of(Tokenizers.load(Fixtures.folder("gpt2")));
        assertThatThrownBy(() -> Tokenizers.of(with(sound, "gpt2", "smollm")))
                .isInstanceOf(TokenizerFormatException.class)
                .hasMessageContaining("the pre-tokenizer \"smollm\" is not supported; supported are gpt-2, ");
        assertThatThrownBy(() -> Tokenizers.of(with(sound, "gpt2", null)))
                .hasMessageContaining("no pre-tokenizer is named");
        assertThatThrownBy(() -> Tokenizers.of(with(sound, "t5", null)))
                .hasMessageContaining("\"t5\" is not supported; supported are gpt2, llama");
        assertThatThrownBy(() -> Tokenizers.of(with(sound, "llama", null))).hasMessageContaining("needs scores");
        assertThatThrownBy(() -> GgufVocabulary.of(Tokenizers.load(Fixtures.folder("gpt2-prefix"))))
                .hasMessageContaining("add_prefix_space true");
        assertThatThrownBy(() -> sound.paddedTo(3)).hasMessageContaining("but the model only 3");
    }

    /** llama.cpp overrides the type of such tokens too. */
    @Test
    void whatEndsAnswersIsSpecialWhateverTheFileCallsIt() {
        List<String> tokens = List.of("<unk>", "<|im_end|>", "<think>", "a");
        List<Integer> types = List.of(
                GgufVocabulary.UNKNOWN,
                GgufVocabulary.USER_DEFINED,
                GgufVocabulary.USER_DEFINED,
                GgufVocabulary.NORMAL);
        Tokenizer tokenizer = Tokenizers.of(new GgufVocabulary(
                "test",
                "llama",
                null,
                tokens,
                List.of(0f, 0f, 0f, 0f),
                types,
                List.of(),
                -1,
                -1,
                0,
                null,
                null,
                null,
                null));

        assertThat(tokenizer.isSpecial(1)).isTrue();
        assertThat(tokenizer.isSpecial(2)).isFalse();
        assertThat(tokenizer.decode(new int[] {3, 1})).isEqualTo("a");
        assertThat(GgufVocabulary.isEnd("<|im_end|>", GgufVocabulary.NORMAL)).isFalse();
    }

    @Test
    void countsThatDoNotFitAreRefused() {
        assertThatThrownBy(() -> vocabulary(List.of("a"), List.of(1f, 2f), -1))
                .hasMessageContaining("2 scores for 1 tokens");
        assertThatThrownBy(() -> vocabulary(List.of("a"), List.of(1f), 1))
                .hasMessageContaining("there are only 1 tokens");
        assertThatThrownBy(() -> Tokenizers.of(vocabulary(List.of("a"), List.of(1f), -1)))
                .hasMessageContaining("only 0 tokens for bytes");
        assertThatThrownBy(() -> Tokenizers.of(vocabulary(List.of("a"), List.of(Float.NaN), 0)))
                .hasMessageContaining("a score is no number");
        assertThatThrownBy(() -> Tokenizers.of(vocabulary(List.of(), List.of(), -1)))
                .hasMessageContaining("no tokens");
    }

    private static GgufVocabulary vocabulary(List<String> tokens, List<Float> scores, int unknownId) {
        return new GgufVocabulary(
                "test", "llama", null, tokens, scores, List.of(), List.of(), -1, -1, unknownId, null, null, null, null);
    }

    private static GgufVocabulary with(GgufVocabulary vocabulary, String model, @Nullable String pre) {
        return new GgufVocabulary(
                "test.gguf",
                model,
                pre,
                vocabulary.tokens(),
                vocabulary.scores(),
                vocabulary.types(),
                vocabulary.merges(),
                vocabulary.bosId(),
                vocabulary.eosId(),
                -1,
                null,
                null,
                null,
                null);
    }
}
