package dev.mynah.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

class WatermarkTest {
    private static final int VOCABULARY = 500;
    private static final int LENGTH = 201;
    private static final Watermark MARK = new Watermark("secret".getBytes(StandardCharsets.UTF_8), 0.25, 2);

    private final RandomGenerator random =
            RandomGeneratorFactory.of("L64X128MixRandom").create(1);

    /** Python: {@code sum(comb(n, k) * p**k * (1-p)**(n-k) for k in range(s, n+1))} in fractions. */
    @Test
    void theTailIsTheBinomials() {
        assertThat(Watermark.atLeast(50, 100, 0.25)).isCloseTo(6.638502e-8, within(1e-13));
        assertThat(Watermark.atLeast(3, 10, 0.5)).isCloseTo(0.9453125, within(1e-12));
        assertThat(Watermark.atLeast(0, 7, 0.3)).isEqualTo(1);
        assertThat(Watermark.atLeast(7, 7, 0.5)).isCloseTo(0.0078125, within(1e-12));
    }

    @Test
    void unmarkedTextHasThePValuesThatItShould() {
        double[] values = new double[2_000];
        double sum = 0;
        for (int i = 0; i < values.length; i++) {
            // A key of its own: texts share their frequent pairs, and these are green or not for all of them by one
            // key.
            Watermark mark = new Watermark(("key " + i).getBytes(StandardCharsets.UTF_8), 0.25, 2);
            Watermark.Detection found = mark.detect(unmarked());
            values[i] = found.pValue();
            sum += found.z();
        }
        // At a level the share below it is at most that, but for chance: three standard deviations.
        for (double level : new double[] {0.5, 0.1, 0.05, 0.01}) {
            double share = Arrays.stream(values).filter(p -> p <= level).count() / (double) values.length;
            assertThat(share)
                    .as("p-values up to " + level)
                    .isLessThan(level + 3 * Math.sqrt(level * (1 - level) / values.length));
        }
        assertThat(Arrays.stream(values).average().orElseThrow()).isBetween(0.48, 0.56);
        assertThat(sum / values.length).isBetween(-0.08, 0.08);
    }

    @Test
    void twoHundredMarkedTokensAreFound() {
        int found = 0;
        for (int i = 0; i < 200; i++) {
            found += MARK.detect(generate(i)).pValue() < 1e-4 ? 1 : 0;
        }
        assertThat(found).isGreaterThanOrEqualTo(198);
    }

    @Test
    void anotherKeyFindsNothing() {
        Watermark other = new Watermark("another".getBytes(StandardCharsets.UTF_8), 0.25, 2);
        int found = 0;
        for (int i = 0; i < 200; i++) {
            found += other.detect(generate(i)).pValue() < 0.01 ? 1 : 0;
        }
        assertThat(found).isLessThan(8);
    }

    @Test
    void whatIsRepeatedCountsOnce() {
        int[] tokens = new int[1_000];
        for (int i = 0; i < tokens.length; i++) {
            tokens[i] = i % 2;
        }
        assertThat(MARK.detect(tokens).tokens()).isEqualTo(2);
        assertThat(MARK.detect(new int[0]).pValue()).isEqualTo(1);
        assertThat(MARK.detect(new int[] {5}).pValue()).isEqualTo(1);
    }

    @Test
    void impossibleMarksAreRefused() {
        assertThatThrownBy(() -> new Watermark(new byte[1], 1, 2)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Watermark(new byte[1], 0.5, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    /** A text in which few tokens are frequent and many are rare. */
    private int[] unmarked() {
        return random.doubles(LENGTH)
                .mapToInt(x -> (int) (VOCABULARY * x * x * x))
                .toArray();
    }

    /** A text whose logits are normal with a standard deviation of 2: an entropy of about 4.2 nats a token before the mark. */
    private int[] generate(long seed) {
        Sampler sampler =
                new Sampler(SamplingOptions.builder().seed(seed).watermark(MARK).build());
        sampler.observe(0);
        int[] tokens = new int[LENGTH];
        for (int i = 1; i < LENGTH; i++) {
            float[] logits = new float[VOCABULARY];
            for (int id = 0; id < VOCABULARY; id++) {
                logits[id] = (float) (2 * random.nextGaussian());
            }
            tokens[i] = sampler.sample(logits);
            sampler.accept(tokens[i]);
        }
        return tokens;
    }
}
