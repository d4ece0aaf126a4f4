package dev.mynah.engine.fused;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mynah.model.weights.RowDecoder;
import dev.mynah.model.weights.Weight;
import dev.mynah.model.weights.WeightType;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RowFormatTest {
    private final Random random = new Random(2);

    @ParameterizedTest
    @EnumSource
    void rowsAreReadAsTheReferenceReadsThem(WeightType type) {
        for (int columns : widths(type)) {
            Weight weight = RandomWeights.draw(type, List.of(3L, (long) columns), 0, 1, random);
            for (int row = 0; row < 3; row++) {
                float[] expected = new float[columns];
                RowDecoder.decode(weight, row, expected);
                long address = weight.data().address() + row * type.rowBytes(columns);

                float[] decoded = new float[columns + 2];
                RowFormat.of(type).decode(address, columns, decoded, 1);

                assertThat(Arrays.copyOfRange(decoded, 1, columns + 1)).containsExactly(expected, within(1e-6f));
                assertThat(decoded[0]).isZero();
                assertThat(decoded[columns + 1]).isZero();
                requireSameProduct(type, address, expected);
            }
        }
    }

    private void requireSameProduct(WeightType type, long address, float[] row) {
        float[] x = new float[Lanes.padded(row.length)];
        double expected = 0;
        double magnitude = 0;
        for (int i = 0; i < row.length; i++) {
            x[i] = (float) random.nextGaussian();
            expected += (double) row[i] * x[i];
            magnitude += Math.abs(row[i] * x[i]);
        }
        float product = RowFormat.of(type).dot(address, row.length, x, new float[x.length]);

        assertThat(product).isCloseTo((float) expected, within((float) (1e-6 * magnitude)));
    }

    /** One block, an odd number of them, and where there are no blocks what fills no vector. */
    private static int[] widths(WeightType type) {
        int block = type.blockElements();
        return block == 1 ? new int[] {1, 15, 16, 100, 145} : new int[] {block, 3 * block, 10 * block};
    }
}
