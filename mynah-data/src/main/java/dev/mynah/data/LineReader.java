package dev.mynah.data;

import java.io.Closeable;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a UTF-8 file, plain or gzip (by its name), in bounded memory. A line that is not UTF-8 or longer than {@link #MAX_LINE_BYTES} is skipped and logged; a gzip stream
 * that breaks ends the file at the last whole line and is logged.
 */
final class LineReader implements Closeable {

    /** The longest line that is kept, in bytes. */
    static final int MAX_LINE_BYTES = 64 << 20;

    private static final int BUFFER_BYTES = 256 << 10;

    private final Path file;
    private final SkipLog skips;
    private final int maxLineBytes;
    private final CountingStream raw;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private @Nullable InputStream in;
    private boolean broken;
    private int position;
    private int limit;
    private byte[] line = new byte[4096];
    private int lineLength;
    private long lineNumber;
    private long lineStart;
    private long nextLineStart;

    LineReader(Path file, SkipLog skips) throws IOException {
        this(file, skips, MAX_LINE_BYTES);
    }

    LineReader(Path file, SkipLog skips, int maxLineBytes) throws IOException {
        this.file = file;
        this.skips = skips;
        this.maxLineBytes = maxLineBytes;
        this.raw = new CountingStream(Files.newInputStream(file));
    }

    /** The next readable line without its line end, or null at the end of the file. */
    @Nullable
    String next() throws IOException {
        while (!broken) {
            boolean more;
            try {
                more = readLine();
            } catch (EOFException | ZipException e) {
                skips.add(
                        file,
                        lineNumber,
                        "the gzip stream breaks here (" + e.getMessage() + "); the lines before are used");
                broken = true;
                return null;
            }
            if (!more) {
                return null;
            }
            String text = decode();
            if (text != null) {
                return text;
            }
        }
        return null;
    }

    /** The number of the line that {@link #next} gave last, from 1. */
    long lineNumber() {
        return lineNumber;
    }

    long bytesRead() {
        return raw.count;
    }

    @Override
    public void close() throws IOException {
        // Closing the gzip stream frees its native inflater, and closes the file.
        (in == null ? raw : in).close();
    }

    /** Reads the bytes of one line into {@link #line}; {@code lineLength} may pass {@code maxLineBytes}, what lies beyond is not kept. */
    private boolean readLine() throws IOException {
        lineNumber++;
        lineStart = nextLineStart;
        lineLength = 0;
        long length = 0;
        while (true) {
            if (position == limit && !fill()) {
                nextLineStart += length;
                return endLine(length);
            }
            int end = position;
            while (end < limit && buffer[end] != '\n') {
                end++;
            }
            keep(position, end);
            length += end - position;
            boolean found = end < limit;
            position = found ? end + 1 : end;
            if (found) {
                nextLineStart += length + 1;
                endLine(length);
                return true;
            }
        }
    }

    private boolean endLine(long length) {
        if (lineLength > 0 && lineLength <= maxLineBytes && line[lineLength - 1] == '\r') {
            lineLength--;
        }
        return length > 0;
    }

    private boolean fill() throws IOException {
        if (in == null) {
            in = SourceFormat.isGzip(file) ? new GZIPInputStream(raw, 64 << 10) : raw;
        }
        position = 0;
        limit = Math.max(0, in.read(buffer, 0, buffer.length));
        return limit > 0;
    }

    private void keep(int from, int to) {
        if (lineLength > maxLineBytes) {
            return;
        }
        // One byte above the bound is kept as the mark of a line that is too long.
        int count = (int) Math.min(to - from, maxLineBytes + 1L - lineLength);
        if (lineLength + count > line.length) {
            line = Arrays.copyOf(
                    line, (int) Math.min(Math.max(2L * line.length, lineLength + count), maxLineBytes + 1L));
        }
        System.arraycopy(buffer, from, line, lineLength, count);
        lineLength += count;
    }

    private @Nullable String decode() {
        if (lineLength > maxLineBytes) {
            skips.add(file, lineNumber, "longer than " + maxLineBytes + " bytes, the most that a line may have");
            return null;
        }
        int start = lineNumber == 1 && startsWithByteOrderMark() ? 3 : 0;
        String text = new String(line, start, lineLength - start, StandardCharsets.UTF_8);
        // Decoding puts U+FFFD for what is malformed; only then is it worth telling it from a U+FFFD that stands in the
        // file.
        int malformed = text.indexOf('\uFFFD') < 0 ? -1 : firstMalformed(start);
        if (malformed < 0) {
            return text;
        }
        refuseUtf16();
        String value = String.format("0x%02x", line[malformed]);
        skips.add(
                file,
                lineNumber,
                "not UTF-8: byte " + value + " at offset " + (lineStart + malformed) + " of the file");
        return null;
    }

    private boolean startsWithByteOrderMark() {
        return lineLength >= 3 && line[0] == (byte) 0xEF && line[1] == (byte) 0xBB && line[2] == (byte) 0xBF;
    }

    private int firstMalformed(int start) {
        ByteBuffer bytes = ByteBuffer.wrap(line, start, lineLength - start);
        java.nio.CharBuffer chars = java.nio.CharBuffer.allocate(lineLength + 1);
        CoderResult result = StandardCharsets.UTF_8.newDecoder().decode(bytes, chars, true);
        return result.isMalformed() ? bytes.position() : -1;
    }

    private void refuseUtf16() {
        if (lineNumber == 1 && lineLength >= 2) {
            int mark = ((line[0] & 0xFF) << 8) | (line[1] & 0xFF);
            if (mark == 0xFFFE || mark == 0xFEFF) {
                throw new IllegalArgumentException(file + " is UTF-16; convert it to UTF-8");
            }
        }
    }

    private static final class CountingStream extends FilterInputStream {

        private long count;

        CountingStream(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int value = super.read();
            count += value < 0 ? 0 : 1;
            return value;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int n = super.read(target, offset, length);
            count += Math.max(0, n);
            return n;
        }
    }
}
