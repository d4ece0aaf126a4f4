package dev.mynah.data;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Documents of a plain text file, {@code .txt} or {@code .txt.gz}. */
final class TextFileReader implements DocumentReader {

    /** The longest document that is joined from lines, in characters. */
    static final int MAX_DOCUMENT_CHARS = LineReader.MAX_LINE_BYTES;

    private final Path file;
    private final TextSplit split;
    private final SkipLog skips;
    private final int maxChars;
    private final LineReader lines;

    TextFileReader(Path file, TextSplit split, SkipLog skips) throws IOException {
        this(file, split, skips, MAX_DOCUMENT_CHARS);
    }

    TextFileReader(Path file, TextSplit split, SkipLog skips, int maxChars) throws IOException {
        this.file = file;
        this.split = split;
        this.skips = skips;
        this.maxChars = maxChars;
        this.lines = new LineReader(file, skips);
    }

    @Override
    public @Nullable Document next() throws IOException {
        String line = firstLine();
        if (line == null) {
            return null;
        }
        long start = lines.lineNumber();
        if (split == TextSplit.LINE) {
            return new Document(line, file, start);
        }
        StringBuilder text = new StringBuilder(line);
        boolean tooLong = false;
        while ((line = lines.next()) != null && !(split == TextSplit.BLANK_LINE && line.isBlank())) {
            tooLong |= (long) text.length() + line.length() >= maxChars;
            if (!tooLong) {
                text.append('\n').append(line);
            } else if (split == TextSplit.FILE) {
                throw new IllegalArgumentException(file + " is longer than " + maxChars
                        + " characters, too long for one document: set text_split to line or blank_line");
            }
        }
        if (tooLong) {
            skips.add(
                    file, start, "a block longer than " + maxChars + " characters, the most that a document may have");
            return next();
        }
        return new Document(text.toString(), file, start);
    }

    private @Nullable String firstLine() throws IOException {
        String line;
        do {
            line = lines.next();
        } while (line != null && line.isBlank());
        return line;
    }

    @Override
    public long bytesRead() {
        return lines.bytesRead();
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
