package dev.mynah.model.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mynah.model.weights.Weight;
import dev.mynah.model.weights.WeightType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GgufFileTest {
    @TempDir
    private Path folder;

    @Test
    void readsMetadataOfEveryType() throws IOException {
        Path path = GgufBytes.header(0, 5)
                .text("u8")
                .int32(GgufType.ARRAY)
                .int32(GgufType.UINT32)
                .int64(2)
                .int32(-1)
                .int32(7)
                .text("real")
                .int32(GgufType.FLOAT64)
                .int64(Double.doubleToLongBits(0.25))
                .text("signed")
                .int32(GgufType.INT32)
                .int32(-5)
                .text("words")
                .int32(GgufType.ARRAY)
                .int32(GgufType.STRING)
                .int64(2)
                .text("鸟")
                .text("")
                .text("big")
                .int32(GgufType.UINT64)
                .int64(1L << 40)
                .write(folder);
        try (GgufFile file = GgufFile.open(path)) {
            GgufMetadata metadata = file.metadata();
            assertThat(metadata.integers("u8")).containsExactly(0xFFFF_FFFFL, 7L);
            assertThat(metadata.number("real", 0)).isEqualTo(0.25);
            assertThat(metadata.integer("signed")).isEqualTo(-5);
            assertThat(metadata.texts("words")).containsExactly("鸟", "");
            assertThat(metadata.integer("absent", 3)).isEqualTo(3);
            assertThat(file.names()).isEmpty();
            assertThatThrownBy(() -> metadata.integer("big")).hasMessageContaining("1099511627776");
            assertThatThrownBy(() -> metadata.text("real")).hasMessageContaining("real 0.25 must be a string");
            assertThatThrownBy(() -> metadata.text("absent")).hasMessageContaining("lacks absent");
        }
    }

    @Test
    void readsTensorsWithTheirRowsFirst() throws IOException {
        Path path = GgufBytes.header(2, 0)
                .tensor("a", WeightType.Q8_0.ggmlId(), 0, 32, 3)
                .tensor("b", WeightType.F32.ggmlId(), 128, 5)
                .data(148)
                .write(folder);
        try (GgufFile file = GgufFile.open(path)) {
            Weight weight = file.weight("a");
            assertThat(weight.shape()).isEqualTo(List.of(3L, 32L));
            assertThat(weight.data().byteSize()).isEqualTo(3 * 34);
            assertThat(file.weight("b").data().byteSize()).isEqualTo(20);
            assertThatThrownBy(() -> file.weight("c")).hasMessageContaining("has no tensor c");
        }
    }

    @Test
    void refusesWhatIsNoGguf() throws IOException {
        assertRefused(new byte[3], "does not begin with GGUF");
        assertRefused("{\"a\": 1}        ".getBytes(StandardCharsets.UTF_8), "does not begin with GGUF");
        assertRefused(new GgufBytes().int32(GgufHeader.MAGIC).int32(1).array(), "version 1; supported are 2 and 3");
        assertRefused(new GgufBytes().int32(GgufHeader.MAGIC).int32(3 << 24).array(), "big-endian");
        assertThatThrownBy(() -> GgufFile.open(folder)).hasMessageContaining("is a folder");
    }

    @Test
    void refusesCountsThatTheFileCannotHold() throws IOException {
        assertRefused(GgufBytes.header(-1, 0), "the number of tensors is 18446744073709551615");
        assertRefused(GgufBytes.header(0, 1L << 40), "the number of metadata values is 1099511627776");
        assertRefused(GgufBytes.header(0, 1).int64(-2), "the length of metadata key 0 is 18446744073709551614");
        assertRefused(GgufBytes.header(0, 1).int64(100), "the length of metadata key 0 is 100, but at most 8");
        assertRefused(
                GgufBytes.header(0, 1)
                        .text("list")
                        .int32(GgufType.ARRAY)
                        .int32(GgufType.STRING)
                        .int64(1 << 20),
                "the length of list is 1048576, but at most 1 is possible");
        assertRefused(GgufBytes.header(0, 1).text("k").int32(GgufType.UINT64).int32(0), "the file ends within k");
        assertRefused(GgufBytes.header(0, 1).text("k").int32(13), "k has the unknown type 13");
        assertRefused(
                GgufBytes.header(0, 1)
                        .text("k")
                        .int32(GgufType.ARRAY)
                        .int32(GgufType.ARRAY)
                        .int64(1),
                "k is an array of arrays");
    }

    @Test
    void refusesWhatStandsThereTwice() throws IOException {
        assertRefused(
                GgufBytes.header(0, 2)
                        .text("k")
                        .int32(GgufType.UINT32)
                        .int32(1)
                        .text("k")
                        .int32(GgufType.UINT32)
                        .int32(1),
                "the metadata key k stands there twice");
        assertRefused(
                GgufBytes.header(2, 0)
                        .tensor("t", 0, 0, 8)
                        .tensor("t", 0, 32, 8)
                        .data(64),
                "the tensor t stands there twice");
    }

    @Test
    void refusesTensorsThatAreNotInTheFile() throws IOException {
        assertRefused(GgufBytes.header(1, 0).tensor("t", 0, 0, 9).data(32), "has only 32 bytes of data");
        assertRefused(GgufBytes.header(1, 0).tensor("t", 0, 64, 8).data(64), "has only 64 bytes of data");
        assertRefused(GgufBytes.header(1, 0).tensor("t", 0, 0, 8), "has only 0 bytes of data");
        assertRefused(GgufBytes.header(1, 0).tensor("t", 0, Long.MIN_VALUE, 8).data(32), "offset 9223372036854775808");
        assertRefused(GgufBytes.header(1, 0).tensor("t", 0, 8, 8).data(64), "not a multiple of 32");
        assertRefused(
                GgufBytes.header(2, 0)
                        .tensor("a", 0, 0, 9)
                        .tensor("b", 0, 32, 8)
                        .data(96),
                "overlaps the tensor before");
        assertRefused(GgufBytes.header(1, 0).tensor("t", 0, 0, 1L << 62, 8).data(32), "which is too large");
        assertRefused(GgufBytes.header(1, 0).tensor("t", 0, 0, 1L << 62).data(32), "too large");
        assertRefused(
                GgufBytes.header(1, 0).tensor("t", 0, 0, -1).data(32),
                "a dimension of tensor t is 18446744073709551615");
    }

    @Test
    void refusesShapesAndTypesByName() throws IOException {
        assertRefused(GgufBytes.header(1, 0).tensor("t", 2, 0, 33).data(32), "multiple of 32 elements");
        assertRefused(GgufBytes.header(1, 0).tensor("t", 0, 0, 0).data(32), "has the shape [0]");
        assertRefused(GgufBytes.header(1, 0).tensor("t", 0, 0).data(32), "has 0 dimensions");
        assertRefused(GgufBytes.header(1, 0).tensor("t", 0, 0, 1, 1, 1, 1, 1).data(32), "has 5 dimensions");
        assertRefused(
                GgufBytes.header(1, 0).tensor("t", 20, 0, 32).data(32),
                "tensor t has the type IQ4_NL (20), which is not supported; supported are F32, F16");
        assertRefused(GgufBytes.header(1, 0).tensor("t", 77, 0, 32).data(32), "has the type 77");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 33, 1 << 30})
    void refusesAnAlignmentThatIsNone(int alignment) throws IOException {
        assertRefused(
                GgufBytes.header(0, 1)
                        .text("general.alignment")
                        .int32(GgufType.UINT32)
                        .int32(alignment),
                "general.alignment is " + alignment);
    }

    @Test
    void aPartOfAModelIsNamed() throws IOException {
        Path path = GgufBytes.header(0, 1)
                .text("split.count")
                .int32(GgufType.UINT32)
                .int32(3)
                .write(folder);
        assertThatThrownBy(() -> GgufModel.open(path)).hasMessageContaining("split.count 3 is not supported");
    }

    /** Damaged files are refused in one sentence, or read; nothing else happens. */
    @Test
    void survivesMutations() throws IOException {
        byte[] sound = Files.readAllBytes(GgufFixtures.path("llama-q4_0.gguf"));
        Random random = new Random(1);
        int refused = 0;
        for (int i = 0; i < 2000; i++) {
            byte[] bytes = sound.clone();
            int header = i % 2 == 0 ? 400 : 16_000;
            for (int j = random.nextInt(4); j >= 0; j--) {
                bytes[random.nextInt(header)] = (byte) (random.nextBoolean() ? 0xFF : random.nextInt(256));
            }
            Path path = Files.write(folder.resolve("mutated.gguf"), bytes);
            try (GgufModel model = GgufModel.open(path)) {
                assertThat(model.config().vocabSize()).isPositive();
            } catch (IllegalArgumentException e) {
                assertThat(e.getMessage()).contains("mutated.gguf").hasLineCount(1);
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(500);
    }

    private void assertRefused(GgufBytes bytes, String message) throws IOException {
        assertRefused(bytes.array(), message);
    }

    private void assertRefused(byte[] bytes, String message) throws IOException {
        Path path = Files.write(folder.resolve("bad.gguf"), bytes);
        assertThatThrownBy(() -> GgufFile.open(path))
                .isInstanceOf(GgufFormatException.class)
                .hasMessageContaining("bad.gguf")
                .hasMessageContaining(message);
    }
}
