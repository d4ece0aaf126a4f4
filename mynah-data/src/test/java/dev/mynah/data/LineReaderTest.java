package dev.mynah.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LineReaderTest {

    @TempDir
    private Path folder;

    private final SkipLog skips = new SkipLog(false);

    private List<String> lines(Path file, int maxBytes) throws IOException {
        List<String> lines = new ArrayList<>();
        try (LineReader reader = new LineReader(file, skips, maxBytes)) {
            for (String line; (line = reader.next()) != null; ) {
                lines.add(reader.lineNumber() + " " + line);
            }
        }
        return lines;
    }

    @Test
    void lineEndsAndByteOrderMarkAreNoPartOfALine() throws IOException {
        Path file = TestFiles.write(folder, "a.txt", "\uFEFFone\r\ntwo\n\n雪 \uFFFD\nlast");
        assertThat(lines(file, 100)).containsExactly("1 one", "2 two", "3 ", "4 雪 \uFFFD", "5 last");
        assertThat(lines(TestFiles.write(folder, "b.txt", "one\n"), 100)).containsExactly("1 one");
        assertThat(lines(TestFiles.write(folder, "c.txt", ""), 100)).isEmpty();
        assertThat(skips.report().count()).isZero();
    }

    @Test
    void malformedUtf8IsReportedWithItsPlace() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes("fine\n".getBytes(StandardCharsets.UTF_8));
        bytes.writeBytes(new byte[] {'a', 'b', (byte) 0xFF, '\n'});
        bytes.writeBytes(new byte[] {(byte) 0xE9, (byte) 0x9B, '\n'});
        bytes.writeBytes("fine too".getBytes(StandardCharsets.UTF_8));
        Path file = TestFiles.write(folder, "a.txt", bytes.toByteArray());
        assertThat(lines(file, 100)).containsExactly("1 fine", "4 fine too");
        assertThat(skips.report().first())
                .containsExactly(
                        new Skipped.Item(file.toString(), 2, "not UTF-8: byte 0xff at offset 7 of the file"),
                        new Skipped.Item(file.toString(), 3, "not UTF-8: byte 0xe9 at offset 9 of the file"));
    }

    @Test
    void utf16IsRefusedByName() throws IOException {
        Path file = TestFiles.write(folder, "a.txt", "\uFEFFone\ntwo".getBytes(StandardCharsets.UTF_16LE));
        assertThatThrownBy(() -> lines(file, 100)).hasMessage(file + " is UTF-16; convert it to UTF-8");
    }

    @Test
    void aLineOfAnyLengthTakesBoundedMemory() throws IOException {
        Path file =
                TestFiles.write(folder, "a.txt", "short\n" + "x".repeat(3_000_000) + "\n" + "y".repeat(50) + "\nend");
        assertThat(lines(file, 50)).containsExactly("1 short", "3 " + "y".repeat(50), "4 end");
        assertThat(skips.report().first().getFirst().reason())
                .isEqualTo("longer than 50 bytes, the most that a line may have");
    }

    @Test
    void aBrokenGzipStreamGivesTheLinesBeforeTheBreak() throws IOException {
        StringBuilder text = new StringBuilder();
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 1; i <= 20_000; i++) {
            text.append("line ").append(random.nextLong()).append('\n');
        }
        byte[] whole = TestFiles.gzip(text.toString());
        List<String> all = lines(TestFiles.write(folder, "whole.txt.gz", whole), 100);
        assertThat(all).hasSize(20_000);

        Path cut = TestFiles.write(folder, "cut.txt.gz", Arrays.copyOf(whole, whole.length / 2));
        List<String> read = lines(cut, 100);
        assertThat(read).hasSizeBetween(9_000, 11_000).isEqualTo(all.subList(0, read.size()));
        assertThat(skips.report().count()).isEqualTo(1);
        Skipped.Item item = skips.report().first().getFirst();
        assertThat(item.record()).isEqualTo(read.size() + 1);
        assertThat(item.reason()).startsWith("the gzip stream breaks here");

        assertThat(lines(TestFiles.write(folder, "text.txt.gz", "no gzip at all"), 100))
                .isEmpty();
        assertThat(lines(TestFiles.write(folder, "empty.txt.gz", ""), 100)).isEmpty();
        assertThat(skips.report().count()).isEqualTo(3);
    }

    @Test
    void gzipMembersFollowOneAnother() throws IOException {
        ByteArrayOutputStream two = new ByteArrayOutputStream();
        two.writeBytes(TestFiles.gzip("one\n"));
        two.writeBytes(TestFiles.gzip("two\n"));
        assertThat(lines(TestFiles.write(folder, "A.GZ", two.toByteArray()), 100))
                .containsExactly("1 one", "2 two");
    }
}
