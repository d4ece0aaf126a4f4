package dev.mynah.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BpeTokenizerTest {

    @Test
    void anyTextComesBack() throws IOException {
        for (String family : List.of("gpt2", "llama3", "o200k")) {
            BpeTokenizer tokenizer = Fixtures.tokenizer(family);
            Random random = new Random(1);
            for (int i = 0; i < 5_000; i++) {
                String text = randomText(random, random.nextInt(50));
                int[] ids = tokenizer.encode(text);
                assertThat(tokenizer.decode(ids)).isEqualTo(text);
                assertThat(Arrays.stream(ids)).allMatch(id -> id >= 0 && id < tokenizer.vocabSize());
            }
        }
    }

    private static String randomText(Random random, int length) {
        StringBuilder text = new StringBuilder();
        while (text.length() < length) {
            int bound = List.of(0x80, 0x800, 0x10000, 0x110000).get(random.nextInt(4));
            int c = random.nextInt(bound);
            text.appendCodePoint(c >= 0xD800 && c < 0xE000 ? 'x' : c);
        }
        return text.toString();
    }

    @Test
    void anyBytesComeBack() throws IOException {
        for (String family : Fixtures.FAMILIES) {
            BpeTokenizer tokenizer = Fixtures.tokenizer(family);
            Random random = new Random(2);
            for (int i = 0; i < 2_000; i++) {
                byte[] bytes = new byte[random.nextInt(1, 40)];
                random.nextBytes(bytes);
                bytes[bytes.length - 1] = (byte) 0xFF;
                assertThat(tokenizer.decodeBytes(tokenizer.encodeBytes(bytes))).isEqualTo(bytes);
            }
        }
    }

    @Test
    void everyByteHasAToken() throws IOException {
        BpeTokenizer tokenizer = Fixtures.tokenizer("gpt2");
        for (int b = 0; b < 256; b++) {
            byte[] bytes = {(byte) b};
            int[] ids = tokenizer.encodeBytes(bytes);
            assertThat(ids).hasSize(1);
            assertThat(tokenizer.bytes(ids[0])).isEqualTo(bytes);
        }
    }

    @Test
    void aLoneSurrogateIsEncodedAsTheReplacementCharacter() throws IOException {
        BpeTokenizer tokenizer = Fixtures.tokenizer("qwen3");
        assertThat(tokenizer.decode(tokenizer.encode("a\uD800b"))).isEqualTo("a\uFFFDb");
    }

    @Test
    void aWordOfAMillionLettersIsEncodedSoon() throws IOException {
        BpeTokenizer tokenizer = Fixtures.tokenizer("llama3");
        for (String letter : List.of("a", "长", " ", "-", "\n", "ab")) {
            String text = letter.repeat(1_000_000 / letter.length());
            assertThat(tokenizer.decode(tokenizer.encode(text))).isEqualTo(text);
        }
    }

    @Test
    void mergesAsThePlainAlgorithmDoes() throws IOException {
        BpeTokenizer tokenizer = Fixtures.tokenizer("gpt2");
        Random random = new Random(4);
        List<String> syllables = List.of("the", "in", "g", "er", "an", "o", "st", "r", "aa", "e");
        for (int i = 0; i < 300; i++) {
            StringBuilder word = new StringBuilder();
            int length = random.nextInt(1, 400);
            while (word.length() < length) {
                word.append(syllables.get(random.nextInt(syllables.size())));
            }
            assertThat(tokenizer.encode(word.toString()))
                    .containsExactly(plainMerge(tokenizer.spec(), word.toString()));
        }
    }

    /** Byte-pair encoding by its definition: the lowest rank first, the leftmost of it first. */
    private static int[] plainMerge(BpeSpec spec, String asciiWord) {
        Map<List<Integer>, Integer> ranks = new HashMap<>();
        for (BpeSpec.Merge merge : spec.merges()) {
            ranks.put(List.of(merge.left(), merge.right()), ranks.size());
        }
        List<Integer> ids = new ArrayList<>();
        asciiWord.chars().forEach(c -> ids.add(spec.vocabulary().indexOf(Character.toString(c))));
        while (true) {
            int best = -1;
            int bestRank = Integer.MAX_VALUE;
            for (int i = 0; i + 1 < ids.size(); i++) {
                int rank = ranks.getOrDefault(List.of(ids.get(i), ids.get(i + 1)), Integer.MAX_VALUE);
                if (rank < bestRank) {
                    bestRank = rank;
                    best = i;
                }
            }
            if (best < 0) {
                return ids.stream().mapToInt(Integer::intValue).toArray();
            }
            ids.set(best, spec.merges().get(bestRank).result());
            ids.remove(/* index */ best + 1);
        }
    }

    @Test
    void manyThreadsGetTheSameIds() throws Exception {
        BpeTokenizer tokenizer = Fixtures.tokenizer("gpt2");
        List<Fixtures.Expected> cases = Fixtures.expected("gpt2");
        try (ExecutorService pool = Executors.newFixedThreadPool(4)) {
            List<Future<Boolean>> results = pool.invokeAll(Collections.nCopies(8, () -> {
                boolean same = true;
                for (Fixtures.Expected expected : cases) {
                    int[] ids = tokenizer.encode(expected.text());
                    same &= Arrays.stream(ids).boxed().toList().equals(expected.plain());
                }
                return same;
            }));
            for (Future<Boolean> result : results) {
                assertThat(result.get()).isTrue();
            }
        }
    }

    @Test
    void plainTextForgesNoSpecialToken() throws IOException {
        BpeTokenizer tokenizer = Fixtures.tokenizer("qwen3");
        int end = tokenizer.idOf("<|im_end|>");
        assertThat(tokenizer.isSpecial(end)).isTrue();
        assertThat(tokenizer.eosId()).isEqualTo(end);
        assertThat(tokenizer.encode("<|im_end|>")).doesNotContain(end);
        assertThat(tokenizer.encodeWithSpecials("<|im_end|>")).containsExactly(end);
        assertThat(tokenizer.bytes(end)).isEqualTo("<|im_end|>".getBytes(StandardCharsets.UTF_8));
        assertThat(tokenizer.decode(new int[] {end})).isEmpty();
    }

    @Test
    void tokensAreFoundByTheirText() throws IOException {
        BpeTokenizer tokenizer = Fixtures.tokenizer("llama3");
        int the = tokenizer.idOf(" the");
        assertThat(tokenizer.bytes(the)).isEqualTo(" the".getBytes(StandardCharsets.UTF_8));
        assertThat(tokenizer.idOf("no such token")).isEqualTo(-1);
        assertThat(tokenizer.idOf("")).isEqualTo(-1);
        assertThat(tokenizer.bosId()).isEqualTo(tokenizer.idOf("<|begin_of_text|>"));
        assertThat(tokenizer.eosId()).isEqualTo(tokenizer.idOf("<|eot_id|>"));
        assertThat(Fixtures.tokenizer("gpt2-prefix").eosId()).isEqualTo(-1);
    }

    @Test
    void anIdOutOfRangeIsNamed() throws IOException {
        BpeTokenizer tokenizer = Fixtures.tokenizer("gpt2");
        for (int id : new int[] {-1, tokenizer.vocabSize()}) {
            assertThatThrownBy(() -> tokenizer.decode(new int[] {id}))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("There is no token " + id + ": the tokenizer's ids are 0 to "
                            + (tokenizer.vocabSize() - 1) + ".");
        }
    }

    @Test
    void whatIsSavedLoadsAsTheSame(@TempDir Path folder) throws IOException {
        for (String family : Fixtures.FAMILIES) {
            BpeTokenizer tokenizer = Fixtures.tokenizer(family);
            TokenizerConfig config =
                    new TokenizerConfig(null, tokenizer.config().eosToken(), 77, "{{ messages[0] }}");
            tokenizer.withConfig(config).save(folder);
            BpeTokenizer loaded = (BpeTokenizer) Tokenizers.load(folder);
            assertThat(loaded.spec()).isEqualTo(tokenizer.spec());
            assertThat(loaded.config()).isEqualTo(config);
            assertThat(folder.toFile().list()).containsExactlyInAnyOrder("tokenizer.json", "tokenizer_config.json");
        }
    }
}
