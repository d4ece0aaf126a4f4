package dev.mynah.engine.fused;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FunctionsTest {

    /** 1,003 are no whole vectors, so the last are computed one by one. */
    private static float[] values() {
        SplittableRandom random = new SplittableRandom(1);
        float[] values = new float[1003];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextDouble(-60, 20);
        }
        values[7] = 20;
        values[8] = Float.NEGATIVE_INFINITY;
        values[1002] = Float.NEGATIVE_INFINITY;
        return values;
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.3, 0.8, 1, 2, 1e30})
    void exponentialsAreThoseOfTheLibrary(double temperature) {
        float[] values = values();
        float[] exponentials = values.clone();
        Functions.exponentials(exponentials, 20, temperature, Float.NEGATIVE_INFINITY);
        for (int i = 0; i < values.length; i++) {
            double expected = Math.exp((values[i] - 20) / temperature);
            double error = expected * 2e-5 + 2e-38;
            assertThat((double) exponentials[i]).isCloseTo(expected, within(error));
        }
        assertThat(exponentials[7]).isEqualTo(1);
        assertThat(exponentials[8]).isZero();
        assertThat(exponentials[1002]).isZero();
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-6, 1e-300})
    void atTinyTemperaturesTheGreatestAloneIsLeft(double temperature) {
        float[] exponentials = values();
        Functions.exponentials(exponentials, 20, temperature, Float.NEGATIVE_INFINITY);
        assertThat(exponentials[7]).isEqualTo(1);
        exponentials[7] = 0;
        assertThat(exponentials).containsOnly(0);
    }

    @ParameterizedTest
    @ValueSource(floats = {-50, 0, 19})
    void whatIsLessThanTheLeastIsZero(float least) {
        float[] values = values();
        float[] exponentials = values.clone();
        Functions.exponentials(exponentials, 20, 1, least);
        for (int i = 0; i < values.length; i++) {
            assertThat(exponentials[i] > 0).isEqualTo(values[i] >= least);
        }
    }
}
