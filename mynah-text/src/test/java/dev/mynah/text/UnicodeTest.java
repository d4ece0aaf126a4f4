package dev.mynah.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Holds character classes and normalization to the reference, whose data are in fixtures; see {@code
 * src/test/fixtures/make_unicode.py}.
 */
final class UnicodeTest {

    private static List<String> lines(String name) throws IOException {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(Fixtures.folder(name))), StandardCharsets.UTF_8))) {
            return reader.lines().toList();
        }
    }

    @Test
    void everyCodePointHasTheClassesOfTheReference() throws IOException {
        List<String> runs = lines("classes.txt.gz");
        assertThat(runs).hasSizeGreaterThan(1000);
        for (int run = 0; run < runs.size(); run++) {
            String[] fields = runs.get(run).split(" ");
            int end = run + 1 < runs.size() ? Integer.parseInt(runs.get(run + 1).split(" ")[0], 16) : 0x110000;
            for (int c = Integer.parseInt(fields[0], 16); c < end; c++) {
                boolean isSurrogate = c >= 0xD800 && c < 0xE000;
                assertThat(isSurrogate || CharClasses.of(c) == Integer.parseInt(fields[1], 16))
                        .as("classes of U+%X", c)
                        .isTrue();
            }
        }
    }

    @Test
    void everyCodePointIsReadFromUtf8() {
        for (int c = 0; c < 0x110000; c++) {
            if (c < 0xD800 || c >= 0xE000) {
                byte[] utf8 = Character.toString(c).getBytes(StandardCharsets.UTF_8);
                assertThat(CharClasses.at(utf8, 0, utf8.length)).isEqualTo(CharClasses.of(c) | (utf8.length << 8));
            }
        }
    }

    @Test
    void brokenUtf8StandsAloneByteByByte() {
        byte[][] broken = {
            {(byte) 0x80},
            {(byte) 0xC1, (byte) 0x81},
            {(byte) 0xE4, (byte) 0xB8},
            {(byte) 0xED, (byte) 0xA0, (byte) 0x80},
            {(byte) 0xF5},
            {(byte) 0xF0, (byte) 0x80, (byte) 0x80, (byte) 0x80}
        };
        for (byte[] bytes : broken) {
            assertThat(CharClasses.at(bytes, 0, bytes.length)).isEqualTo(1 << 8);
        }
    }

    @Test
    void normalizesAsTheReference() throws IOException {
        List<String> cases = lines("nfc.jsonl.gz");
        assertThat(cases).hasSizeGreaterThan(4000);
        for (String line : cases) {
            JsonNode pair = JsonMapper.shared().readTree(line);
            assertThat(Nfc.normalize(pair.get(0).stringValue()))
                    .as(line)
                    .isEqualTo(pair.get(1).stringValue());
        }
    }

    @Test
    void loneSurrogatesBecomeTheReplacementCharacter() {
        assertThat(Utf8.wellFormed("a\uD83Db")).isEqualTo("a\uFFFDb");
        assertThat(Utf8.wellFormed("\uDE00\uD83D\uDE00\uD83D")).isEqualTo("\uFFFD\uD83D\uDE00\uFFFD");
        String fine = "a\uD83D\uDE00é";
        assertThat(Utf8.wellFormed(fine)).isSameAs(fine);
    }

    @Test
    void theIncompleteTailIsWhatTheDecoderWouldWaitFor() {
        Random random = new Random(11);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(6)];
            random.nextBytes(bytes);
            int tail = Utf8.incompleteTail(bytes, bytes.length);
            assertThat(tail).isEqualTo(longestIncompleteTail(bytes));
        }
    }

    /** By definition: the longest end that some continuation makes one whole character. */
    private static int longestIncompleteTail(byte[] bytes) {
        for (int tail = Math.min(3, bytes.length); tail > 0; tail--) {
            byte[] end = Arrays.copyOfRange(bytes, bytes.length - tail, bytes.length);
            for (int c : new int[] {0x80, 0x7FF, 0x800, 0xFFFD, 0x10000, 0x10FFFF}) {
                if (completes(end, c)) {
                    return tail;
                }
            }
        }
        return 0;
    }

    private static boolean completes(byte[] end, int sample) {
        int length = Character.toString(sample).getBytes(StandardCharsets.UTF_8).length;
        for (int fill : new int[] {0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF}) {
            byte[] whole = Arrays.copyOf(end, length);
            if (length <= end.length) {
                return false;
            }
            Arrays.fill(whole, end.length, length, (byte) fill);
            String text = Utf8.decodeStrictly(whole);
            if (text != null && text.codePointCount(0, text.length()) == 1) {
                return true;
            }
        }
        return false;
    }
}
