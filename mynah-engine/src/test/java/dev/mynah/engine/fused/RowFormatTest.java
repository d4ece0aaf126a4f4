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
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void productsAreAddedRowByRow(WeightType type) {
        for (int columns : widths(type)) {
            Weight weight = RandomWeights.draw(type, List.of(3L, (long) columns), 0, 1, random);
            float[] x = new float[Lanes.padded(columns)];
            for (int i = 0; i < columns; i++) {
                x[i] = (float) random.nextGaussian();
            }
            float[] out = {0, 1, 2, 3, 0};

            RowFormat.of(type)
                    .addProducts(
                            weight.data().address(),
                            type.rowBytes(columns),
                            3,
                            columns,
                            x,
                            out,
                            1,
                            new float[x.length]);

            assertThat(out[0]).isZero();
            assertThat(out[4]).isZero();
            for (int row = 0; row < 3; row++) {
                float[] decoded = new float[columns];
                RowDecoder.decode(weight, row, decoded);
                double expected = row + 1;
                double magnitude = expected;
                for (int i = 0; i < columns; i++) {
                    expected += (double) decoded[i] * x[i];
                    magnitude += Math.abs(decoded[i] * x[i]);
                }
                assertThat(out[row + 1]).isCloseTo((float) expected, within((float) (1e-6 * magnitude)));
            }
        }
    }

    /** One block, an odd number of them, and where there are no blocks what fills no vector. */
    private static int[] widths(WeightType type) {
        int block = type.blockElements();
        return block == 1 ? new int[] {1, 15, 16, 100, 145} : new int[] {block, 3 * block, 10 * block};
    }
}
