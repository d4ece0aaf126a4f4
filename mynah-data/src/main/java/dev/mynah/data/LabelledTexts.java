package dev.mynah.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import tools.jackson.databind.JsonNode;

/** Reads labelled texts: {@code {"text": "...", "labels": ["..."], "source": "...", "group": "..."}}, of which the last two may be left out. */
public final class LabelledTexts {

    private LabelledTexts() {}

    /**
     * Reads all records of the files, folders and globs.
     *
     * @param skips takes the records that are left out: broken JSON, no text, labels that are no list of names
     * @throws IllegalArgumentException where a path does not exist or is of no known format, or no text is left
     */
    public static List<LabelledText> read(List<SourceSpec> sources, SkipLog skips) throws IOException {
        List<LabelledText> texts = new ArrayList<>();
        for (Path file : SourceFiles.resolveRecords(sources)) {
            JsonRecords.read(file, skips, (record, line) -> {
                String text = Messages.text(record, "text", "text");
                texts.add(new LabelledText(
                        text,
                        labels(record.path("labels")),
                        record.path("source").asString(""),
                        record.path("group").asString(text)));
            });
        }
        if (texts.isEmpty()) {
            throw new IllegalArgumentException("no labelled text in the data can be used" + skips.firstReason());
        }
        return texts;
    }

    private static SequencedSet<String> labels(JsonNode labels) throws BadRecordException {
        if (!labels.isArray()) {
            throw new BadRecordException("no list \"labels\"");
        }
        SequencedSet<String> names = new LinkedHashSet<>();
        for (JsonNode label : labels) {
            if (!label.isString() || label.stringValue().isBlank()) {
                throw new BadRecordException("a label is no name");
            }
            names.add(label.stringValue());
        }
        return names;
    }
}
