package dev.mynah.server.finetuning;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Follows the figures of a run as they are written, and puts those of one step together. */
final class MetricsTail {
    private static final int MOST_AT_ONCE = 1 << 20;

    private final Path file;
    private long position;
    private ObjectNode open = JsonMapper.shared().createObjectNode();

    MetricsTail(Path file) {
        this.file = file;
    }

    /** The steps that were completed since the last time. */
    List<ObjectNode> next() throws IOException {
        List<ObjectNode> steps = new ArrayList<>();
        for (String line : lines()) {
            take(line, steps);
        }
        return steps;
    }

    /** As {@link #next}, for a run that writes nothing more: to its last step. */
    List<ObjectNode> all() throws IOException {
        List<ObjectNode> steps = new ArrayList<>();
        long before;
        do {
            before = position;
            steps.addAll(next());
        } while (position > before);
        if (open.has("step")) {
            steps.add(open);
            open = JsonMapper.shared().createObjectNode();
        }
        return steps;
    }

    private void take(String line, List<ObjectNode> steps) {
        try {
            JsonNode node = JsonMapper.shared().readTree(line);
            if (!node.isObject() || !node.path("step").isInt()) {
                return;
            }
            if (open.has("step")
                    && open.get("step").intValue() != node.get("step").intValue()) {
                steps.add(open);
                open = JsonMapper.shared().createObjectNode();
            }
            open.setAll((ObjectNode) node);
        } catch (JacksonException e) {
            // Damaged by a power cut; training leaves it out as well.
        }
    }

    /** Whole lines only. A file that became shorter was cut back to a checkpoint, and is read anew. */
    private String[] lines() throws IOException {
        if (!Files.exists(file)) {
            return new String[0];
        }
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            if (in.length() < position) {
                position = 0;
            }
            in.seek(position);
            byte[] bytes = new byte[(int) Math.min(MOST_AT_ONCE, in.length() - position)];
            in.readFully(bytes);
            int end = bytes.length;
            while (end > 0 && bytes[end - 1] != '\n') {
                end--;
            }
            position += end;
            return end == 0 ? new String[0] : new String(bytes, 0, end, StandardCharsets.UTF_8).split("\n");
        }
    }
}
