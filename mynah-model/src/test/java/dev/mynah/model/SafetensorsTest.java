package dev.mynah.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mynah.tensor.DType;
import dev.mynah.tensor.Device;
import dev.mynah.tensor.Scope;
import dev.mynah.tensor.Tensor;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SafetensorsTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource(DType.class)
    void everyElementTypeReadsBackBitForBit(DType dtype) throws IOException {
        Path file = folder.resolve("x.safetensors");
        try (Scope scope = Scope.open()) {
            Tensor written = Tensor.of(new float[] {0, 1, 1, 0, 1, 0}, 2, 3).to(dtype);
            SafetensorsWriter.write(file, Map.of("x", written), Map.of("format", "pt"));
            SafetensorsFile read = SafetensorsFile.open(file);
            assertThat(read.names()).containsExactly("x");
            assertThat(read.dtype("x")).isEqualTo(dtype);
            assertThat(read.shape("x")).containsExactly(2L, 3L);
            assertThat(read.metadata()).containsExactly(Map.entry("format", "pt"));
            assertThat(bytes(read.tensor("x"))).isEqualTo(bytes(written));
        }
    }

    private static byte[] bytes(Tensor tensor) {
        return tensor.segment().toArray(ValueLayout.JAVA_BYTE);
    }

    @Test
    void scalarsEmptyTensorsViewsAndUnalignedLengthsReadBack() throws IOException {
        Path file = folder.resolve("x.safetensors");
        try (Scope scope = Scope.open()) {
            SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
            tensors.put("bytes", Tensor.full(7, DType.U8, Device.CPU, 3));
            tensors.put("empty", Tensor.zeros(DType.F32, Device.CPU, 0, 5));
            tensors.put("scalar", Tensor.of(new float[] {2.5f}, 1).reshape());
            tensors.put(
                    "transposed",
                    Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3).transpose(0, 1));
            tensors.put("数", Tensor.of(new long[] {-1, Long.MAX_VALUE}, 2));
            SafetensorsWriter.write(file, tensors, Map.of());

            SafetensorsFile read = SafetensorsFile.open(file);
            assertThat(read.names()).containsExactlyInAnyOrderElementsOf(tensors.keySet());
            assertThat(read.shape("empty")).containsExactly(0L, 5L);
            assertThat(read.shape("scalar")).isEmpty();
            assertThat(read.tensor("scalar").item()).isEqualTo(2.5);
            assertThat(read.tensor("transposed").toFloats()).containsExactly(1, 4, 2, 5, 3, 6);
            assertThat(read.tensor("数").toLongs()).containsExactly(-1, Long.MAX_VALUE);
            assertThat(read.tensor("bytes").toLongs()).containsExactly(7, 7, 7);
            for (String name : read.names()) {
                assertThat(read.memory(name).address() % read.dtype(name).bytes())
                        .isZero();
            }
            assertThat(read.metadata()).isEmpty();
        }
    }

    @Test
    void aTensorThatLiesUnalignedIsReadAllTheSame() throws IOException {
        Path file = write("{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}} ", floatBytes(1.5f));
        assertThat((Files.size(file) - 4) % 4).isNotZero();
        try (Scope scope = Scope.open()) {
            assertThat(SafetensorsFile.open(file).tensor("x").toFloats()).containsExactly(1.5f);
        }
    }

    @Test
    void aFolderIsNoSafetensorsFile() {
        assertThatThrownBy(() -> SafetensorsFile.open(folder))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(folder + " is a folder, not a safetensors file");
    }

    @Test
    void asksForATensorThatIsNotThere() throws IOException {
        SafetensorsFile file = SafetensorsFile.open(write("{}", new byte[0]));
        assertThatThrownBy(() -> file.tensor("x")).hasMessage(file.path() + " has no tensor x");
    }

    /** Each header stands before 8 bytes of data. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {"x":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}                         | tensor x lies at bytes 0 to 16, but the file has only 8 bytes of data
        {"x":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}                          | tensor x of F32[2] needs 8 bytes, but lies at bytes 0 to 4
        {"x":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}                          | tensor x of F32[2] needs 8 bytes, but lies at bytes 8 to 0
        {"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}                          | the tensors cover 4 bytes, but the file has 8 bytes of data
        {"x":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}                          | tensor x lies at bytes 4 to 8, which leaves a hole after byte 0
        {"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"y":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}} | tensor y lies at bytes 4 to 8, which overlaps the tensor before it, up to 8
        {"x":{"dtype":"F8_E4M3","shape":[8],"data_offsets":[0,8]}}                      | tensor x has the dtype F8_E4M3, which is not supported; supported are [F32,
        {"x":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]}}      | tensor x has the shape [4611686018427387904, 4], which is too large
        {"x":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,8]}}       | the header is not valid JSON: line 1, column 50: Numeric value (99999999999999999999) out of range of long
        {"x":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}                         | tensor x: shape has the negative number -2
        {"x":{"dtype":"F32","shape":[2.0],"data_offsets":[0,8]}}                        | tensor x: shape must be an integer
        {"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8,9]}}                        | tensor x needs dtype, shape and two data_offsets
        {"x":{"dtype":"F32","shape":[2]}}                                               | tensor x needs dtype, shape and two data_offsets
        {"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"z":1}}                    | tensor x has an unknown field z
        {"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}} | the header is not valid JSON: line 1, column 58: Duplicate Object property "x"
        {"x":[]}                                                                        | tensor x must be an object, found an array
        []                                                                              | the header must be an object, found an array
        {"x":                                                                           | the header is not valid JSON: line 1, column 6: Unexpected end-of-input
        {"__metadata__":{"a":1}}                                                        | __metadata__: a must be a string, found an integer
        """)
    void damagedHeadersAreRefusedInOneSentence(String json, String message) throws IOException {
        Path file = write(json, new byte[8]);
        assertThatThrownBy(() -> SafetensorsFile.open(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(file + ": " + message);
    }

    @Test
    void lengthsThatCannotBeAreRefused() throws IOException {
        Path file = folder.resolve("x.safetensors");
        Files.write(file, new byte[5]);
        assertThatThrownBy(() -> SafetensorsFile.open(file))
                .hasMessage(file + ": a safetensors file begins with the header's length in 8 bytes, this one has 5");
        Files.write(file, new byte[0]);
        assertThatThrownBy(() -> SafetensorsFile.open(file)).hasMessageEndingWith("this one has 0");
        for (long length : new long[] {3, 1L << 40, -1, Long.MIN_VALUE}) {
            ByteBuffer bytes =
                    ByteBuffer.allocate(10).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
            Files.write(file, bytes.array());
            assertThatThrownBy(() -> SafetensorsFile.open(file))
                    .hasMessage(file + ": the header claims " + Long.toUnsignedString(length)
                            + " bytes, but at most 2 are possible in a file of 10 bytes");
        }
    }

    @Test
    void aHeaderAboveTheSpecificationsLimitIsRefusedUnread() throws IOException {
        Path file = folder.resolve("x.safetensors");
        try (var sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.write(ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(100_000_001)
                    .array());
            sparse.setLength(200_000_000);
        }
        assertThatThrownBy(() -> SafetensorsFile.open(file)).hasMessageContaining("at most 100000000 are possible");
    }

    /** Whatever is done to a good file, it opens or is refused in a sentence. */
    @Test
    void mutatedFilesNeverDoAnythingElse() throws IOException {
        byte[] good = Files.readAllBytes(Fixture.folder("llama").resolve("reference.safetensors"));
        int headerEnd =
                8 + (int) ByteBuffer.wrap(good).order(ByteOrder.LITTLE_ENDIAN).getLong();
        Random random = new Random(20);
        Path file = folder.resolve("mutated.safetensors");
        int refused = 0;
        for (int i = 0; i < 1500; i++) {
            Files.write(file, mutate(good, headerEnd, random));
            try (Scope scope = Scope.open()) {
                SafetensorsFile opened = SafetensorsFile.open(file);
                opened.names().forEach(opened::tensor);
            } catch (IllegalArgumentException e) {
                assertThat(e.getMessage()).startsWith(file + ": ").hasSizeLessThan(2000);
                refused++;
            }
        }
        assertThat(refused).isBetween(750, 1499);
    }

    private static byte[] mutate(byte[] good, int headerEnd, Random random) {
        byte[] bytes = good.clone();
        switch (random.nextInt(4)) {
            case 0 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length * 2));
            case 1 -> bytes[random.nextInt(8)] = (byte) random.nextInt();
            case 2 -> bytes[8 + random.nextInt(headerEnd - 8)] = (byte) random.nextInt();
            default -> mutateDigits(bytes, headerEnd, random);
        }
        return bytes;
    }

    private static void mutateDigits(byte[] bytes, int headerEnd, Random random) {
        for (int changes = 0; changes < 3; ) {
            int at = 8 + random.nextInt(headerEnd - 8);
            if (Character.isDigit(bytes[at])) {
                bytes[at] = (byte) ('0' + random.nextInt(10));
                changes++;
            }
        }
    }

    private Path write(String json, byte[] data) throws IOException {
        byte[] header = json.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(8 + header.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(header.length).put(header).put(data);
        Path file = folder.resolve("written.safetensors");
        Files.write(file, bytes.array());
        return file;
    }

    private static byte[] floatBytes(float value) {
        return ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(value)
                .array();
    }
}
