package dev.mynah.data;

import dev.mynah.files.JsonErrors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/** Documents of a JSON Lines file, {@code .jsonl} or {@code .jsonl.gz}: one object a line, the text in one string field of it. */
final class JsonlReader implements DocumentReader {

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(LineReader.MAX_LINE_BYTES)
                    .build())
            .build();

    /** How many field names an error lists. */
    private static final int LISTED_FIELDS = 20;

    private final Path file;
    private final String field;
    private final SkipLog skips;
    private final LineReader lines;

    JsonlReader(Path file, String field, SkipLog skips) throws IOException {
        this.file = file;
        this.field = field;
        this.skips = skips;
        this.lines = new LineReader(file, skips);
    }

    @Override
    public @Nullable Document next() throws IOException {
        String line;
        while ((line = lines.next()) != null) {
            if (line.isBlank()) {
                continue;
            }
            try {
                return new Document(text(line), file, lines.lineNumber());
            } catch (BadRecordException e) {
                skips.add(file, lines.lineNumber(), e.reason());
            } catch (JacksonException e) {
                skips.add(file, lines.lineNumber(), "not valid JSON: " + JsonErrors.describeInLine(e));
            }
        }
        return null;
    }

    /** The text of one line; the whole line is parsed, so that what follows the field is checked too. */
    private String text(String line) throws BadRecordException {
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), line)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new BadRecordException("not a JSON object");
            }
            String text = null;
            String wrongType = null;
            Set<String> names = new LinkedHashSet<>();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if (name.equals(field)) {
                    text = value == JsonToken.VALUE_STRING ? parser.getString() : null;
                    wrongType = value == JsonToken.VALUE_STRING ? null : typeOf(value);
                } else if (names.size() < LISTED_FIELDS) {
                    names.add(name);
                }
                parser.skipChildren();
            }
            if (parser.nextToken() != null) {
                throw new BadRecordException("more text after the JSON object");
            }
            if (wrongType != null) {
                throw new BadRecordException("field '" + field + "' is " + wrongType + ", not a string");
            }
            if (text == null) {
                throw new BadRecordException("no field '" + field + "'; the fields are: " + String.join(", ", names));
            }
            if (Unicode.hasLoneSurrogate(text)) {
                throw new BadRecordException("field '" + field + "' holds half a surrogate pair");
            }
            return text;
        }
    }

    private static String typeOf(JsonToken value) {
        return switch (value) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "an array";
            case VALUE_NULL -> "null";
            case VALUE_TRUE, VALUE_FALSE -> "a boolean";
            default -> "a number";
        };
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
