package dev.mynah.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class BpeTrainerTest {

    private static final int SIZE = 700;

    private static byte[] unzipped(String name) throws IOException {
        try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(Fixtures.folder("trained/" + name)))) {
            return in.readAllBytes();
        }
    }

    private static List<String> corpus() throws IOException {
        return List.of(new String(unzipped("corpus.txt.gz"), StandardCharsets.UTF_8).split("\n\n"));
    }

    @ParameterizedTest
    @EnumSource
    void learnsTheMergesOfTheReference(Pretokenizer pretokenizer) throws IOException {
        BpeTokenizer tokenizer = new BpeTrainer(pretokenizer, SIZE, List.of(), 2, 2, false).train(corpus());
        List<List<String>> expected = new ArrayList<>();
        for (JsonNode pair : JsonMapper.shared().readTree(unzipped(pretokenizer.id() + ".json.gz"))) {
            expected.add(List.of(pair.get(0).stringValue(), pair.get(1).stringValue()));
        }
        List<String> tokens = tokenizer.spec().vocabulary();
        assertThat(tokenizer.spec().merges().stream()
                        .map(merge -> List.of(tokens.get(merge.left()), tokens.get(merge.right())))
                        .toList())
                .isEqualTo(expected);
    }

    @Test
    void orderAndThreadsDoNotMatter() throws IOException {
        List<String> texts = new ArrayList<>(corpus());
        BpeSpec first = new BpeTrainer(Pretokenizer.CL100K, SIZE, List.of("<e>"), 2, 1, false)
                .train(texts)
                .spec();
        Collections.shuffle(texts, new Random(9));
        assertThat(new BpeTrainer(Pretokenizer.CL100K, SIZE, List.of("<e>"), 2, 3, false)
                        .train(texts.stream())
                        .spec())
                .isEqualTo(first);
    }

    @Test
    void noTokenReachesAcrossASeparatedChineseCharacter() {
        List<String> texts = List.of("明月明月明月，明月 hello hello明月明月", "𠀀𠀀𠀀");
        BpeTokenizer joined = new BpeTrainer(Pretokenizer.CL100K, 271, List.of(), 2, 1, false).train(texts);
        assertThat(joined.encode("明月")).hasSize(1);
        BpeTokenizer separate = new BpeTrainer(Pretokenizer.CL100K, 268, List.of(), 2, 1, true).train(texts);
        assertThat(separate.encode("明月")).hasSize(2);
        assertThat(separate.encode("明月明明")).hasSize(4);
        assertThat(separate.encode("𠀀𠀀")).hasSize(2);
    }

    @Test
    void idsAreBytesThenMergesThenSpecials() throws IOException {
        BpeTokenizer tokenizer = new BpeTrainer(SIZE, List.of("<|a|>", "<|b|>")).train(corpus());
        assertThat(tokenizer.vocabSize()).isEqualTo(SIZE);
        assertThat(tokenizer.idOf("!")).isZero();
        assertThat(tokenizer.idOf("<|a|>")).isEqualTo(SIZE - 2);
        assertThat(tokenizer.idOf("<|b|>")).isEqualTo(SIZE - 1);
        String text = corpus().getFirst();
        assertThat(tokenizer.decode(tokenizer.encode(text))).isEqualTo(text);
    }

    @Test
    void theLargestPossibleVocabularyIsNamedAndWorks() {
        List<String> texts = List.of("abab abab", "xy");
        // "ab" (4 times), "abab" (2), of " abab" one only.
        assertThatThrownBy(() -> new BpeTrainer(300, List.of("<e>")).train(texts))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("300")
                .hasMessageContaining("largest possible is 259.");
        assertThat(new BpeTrainer(259, List.of("<e>")).train(texts).vocabSize()).isEqualTo(259);
        assertThatThrownBy(() -> new BpeTrainer(257, List.of()).train(List.of()))
                .hasMessageContaining("largest possible is 256.");
    }

    @Test
    void badOptionsAreNamed() {
        assertThatThrownBy(() -> new BpeTrainer(256, List.of("<e>"))).hasMessageContaining("at least 257");
        assertThatThrownBy(() -> new BpeTrainer(500, List.of("<e>", "<e>"))).hasMessageContaining("\"<e>\"");
        assertThatThrownBy(() -> new BpeTrainer(Pretokenizer.GPT2, 300, List.of(), 0, 1, false))
                .hasMessageContaining("minFrequency 0");
        assertThatThrownBy(() -> new BpeTrainer(258, List.of("ab")).train(List.of("abab")))
                .hasMessageContaining("ordinary token");
    }

    @Test
    void aSourceThatFailsFailsTheTraining() {
        Iterable<String> source = () -> {
            throw new IllegalStateException("broken source");
        };
        assertThatThrownBy(() -> new BpeTrainer(300, List.of()).train(source)).hasMessage("broken source");
    }

    @Test
    void nothingMoreIsReadAfterAFailure() {
        AtomicInteger read = new AtomicInteger();
        Stream<String> texts = Stream.generate(() -> {
                    if (read.incrementAndGet() == 3) {
                        throw new IllegalStateException("a broken line");
                    }
                    return "some text";
                })
                .limit(1_000_000);
        assertThatThrownBy(() -> new BpeTrainer(Pretokenizer.CL100K, 300, List.of(), 2, 4, false).train(texts))
                .hasMessage("a broken line");
        assertThat(read).hasValue(3);
    }

    @Test
    void veryLongWordsAreLearntFrom() {
        BpeTokenizer tokenizer = new BpeTrainer(260, List.of()).train(List.of("a".repeat(100_000)));
        assertThat(tokenizer.idOf("a".repeat(16))).isEqualTo(259);
    }
}
