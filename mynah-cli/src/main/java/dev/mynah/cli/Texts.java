package dev.mynah.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads what users give as text: UTF-8, whatever the locale. */
final class Texts {
    private static final String STANDARD_INPUT = "-";

    private Texts() {}

    /** The text that an argument stands for: {@code -} for standard input, {@code @FILE} for a file, else the argument itself. */
    static String of(String argument, InputStream in) throws IOException {
        if (argument.startsWith("@")) {
            return file(Path.of(argument.substring(1)));
        }
        return ofInput(argument, in);
    }

    /** As {@link #of}, without files. */
    static String ofInput(String argument, InputStream in) throws IOException {
        return argument.equals(STANDARD_INPUT) ? decode(in.readAllBytes(), "standard input") : argument;
    }

    /** The text of a file. */
    static String file(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new IllegalArgumentException(file + " is a folder, not a text file");
        }
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        return decode(Files.readAllBytes(file), file.toString());
    }

    private static String decode(byte[] bytes, String source) {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer input = ByteBuffer.wrap(bytes);
        CharBuffer text = CharBuffer.allocate(bytes.length);
        CoderResult result = decoder.decode(input, text, true);
        if (result.isError()) {
            throw new IllegalArgumentException(
                    source + " is not UTF-8 text: byte " + input.position() + " begins no character (counted from 0)");
        }
        return text.flip().toString();
    }
}
