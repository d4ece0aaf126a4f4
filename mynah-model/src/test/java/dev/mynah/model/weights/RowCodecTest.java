package dev.mynah.model.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mynah.model.gguf.GgufFile;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rows against what the gguf package made of them. */
class RowCodecTest {
    private static GgufFile file;

    @BeforeAll
    static void open() throws IOException, URISyntaxException {
        file = GgufFile.open(Path.of(Objects.requireNonNull(RowCodecTest.class.getResource("/gguf/types.gguf"))
                .toURI()));
    }

    @AfterAll
    static void close() {
        file.close();
    }

    @ParameterizedTest
    @EnumSource(WeightType.class)
    void decodesToTheBit(WeightType type) {
        Weight weight = file.weight(type.name());
        Weight expected = file.weight(type + ".decoded");
        assertThat(weight.rows()).isEqualTo(3);
        float[] decoded = new float[weight.columns()];
        float[] reference = new float[weight.columns()];
        for (int row = 0; row < weight.rows(); row++) {
            RowDecoder.decode(weight, row, decoded);
            RowDecoder.decode(expected, row, reference);
            assertThat(plusZero(decoded)).isEqualTo(plusZero(reference));
        }
    }

    /** The same numbers with zeros that have no sign. */
    private static float[] plusZero(float[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] += 0f;
        }
        return values;
    }

    @ParameterizedTest
    @EnumSource(
            value = WeightType.class,
            names = {"F16", "BF16", "Q8_0", "Q4_0"})
    void encodesToTheBit(WeightType type) {
        Weight source = file.weight(type + ".source");
        Weight expected = file.weight(type.name());
        ByteBuffer encoded =
                ByteBuffer.allocate((int) expected.data().byteSize()).order(ByteOrder.LITTLE_ENDIAN);
        float[] row = new float[source.columns()];
        for (int i = 0; i < source.rows(); i++) {
            RowDecoder.decode(source, i, row);
            RowEncoder.encode(type, row, row.length, encoded);
        }
        assertThat(encoded.array()).isEqualTo(expected.data().toArray(ValueLayout.JAVA_BYTE));
    }

    @Test
    void refusesToWriteOtherTypes() {
        ByteBuffer into = ByteBuffer.allocate(1000).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(RowEncoder.supports(WeightType.Q6_K)).isFalse();
        assertThatThrownBy(() -> RowEncoder.encode(WeightType.Q6_K, new float[256], 256, into))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Q6_K")
                .hasMessageContaining("F32, F16, BF16, Q8_0, Q4_0");
    }

    @Test
    void anInfiniteNumberOrNoneStaysInBf16() {
        ByteBuffer into = ByteBuffer.allocate(6).order(ByteOrder.LITTLE_ENDIAN);
        float[] row = {Float.NaN, Float.NEGATIVE_INFINITY, Float.intBitsToFloat(0x7F80_0001)};
        RowEncoder.encode(WeightType.BF16, row, 3, into);
        Weight weight = new Weight(WeightType.BF16, List.of(3L), MemorySegment.ofArray(into.array()));
        float[] decoded = new float[3];
        RowDecoder.decode(weight, 0, decoded);
        assertThat(decoded).containsExactly(Float.NaN, Float.NEGATIVE_INFINITY, Float.NaN);
    }
}
