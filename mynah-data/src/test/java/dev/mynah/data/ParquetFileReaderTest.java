package dev.mynah.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against files that pyarrow wrote; see make_fixtures.py beside them. */
class ParquetFileReaderTest {

    @TempDir
    private Path folder;

    private final SkipLog skips = new SkipLog(false);

    private Path fixture(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream("/parquet/" + name + ".parquet"))) {
            return Files.write(folder.resolve(name + ".parquet"), in.readAllBytes());
        }
    }

    /** What make_fixtures.py writes. */
    private static List<Document> expected(Path file) {
        List<Document> documents = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            if (i % 97 != 5) {
                documents.add(new Document("text " + i % 50 + " 雪\n" + "x".repeat(i % 50), file, i + 1));
            }
        }
        return documents;
    }

    @ParameterizedTest
    @ValueSource(strings = {"snappy-dictionary", "zstd-plain", "gzip-v2", "lz4-delta-v2", "none-small-pages"})
    void readsWhatPyarrowWrites(String name) throws IOException {
        Path file = fixture(name);
        assertThat(TestFiles.all(new ParquetFileReader(file, "text", skips))).isEqualTo(expected(file));
        assertThat(skips.report().count()).isEqualTo(5);
        assertThat(skips.report().first().getFirst()).hasToString(file + ":6: column 'text' is null in this row");
    }

    @Test
    void namesAnUnsupportedCodec() throws IOException {
        assertThat(TestFiles.all(new ParquetFileReader(fixture("brotli"), "text", skips)))
                .isEmpty();
        assertThat(skips.report().first().getFirst().reason())
                .contains("compressed with BROTLI; supported are uncompressed, snappy, gzip, zstd and lz4_raw");
    }

    @ParameterizedTest
    @ValueSource(strings = {"body", "id", "nested", "a"})
    void namesTheColumnsWhereTheTextIsMissing(String column) throws IOException {
        assertThat(TestFiles.all(new ParquetFileReader(fixture("zstd-plain"), column, skips)))
                .isEmpty();
        assertThat(skips.report().first().getFirst().reason())
                .containsAnyOf(
                        "no column '" + column + "'; the columns are: nested, text, id",
                        "column '" + column + "' is not a column of strings");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 11, 12, 2000, 6919})
    void aFileThatIsCutShortIsReported(int length) throws IOException {
        Path file = fixture("zstd-plain");
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), length));
        assertThat(TestFiles.all(new ParquetFileReader(file, "text", skips))).isEmpty();
        assertThat(skips.report().count()).isEqualTo(1);
        assertThat(skips.report().first().getFirst().reason()).startsWith("the Parquet file breaks here (");
    }

    @ParameterizedTest
    @ValueSource(strings = {"snappy-dictionary", "zstd-plain", "gzip-v2", "lz4-delta-v2"})
    void damagedBytesNeverEscapeAsAnythingButAReport(String name) throws IOException {
        Path file = fixture(name);
        byte[] whole = Files.readAllBytes(file);
        SplittableRandom random = new SplittableRandom(3);
        for (int trial = 0; trial < 300; trial++) {
            byte[] damaged = whole.clone();
            for (int i = 0; i < 3; i++) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            Files.write(file, damaged);
            SkipLog log = new SkipLog(false);
            List<Document> read = TestFiles.all(new ParquetFileReader(file, "text", log));
            assertThat(read).hasSizeLessThan(100_000);
            // What is not read is reported: rows are there, or a reason is.
            assertThat(read.size() >= 395 || log.report().count() > 0).isTrue();
        }
    }
}
