package dev.mynah.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** MinHash and its index against the Jaccard similarity itself, computed from the sets of shingles. */
class NearDuplicatesTest {

    private static final String HAN = "春江潮水连海平海上明月共潮生滟滟随波千万里何处春江无月明江流宛转绕芳甸月照花林皆似霰空里流霜不觉飞汀上白沙看不见";

    private final SplittableRandom random = new SplittableRandom(11);

    private static double jaccard(String a, String b) {
        Set<String> left = shingles(a);
        Set<String> right = shingles(b);
        Set<String> both = new HashSet<>(left);
        both.retainAll(right);
        return (double) both.size() / (left.size() + right.size() - both.size());
    }

    private static Set<String> shingles(String text) {
        int[] points = TextHash.fold(text).codePoints().toArray();
        Set<String> shingles = new HashSet<>();
        for (int i = 0; i == 0 || i + MinHash.SHINGLE <= points.length; i++) {
            shingles.add(new String(points, i, Math.min(MinHash.SHINGLE, points.length - i)));
        }
        return shingles;
    }

    private static MinHash hash(String text) {
        return new MinHash(TextHash.fold(text));
    }

    private String text(boolean chinese) {
        StringBuilder text = new StringBuilder();
        int length = 100 + random.nextInt(900);
        while (text.length() < length) {
            if (chinese) {
                text.append(HAN.charAt(random.nextInt(HAN.length())));
            } else {
                text.append(Long.toString(random.nextLong(1 << 20), 36)).append(' ');
            }
        }
        return text.toString();
    }

    /** Replaces, inserts or deletes the given share of characters. */
    private String edited(String text, double share) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            boolean edit = random.nextDouble() < share;
            int kind = edit ? random.nextInt(3) : 3;
            out.append(kind == 0 ? "z" : kind == 1 ? "" : kind == 2 ? text.charAt(i) + "q" : text.charAt(i) + "");
        }
        return out.toString();
    }

    @Test
    void theEstimateIsCloseToTheSimilarity() {
        double squares = 0;
        double sum = 0;
        int pairs = 600;
        double expected = 0;
        for (int i = 0; i < pairs; i++) {
            String base = text(i % 2 == 0);
            String other = edited(base, random.nextDouble(0.1));
            double similarity = jaccard(base, other);
            double error = hash(base).similarity(hash(other)) - similarity;
            squares += error * error;
            sum += error;
            expected += similarity * (1 - similarity) / MinHash.SIZE;
        }
        // Unbiased to four standard errors, and with the variance that the theory gives, 15% aside.
        assertThat(Math.abs(sum / pairs)).isLessThan(4 * Math.sqrt(expected) / pairs);
        assertThat(squares / expected).isBetween(0.75, 1.25);
    }

    @Test
    void pairsAreFoundAsTheirSimilaritySays() {
        int truePairs = 0;
        int found = 0;
        int foundTrue = 0;
        for (int i = 0; i < 2000; i++) {
            String base = text(i % 2 == 0);
            String other = edited(base, random.nextDouble(0.08));
            double similarity = jaccard(base, other);
            NearDuplicates index = new NearDuplicates(0.8);
            assertThat(index.add(hash(base))).isTrue();
            boolean duplicate = !index.add(hash(other));
            if (similarity >= 0.92) {
                assertThat(duplicate).as("found at %s", similarity).isTrue();
            }
            if (similarity <= 0.65) {
                assertThat(duplicate).as("found at %s", similarity).isFalse();
            }
            truePairs += similarity >= 0.8 ? 1 : 0;
            found += duplicate ? 1 : 0;
            foundTrue += duplicate && similarity >= 0.8 ? 1 : 0;
        }
        assertThat(truePairs).isBetween(300, 1500);
        assertThat((double) foundTrue / truePairs).as("recall").isGreaterThan(0.9);
        assertThat((double) foundTrue / found).as("precision").isGreaterThan(0.9);
    }

    /** The index keeps a document exactly when a search through all that were kept before finds none near to it. */
    @Test
    void theIndexAgreesWithASearchThroughAll() {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 1500; i++) {
            boolean copy = i > 10 && random.nextInt(3) == 0;
            texts.add(copy ? edited(texts.get(random.nextInt(i)), random.nextDouble(0.06)) : text(i % 2 == 0));
        }
        NearDuplicates index = new NearDuplicates(0.8);
        List<MinHash> kept = new ArrayList<>();
        int missed = 0;
        int duplicates = 0;
        for (String text : texts) {
            MinHash hash = hash(text);
            boolean near = kept.stream().anyMatch(other -> other.similarity(hash) >= 0.8);
            boolean added = index.add(hash);
            assertThat(added || near).as("what is not near is kept").isTrue();
            missed += added && near ? 1 : 0;
            duplicates += near ? 1 : 0;
            if (added) {
                kept.add(hash);
            }
        }
        assertThat(duplicates).isGreaterThan(150);
        assertThat(missed).isLessThanOrEqualTo(duplicates / 50);
    }

    @Test
    void manyDocumentsInOneBucketTakeBoundedTime() {
        NearDuplicates index = new NearDuplicates(1);
        String boilerplate = text(false);
        int kept = 0;
        for (int i = 0; i < 20_000; i++) {
            kept += index.add(hash(boilerplate + i)) ? 1 : 0;
        }
        assertThat(kept).isGreaterThan(1000);
    }

    @Test
    void shortAndEmptyTextsAreOneShingle() {
        assertThat(hash("雪").similarity(hash("雪"))).isEqualTo(1);
        assertThat(hash("雪").similarity(hash("月"))).isLessThan(0.1);
        assertThat(hash("").similarity(hash(""))).isEqualTo(1);
        assertThat(NearDuplicates.rows(0.8)).isEqualTo(6);
    }

    @Test
    void exactHashesAreASet() {
        HashSet128 set = new HashSet128();
        for (int i = 0; i < 100_000; i++) {
            assertThat(set.add(TextHash.of("text " + i))).isTrue();
        }
        for (int i = 0; i < 100_000; i += 100) {
            assertThat(set.add(TextHash.of("text " + i))).isFalse();
        }
        assertThat(set.add(new TextHash(0, 0))).isTrue();
        assertThat(set.add(new TextHash(0, 0))).isFalse();
    }
}
