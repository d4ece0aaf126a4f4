package dev.mynah.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the reader of tokenizer files takes and refuses. */
final class TokenizerJsonTest {

    @TempDir
    Path folder;

    private static String fixture(String family) throws IOException {
        return Files.readString(Fixtures.folder(family).resolve("tokenizer.json"));
    }

    private BpeTokenizer load(String json) throws IOException {
        return (BpeTokenizer) Tokenizers.load(Files.writeString(folder.resolve("tokenizer.json"), json));
    }

    private void assertRefused(String json, String... parts) {
        assertThatThrownBy(() -> load(json))
                .isInstanceOf(TokenizerFormatException.class)
                .hasMessageContaining("tokenizer.json")
                .message()
                .contains(parts)
                .doesNotContain("\n")
                .hasSizeLessThan(1000);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "type":"BPE"                    | "type":"Unigram"                         | model Unigram
            "dropout":null                  | "dropout":0.1                            | dropout 0.1
            "byte_fallback":false           | "byte_fallback":true                     | normalizer NFC
            "byte_fallback":false           | "byte_fallback":1                        | "byte_fallback" is neither
            "end_of_word_suffix":null       | "end_of_word_suffix":"</w>"              | end_of_word_suffix "</w>"
            "normalizer":{"type":"NFC"}     | "normalizer":{"type":"NFKC"}             | normalizer NFKC
            "decoder":{"type":"ByteLevel"   | "decoder":{"type":"WordPiece"            | decoder WordPiece
            "type":"Split"                  | "type":"Digits"                          | Digits
            "behavior":"Isolated"           | "behavior":"MergedWithNext"              | MergedWithNext
            "id":1200,                      | "id":7,                                  | "<|endoftext|>"
            "id":1200,                      | "id":999999999,                          | id 999999999 is too large
            "id":1200,                      | "id":99999999999999999999,               | not a whole number
            "id":1200,                      | "id":-1,                                 | not a whole number
            "id":1200,                      | "id":1201,                               | twice
            "!":0                           | "!":1                                    | id 1 is given to both
            "!":0                           | "!":0.5                                  | not a whole number
            "!":0                           | "!":{}                                   | not a whole number
            "!":0                           | "!!!":0                                  | no token for the byte 33
            "!":0,                          | "!":0,"!":0,                             | "!"
            "merges":[                      | "merges":["a",                           | merge 0 does not join
            "merges":[                      | "merges":["a b c",                       | merge 0 does not join
            "merges":[                      | "merges":[[],                            | merge 0 does not join
            "merges":[                      | "merges":["a ΩΩ",                       | "ΩΩ", which the vocabulary lacks
            "merges":[                      | "merges":["Q Q",                        | "QQ", which the vocabulary lacks
            "merges":[                      | "merges":3,"m":[                         | no list of merges
            "added_tokens":[                | "added_tokens":{},"a":[                  | "added_tokens" is not a list
            "added_tokens":[                | "added_tokens":[{"id":5},                | no content
            """)
    void whatItCannotDoIsRefusedByName(String part, String instead, String named) throws IOException {
        String json = fixture("qwen3");
        assertThat(json).contains(part);
        assertRefused(json.replace(part, instead), named);
    }

    @Test
    void aPatternItDoesNotKnowIsRefused() throws IOException {
        assertRefused(
                fixture("qwen3").replace("|\\\\p{N}|", "|\\\\p{N}{2}|"),
                "Split pattern",
                "p{N}{2}",
                "gpt2, cl100k, qwen2, o200k");
    }

    @Test
    void aPostProcessorItDoesNotKnowIsRefused() throws IOException {
        String json = fixture("llama3");
        assertRefused(json.replace("\"type\":\"TemplateProcessing\"", "\"type\":\"BertProcessing\""), "BertProcessing");
        assertRefused(json.replace("\"ids\":[1200]", "\"ids\":[4000]"), "4000");
        assertRefused(json.replace("\"single\":[", "\"single\":[{\"Sequence\":{\"id\":\"A\"}},"), "2 times");
    }

    /** RoBERTa's own way to say that a text stands between two tokens. */
    @Test
    void aTextIsPutBetweenTheTokensOfRoberta() throws IOException {
        String json = fixture("gpt2");
        BpeTokenizer plain = load(json);
        int a = plain.idOf("a");
        int b = plain.idOf("b");
        String cls = "\"cls\":[\"a\"," + a + "]";
        String roberta = "{\"type\":\"RobertaProcessing\",\"sep\":[\"b\"," + b + "]," + cls + ",\"ignored\":{";
        BpeTokenizer tokenizer = load(json.replace("\"post_processor\":{", "\"post_processor\":" + roberta)
                .replace("},\"decoder\"", "}},\"decoder\""));
        assertThat(tokenizer.encodeForModel("x")).containsExactly(a, plain.encode("x")[0], b);
    }

    @Test
    void whatIsNotJsonIsRefusedWithItsPlace() throws IOException {
        assertRefused("", "no JSON object");
        assertRefused("[]", "no JSON object");
        assertRefused("{\n\"model\": nonsense}", "line 2", "not valid JSON");
        assertRefused("[".repeat(100_000), "not valid JSON", "64");
        assertRefused("{\"a\":".repeat(100_000), "not valid JSON", "64");
        assertRefused("{\"" + "x".repeat(5 << 20) + "\":1}", "not valid JSON");
        assertRefused("{} {}", "not valid JSON");
        assertRefused("{\"a\":[" + "1,".repeat(9_000_000) + "1]}", "not valid JSON");
        assertRefused("{}", "model none");
        assertRefused("{\"model\":{\"type\":\"BPE\"}}", "byte 0");
    }

    @Test
    void aCutFileIsRefusedWhereverItIsCut() throws IOException {
        String json = fixture("llama3").strip();
        Random random = new Random(8);
        for (int i = 0; i < 200; i++) {
            assertRefused(json.substring(0, random.nextInt(1, json.length())), "not valid JSON");
        }
    }

    /** Random damage gives either a tokenizer that works or one sentence. */
    @Test
    void aDamagedFileLoadsOrIsRefusedInOneSentence() throws IOException {
        Random random = new Random(12);
        int refused = 0;
        for (String family : Fixtures.FAMILIES) {
            byte[] original = fixture(family).getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i < 200; i++) {
                byte[] damaged = damage(original, random);
                Path file = Files.write(folder.resolve("tokenizer.json"), damaged);
                try {
                    BpeTokenizer tokenizer = (BpeTokenizer) Tokenizers.load(file);
                    tokenizer.decode(tokenizer.encodeForModel("Some text, 一些文字 <|endoftext|> 123"));
                } catch (TokenizerFormatException e) {
                    refused++;
                    assertThat(e.getMessage())
                            .contains("tokenizer.json")
                            .doesNotContain("\n")
                            .hasSizeLessThan(1000);
                }
            }
        }
        assertThat(refused).isGreaterThan(300);
    }

    private static byte[] damage(byte[] original, Random random) {
        byte[] damaged = original.clone();
        // Most of a file is vocabulary; half of the damage goes to its head, where the components stand.
        int reach = random.nextBoolean() ? Math.min(1500, damaged.length) : damaged.length;
        for (int hits = random.nextInt(1, 4); hits > 0; hits--) {
            int at = random.nextInt(reach);
            switch (random.nextInt(4)) {
                case 0 -> damaged[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> damaged[at] = (byte) "{}[],:\"0-".charAt(random.nextInt(9));
                case 2 -> System.arraycopy(original, random.nextInt(reach / 2), damaged, at / 2, reach / 4);
                default -> damaged = Arrays.copyOf(damaged, Math.max(reach, damaged.length - random.nextInt(50)));
            }
        }
        return damaged;
    }

    @Test
    void mergesAreReadInBothForms() throws IOException {
        assertThat(fixture("gpt2")).contains("\"merges\":[\"");
        assertThat(fixture("llama3")).contains("\"merges\":[[");
    }

    @Test
    void ofMergesGivenTwiceTheLaterCounts() throws IOException {
        String json = fixture("qwen3");
        String first =
                json.substring(json.indexOf("\"merges\":[") + 10, json.indexOf("]", json.indexOf("\"merges\":[")) + 1);
        BpeTokenizer twice = load(json.replace("\"merges\":[", "\"merges\":[" + first + ","));
        assertThat(twice.encode("the theme")).isEqualTo(load(json).encode("the theme"));
    }

    @Test
    void aMissingFileIsNamed() {
        assertThatThrownBy(() -> Tokenizers.load(folder))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("tokenizer.json");
        assertThatThrownBy(() -> Tokenizers.load(folder.resolve("none/tokenizer.json")))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("none");
    }

    @Test
    void anEndTokenThatTheVocabularyLacksIsRefused() throws IOException {
        Files.writeString(folder.resolve("tokenizer_config.json"), "{\"eos_token\":\"<|none|>\"}");
        assertThatThrownBy(() -> load(fixture("gpt2"))).hasMessageContaining("eos_token \"<|none|>\"");
    }

    @Test
    void namesOfSpecialTokensAreReadFromEitherFile() throws IOException {
        Files.writeString(folder.resolve("special_tokens_map.json"), "{\"eos_token\":{\"content\":\"<|im_end|>\"}}");
        Files.writeString(folder.resolve("tokenizer_config.json"), """
                {"model_max_length": 1000000000000000019884624838656,
                 "chat_template": [{"name": "default", "template": "T"}]}
                """);
        BpeTokenizer tokenizer = load(fixture("qwen3"));
        assertThat(tokenizer.config()).isEqualTo(new TokenizerConfig(null, "<|im_end|>", 0, "T"));
    }

    @Test
    void readsTheFirstFormOfGpt2() throws IOException {
        BpeSpec spec = Fixtures.tokenizer("gpt2").spec();
        List<String> tokens = spec.vocabulary();
        String vocabulary = Stream.iterate(0, id -> id < tokens.size(), id -> id + 1)
                .map(id -> "\"" + tokens.get(id).replace("\\", "\\\\").replace("\"", "\\\"") + "\":" + id)
                .collect(Collectors.joining(",", "{", ",\"<|endoftext|>\":" + tokens.size() + "}"));
        String merges = spec.merges().stream()
                .map(merge -> tokens.get(merge.left()) + " " + tokens.get(merge.right()))
                .collect(Collectors.joining("\n", "#version: 0.2\n", "\n"));
        Files.writeString(folder.resolve("vocab.json"), vocabulary);
        Files.writeString(folder.resolve("merges.txt"), merges);
        BpeTokenizer tokenizer = (BpeTokenizer) Tokenizers.load(folder);
        for (Fixtures.Expected expected : Fixtures.expected("gpt2")) {
            assertThat(Arrays.stream(tokenizer.encode(expected.text())).boxed().toList())
                    .isEqualTo(expected.plain());
        }
        assertThat(tokenizer.isSpecial(tokenizer.idOf("<|endoftext|>"))).isTrue();

        Files.writeString(folder.resolve("tokenizer_config.json"), "{\"tokenizer_class\":\"Qwen2Tokenizer\"}");
        assertThatThrownBy(() -> Tokenizers.load(folder))
                .isInstanceOf(TokenizerFormatException.class)
                .hasMessageContaining("Qwen2Tokenizer");
    }
}
