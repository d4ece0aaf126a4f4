package dev.mynah.train.run;

import dev.mynah.files.DurableFiles;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * A file of JSON lines, each of which belongs to a step. A line reaches the operating system whole before {@link
 * #append} returns, so that a killed process loses none; after a power cut the last line may be broken, which readers
 * skip and {@link #cutBackTo} removes.
 */
public final class StepLog implements Closeable {
    private final Path file;
    private final OutputStream out;

    private StepLog(Path file, OutputStream out) {
        this.file = file;
        this.out = out;
    }

    /** Opens {@code file} to add lines at its end; makes it where it is missing. */
    public static StepLog append(Path file) throws IOException {
        return new StepLog(file, Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
    }

    /** Writes one line. */
    public void append(StepLine line) throws IOException {
        try {
            out.write((Json.MAPPER.writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8));
            out.flush();
        } catch (IOException e) {
            throw new IOException(file + " could not be written: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() throws IOException {
        out.close();
    }

    /**
     * Removes the lines of steps after {@code step}, and broken lines, at once or not at all; a missing file stays
     * missing.
     */
    public static void cutBackTo(Path file, int step) throws IOException {
        if (!Files.exists(file)) {
            return;
        }
        DurableFiles.write(
                file,
                channel -> forEachLine(file, (line, json) -> {
                    if (json.path("step").asInt() <= step) {
                        DurableFiles.writeFully(
                                channel, ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8)));
                    }
                }));
    }

    /**
     * Gives every whole line of {@code file} to {@code reader}; broken lines are skipped, and a missing file has no
     * lines.
     */
    public static void forEach(Path file, Consumer<JsonNode> reader) throws IOException {
        forEachLine(file, (_, json) -> reader.accept(json));
    }

    /** Takes one line as text and as JSON. */
    private interface LineReader {
        void accept(String line, JsonNode json) throws IOException;
    }

    private static void forEachLine(Path file, LineReader reader) throws IOException {
        // Not Files.newBufferedReader: a character cut in two at the end must make a broken line, not an exception.
        try (BufferedReader in =
                new BufferedReader(new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                JsonNode json = parse(line);
                if (json != null) {
                    reader.accept(line, json);
                }
            }
        } catch (NoSuchFileException e) {
            // No lines.
        }
    }

    private static @Nullable JsonNode parse(String line) {
        try {
            JsonNode json = Json.MAPPER.readTree(line);
            return json.path("step").isIntegralNumber() ? json : null;
        } catch (JacksonException e) {
            return null;
        }
    }
}
