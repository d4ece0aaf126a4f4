package dev.mynah.server.file;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The lines of an uploaded text in UTF-8, none of which may take more memory than a line needs. */
public final class TextLines implements AutoCloseable {
    private static final int MAX_LINE = 4 << 20;

    private final BufferedReader in;
    private int number;

    public TextLines(InputStream in) {
        this.in = new BufferedReader(new InputStreamReader(
                in, StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT)));
    }

    /**
     * The next line without its end, or null after the last.
     *
     * @throws IllegalArgumentException if it is too long, or no UTF-8
     */
    public @Nullable String next() throws IOException {
        number++;
        StringBuilder line = new StringBuilder();
        try {
            int c = in.read();
            if (c < 0) {
                return null;
            }
            for (; c >= 0 && c != '\n'; c = in.read()) {
                line.append((char) c);
                if (line.length() > MAX_LINE) {
                    throw new IllegalArgumentException(
                            "line " + number + " is longer than " + MAX_LINE + " characters");
                }
            }
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("line " + number + " is not valid UTF-8", e);
        }
        return line.toString();
    }

    /** Of the line that {@link #next} gave last, from 1 on. */
    public int number() {
        return number;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
