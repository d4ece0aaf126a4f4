package dev.mynah.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** WordPiece against the Hugging Face tokenizers library; see make_wordpiece.py. */
class WordPieceTokenizerTest {

    @TempDir
    private Path folder;

    private static Path resource(String name) {
        URL url = Objects.requireNonNull(WordPieceTokenizerTest.class.getResource("wordpiece/" + name));
        try {
            return Path.of(url.toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"uncased", "cased"})
    void givesTheReferenceIds(String name) throws IOException {
        assertReference(WordPieceTokenizer.load(resource(name)), name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"uncased", "cased"})
    void aVocabularyOfLinesIsTheSame(String name) throws IOException {
        for (String file : new String[] {"vocab.txt", "tokenizer_config.json"}) {
            Files.copy(resource(name).resolve(file), folder.resolve(file));
        }
        assertReference(WordPieceTokenizer.load(folder), name);
    }

    private static void assertReference(WordPieceTokenizer tokenizer, String name) throws IOException {
        JsonNode cases = Json.MAPPER.readTree(Files.readAllBytes(resource(name).resolve("expected.json")));
        assertThat(cases.size()).isGreaterThan(10);
        for (JsonNode each : cases) {
            String text = each.path("text").stringValue();
            assertThat(tokenizer.encode(text)).as(text).isEqualTo(ids(each.path("plain")));
            assertThat(tokenizer.encodeForModel(text)).as(text).isEqualTo(ids(each.path("model")));
        }
    }

    private static int[] ids(JsonNode list) {
        return list.values().stream().mapToInt(JsonNode::intValue).toArray();
    }

    @Test
    void decodesWords() throws IOException {
        WordPieceTokenizer tokenizer = WordPieceTokenizer.load(resource("uncased"));
        int[] ids = tokenizer.encodeForModel("The unaffable singing.");
        assertThat(tokenizer.decode(ids)).isEqualTo("the unaffable singing .");
        assertThat(tokenizer.isSpecial(ids[0])).isTrue();
        assertThat(tokenizer.idOf("[CLS]")).isEqualTo(ids[0]);
        assertThat(tokenizer.idOf("##able")).isEqualTo(ids[4]);
        assertThat(tokenizer.bytes(ids[4])).asString().isEqualTo("able");
        assertThat(tokenizer.bosId()).isEqualTo(-1);
        assertThatThrownBy(() -> tokenizer.bytes(9999)).hasMessageStartingWith("There is no token 9999");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        "type":"WordPiece"        | "type":"Unigram"        | the model Unigram is not supported; supported: WordPiece.
        "type":"BertNormalizer"   | "type":"NFC"            | the normalizer NFC is not supported; supported: BertNormalizer.
        "type":"BertPreTokenizer" | "type":"ByteLevel"      | the pre_tokenizer ByteLevel is not supported; supported: BertPreTokenizer.
        "TemplateProcessing"      | "ByteLevel"             | the post_processor ByteLevel is not supported; supported: BertProcessing, TemplateProcessing.
        "unk_token":"[UNK]"       | "unk_token":"[WHAT]"    | the vocabulary lacks [WHAT].
        "##able":                 | "##able":2000000000,"x1": | the id of "##able" is 2000000000, not a whole number below
        "##able":                 | "##able":5,"x1":        | the id 5 is given to two tokens.
        "lowercase":true          | "lowercase":1           | "lowercase" is neither true nor false.
        """)
    void whatIsNotSupportedIsRefusedByName(String from, String to, String message) throws IOException {
        String json = Files.readString(resource("uncased").resolve("tokenizer.json"));
        assertThat(json).contains(from);
        Files.writeString(folder.resolve("tokenizer.json"), json.replace(from, to));
        assertThatThrownBy(() -> WordPieceTokenizer.load(folder))
                .isInstanceOf(TokenizerFormatException.class)
                .hasMessageContaining(message);
    }

    @Test
    void aDamagedVocabularyIsRefused() throws IOException {
        assertThatThrownBy(() -> WordPieceTokenizer.load(folder)).hasMessageContaining("there is no tokenizer");
        Files.writeString(folder.resolve("vocab.txt"), "[PAD]\n[UNK]\n[CLS]\n[SEP]\n");
        assertThatThrownBy(() -> WordPieceTokenizer.load(folder)).hasMessageContaining("the vocabulary lacks [MASK].");
        Files.writeString(folder.resolve("vocab.txt"), "[PAD]\n[PAD]\n");
        assertThatThrownBy(() -> WordPieceTokenizer.load(folder)).hasMessageContaining("a token stands there twice.");
    }
}
