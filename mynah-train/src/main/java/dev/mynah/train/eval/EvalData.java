package dev.mynah.train.eval;

import dev.mynah.data.JsonRecords;
import dev.mynah.data.SourceSpec;
import dev.mynah.train.Datasets;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * Where tasks find their records.
 *
 * @param datasets the public data sets, whose files are checked before use
 */
public record EvalData(Datasets datasets) {

    /** The file that was named, or those of a public data set. */
    List<Path> files(EvalOptions options, String dataset) throws IOException {
        if (options.data() != null) {
            return List.of(options.data());
        }
        List<Path> files = new ArrayList<>();
        for (SourceSpec source : datasets.resolve("dataset:" + dataset)) {
            files.add(Path.of(source.path()));
        }
        return files;
    }

    /** The records of files with one JSON object a line, which may be gzip. */
    static List<JsonNode> records(List<Path> files) throws IOException {
        List<JsonNode> records = new ArrayList<>();
        for (Path file : files) {
            JsonRecords.readLines(file, records::add);
        }
        if (records.isEmpty()) {
            throw new IllegalArgumentException(files + " hold no records");
        }
        return records;
    }

    /** A field of a record that must be a string. */
    static String text(JsonNode record, String field) {
        JsonNode value = record.path(field);
        if (!value.isString()) {
            throw new IllegalArgumentException("a record lacks the text \"" + field + "\": " + shortened(record));
        }
        return value.stringValue();
    }

    /** A field that must be a list of strings. */
    static List<String> texts(JsonNode record, String field) {
        JsonNode value = record.path(field);
        if (!value.isArray() || !value.valueStream().allMatch(JsonNode::isString)) {
            throw new IllegalArgumentException(
                    "a record lacks the list of texts \"" + field + "\": " + shortened(record));
        }
        return value.valueStream().map(JsonNode::stringValue).toList();
    }

    static String shortened(JsonNode record) {
        String text = record.toString();
        return text.length() <= 120 ? text : text.substring(0, 117) + "...";
    }

    /** A whole file in UTF-8. */
    static String wholeText(Path file) throws IOException {
        try {
            return Files.readString(file);
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(file + " is not a text in UTF-8", e);
        }
    }
}
