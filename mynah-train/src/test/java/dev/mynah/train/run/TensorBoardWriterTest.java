package dev.mynah.train.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TensorBoardWriterTest {
    private static final Clock CLOCK = Clock.fixed(Instant.ofEpochSecond(1_700_000_000L, 250_000_000), ZoneOffset.UTC);

    @TempDir
    Path folder;

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    /** The fixture was written by TensorBoard's own classes: see make_events.py beside it. */
    @Test
    void theBytesAreThoseOfTensorBoardsOwnWriter() throws IOException {
        try (TensorBoardWriter writer = TensorBoardWriter.open(folder, 3, CLOCK)) {
            writer.scalar(3, "train/loss", 2.5);
            writer.scalar(300, "train/loss", 0.1);
            writer.text(300, "sample", "春眠 *x*");
        }
        try (InputStream fixture = Objects.requireNonNull(getClass().getResourceAsStream("events.tfevents"))) {
            assertThat(Files.readAllBytes(files().getFirst())).isEqualTo(fixture.readAllBytes());
        }
    }

    @Test
    void aRunThatIsGoneOnWithGetsAFurtherFileThatSortsLater() throws IOException {
        TensorBoardWriter.open(folder, 1, CLOCK).close();
        Path first = files().getFirst();
        byte[] before = Files.readAllBytes(first);
        try (TensorBoardWriter writer = TensorBoardWriter.open(folder, 7, CLOCK)) {
            writer.scalar(7, "train/loss", 1);
        }
        assertThat(files()).hasSize(2).first().isEqualTo(first);
        assertThat(Files.readAllBytes(first)).isEqualTo(before);
    }
}
