package dev.mynah.data;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The records of a JSON Lines file, one object a line, or of a JSON file that holds one array of objects; either may be gzip. One record is in memory at a time. */
public final class JsonRecords {

    static final String NAMES = ".jsonl, .ndjson and .json (each also with .gz)";

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(64)
                            .maxStringLength(LineReader.MAX_LINE_BYTES)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** Takes one record. */
    interface Consumer {
        void accept(JsonNode object, long record) throws BadRecordException;
    }

    private JsonRecords() {}

    static boolean isReadable(Path file) {
        return isLines(file) || name(file).endsWith(".json");
    }

    private static boolean isLines(Path file) {
        return name(file).endsWith(".jsonl") || name(file).endsWith(".ndjson");
    }

    private static String name(Path file) {
        String name = file.toString().toLowerCase(Locale.ROOT);
        return name.endsWith(".gz") ? name.substring(0, name.length() - 3) : name;
    }

    /** Gives every record of {@code file} to {@code consumer}; what is broken, and what {@code consumer} refuses, goes to {@code skips}. */
    static void read(Path file, SkipLog skips, Consumer consumer) throws IOException {
        if (isLines(file)) {
            readLines(file, skips, consumer);
        } else {
            readArray(file, skips, consumer);
        }
    }

    /**
     * Gives every record of a file with one object a line, whatever it is called, to {@code consumer}; one that ends in {@code .gz} is gzip.
     *
     * @throws CorruptRecordException for the first that is broken, by file and line
     */
    public static void readLines(Path file, java.util.function.Consumer<JsonNode> consumer) throws IOException {
        readLines(file, new SkipLog(true), (record, _) -> consumer.accept(record));
    }

    private static void readLines(Path file, SkipLog skips, Consumer consumer) throws IOException {
        try (LineReader lines = new LineReader(file, skips)) {
            for (String line; (line = lines.next()) != null; ) {
                if (line.isBlank()) {
                    continue;
                }
                try {
                    accept(JSON.readTree(line), lines.lineNumber(), consumer);
                } catch (JacksonException e) {
                    skips.add(file, lines.lineNumber(), notJson(e));
                } catch (BadRecordException e) {
                    skips.add(file, lines.lineNumber(), e.reason());
                }
            }
        }
    }

    /** After a syntax error nothing more of an array can be read. */
    private static void readArray(Path file, SkipLog skips, Consumer consumer) throws IOException {
        try (InputStream in = open(file);
                JsonParser parser = JSON.createParser(in)) {
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                throw new IllegalArgumentException(
                        file + " is not a JSON array of records; a file with one record a line is called .jsonl");
            }
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                long line = parser.currentTokenLocation().getLineNr();
                try {
                    accept(parser.readValueAsTree(), line, consumer);
                } catch (BadRecordException e) {
                    skips.add(file, line, e.reason());
                }
            }
        } catch (JacksonException e) {
            throw new IllegalArgumentException(
                    file + ":" + (e.getLocation() == null ? 1 : e.getLocation().getLineNr()) + ": " + notJson(e), e);
        }
    }

    private static InputStream open(Path file) throws IOException {
        InputStream raw = new BufferedInputStream(Files.newInputStream(file));
        return SourceFormat.isGzip(file) ? new GZIPInputStream(raw) : raw;
    }

    private static void accept(JsonNode record, long line, Consumer consumer) throws BadRecordException {
        if (!record.isObject()) {
            throw new BadRecordException("not a JSON object");
        }
        consumer.accept(record, line);
    }

    private static String notJson(JacksonException e) {
        return "not valid JSON: "
                + e.getOriginalMessage().lines().findFirst().orElse("").strip();
    }
}
