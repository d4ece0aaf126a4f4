package dev.mynah.text.classify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextClassifierTest {
    private static final int BITS = 10;

    private static TextClassifier classifier() {
        float[][] weights = new float[2][1 << BITS];
        for (int bucket : TextFeatures.of("wine", BITS)) {
            weights[0][bucket] = 12.7f;
        }
        for (int bucket : TextFeatures.of("剑", BITS)) {
            weights[1][bucket] = -1;
        }
        return TextClassifier.quantized(List.of("drink", "blade"), weights, new double[] {-2, 1})
                .withThresholds(new double[] {0.5, 0.25});
    }

    @Test
    void aProbabilityIsTheLogisticOfTheWeightedNGrams() {
        int n = TextFeatures.of("wine", BITS).length;
        double[] p = classifier().probabilities("Wine!");
        assertThat(p[0]).isCloseTo(1 / (1 + Math.exp(2 - 12.7 * Math.sqrt(n))), within(1e-9));
        assertThat(classifier().probabilities("剑")[1]).isCloseTo(0.5, within(1e-6));
        assertThat(classifier().probabilities("!? ...")).containsOnly(0);
    }

    @Test
    void casePunctuationAndFullWidthMakeNoDifferenceButOrderDoes() {
        assertThat(TextFeatures.of("Ｈow，  tö DO it\u200b", 16)).isEqualTo(TextFeatures.of("how to do it", 16));
        assertThat(TextFeatures.of("do to how it", 16)).isNotEqualTo(TextFeatures.of("how to do it", 16));
        // One word, its four grams of three characters with the ends, three of four, two of five.
        assertThat(TextFeatures.of("wine", 16)).hasSize(1 + 4 + 3 + 2);
        assertThat(TextFeatures.of("春江花", 16)).hasSize(3 + 2 + 1);
    }

    @Test
    void aFileIsReadAsItWasWritten(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("classifier.bin");
        classifier().write(file);
        TextClassifier read = TextClassifier.read(Files.readAllBytes(file), "a file");
        assertThat(read.labels()).isEqualTo(classifier().labels());
        for (String text : List.of("red wine", "剑与酒", "nothing")) {
            assertThat(read.probabilities(text)).isEqualTo(classifier().probabilities(text));
        }
    }

    @Test
    void aDamagedFileIsRefusedInASentence(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("classifier.bin");
        classifier().write(file);
        byte[] whole = Files.readAllBytes(file);
        for (byte[] bad : List.of(
                new byte[0],
                Arrays.copyOf(whole, 11),
                Arrays.copyOf(whole, whole.length - 1),
                Arrays.copyOf(whole, whole.length + 1))) {
            assertThatThrownBy(() -> TextClassifier.read(bad, "F"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("F is no classifier: ");
        }
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(1);
        for (int round = 0; round < 3000; round++) {
            byte[] damaged = whole.clone();
            damaged[random.nextInt(220)] = (byte) random.nextInt();
            try {
                TextClassifier.read(damaged, "F").probabilities("some wine");
            } catch (IllegalArgumentException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        }
    }

    @Test
    void passagesEndWithEachSentenceAndHoldThoseBefore() {
        String zh = "一".repeat(47);
        assertThat(Passages.of(zh + "你好。今天写诗！“" + zh + "好吗？”可以"))
                .containsExactly(zh + "你好。", zh + "你好。今天写诗！“" + zh + "好吗？”", zh + "你好。今天写诗！“" + zh + "好吗？”可以");
        String en = "And ".repeat(11);
        assertThat(Passages.of(en + "pi is 3.14. " + en + "is it?! \n\nNo"))
                .containsExactly(
                        en + "pi is 3.14.",
                        en + "pi is 3.14. " + en + "is it?!",
                        en + "pi is 3.14. " + en + "is it?! \n\nNo");
        assertThat(Passages.of("Yes! No? Perhaps.")).containsExactly("Yes! No? Perhaps.");
        assertThat(Passages.of(" \n ")).isEmpty();
        // No character is divided.
        assertThat(Passages.of("x".repeat(299) + "\uD840\uDC00".repeat(20)))
                .extracting(String::length)
                .containsExactly(301, 38);
        String sentence = "x".repeat(140) + "。";
        List<String> passages = Passages.of(sentence.repeat(4) + "y".repeat(700));
        assertThat(passages).hasSize(4 + 3).allMatch(passage -> passage.length() <= Passages.LENGTH);
        assertThat(passages.get(3)).isEqualTo(sentence + sentence);
    }

    @Test
    void howeverATextIsCutThePassagesAreTheSame() {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(2);
        String[] parts = {"一", "。", "”", ".", " ", "a", "?", "\n", "\uD840\uDC00", "b".repeat(40), "c".repeat(90)};
        for (int round = 0; round < 2000; round++) {
            StringBuilder all = new StringBuilder();
            for (int i = random.nextInt(30); i > 0; i--) {
                all.append(parts[random.nextInt(parts.length)]);
            }
            StringBuilder text = new StringBuilder();
            List<String> found = new ArrayList<>();
            Passages passages = new Passages(text, (from, start, end) -> found.add(text.substring(from, end)));
            for (int at = 0; at < all.length(); ) {
                int end = Math.min(all.length(), at + random.nextInt(1, 5));
                text.append(all, at, end);
                passages.scan(false);
                at = end;
            }
            passages.scan(true);
            assertThat(found).isEqualTo(Passages.of(all.toString()));
        }
    }
}
