package dev.mynah.server.batch;

import dev.mynah.server.batch.Batch.Problem;
import dev.mynah.server.file.TextLines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The requests of a file, one a line: {@code {"custom_id", "method": "POST", "url", "body"}}. */
final class BatchInput {
    static final int MAX_LINES = 50_000;

    private static final int MAX_PROBLEMS = 100;
    private static final int MAX_ID = 512;

    private BatchInput() {}

    /** One request, by the number of its line from 1 on. */
    record Line(int number, String customId, JsonNode body) {}

    /** Takes requests one after the other; false ends the reading. */
    interface Reader {
        boolean take(Line line);
    }

    /** Gives every request of a file that was {@link #check}ed to a reader. */
    static void read(Path file, Reader reader) throws IOException {
        try (TextLines lines = new TextLines(Files.newInputStream(file))) {
            for (String line = lines.next(); line != null; line = lines.next()) {
                if (!line.isBlank()) {
                    JsonNode node = JsonMapper.shared().readTree(line);
                    if (!reader.take(
                            new Line(lines.number(), node.get("custom_id").stringValue(), node.get("body")))) {
                        return;
                    }
                }
            }
        }
    }

    /** @param lines how many requests there are */
    record Checked(int lines, List<Problem> problems) {}

    static Checked check(Path file, String endpoint) throws IOException {
        List<Problem> problems = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        int requests = 0;
        try (TextLines lines = new TextLines(Files.newInputStream(file))) {
            for (String line = lines.next();
                    line != null && problems.size() < MAX_PROBLEMS && requests <= MAX_LINES;
                    line = lines.next()) {
                if (!line.isBlank()) {
                    requests++;
                    check(line, lines.number(), endpoint, ids, problems);
                }
            }
        } catch (IllegalArgumentException e) {
            problems.add(new Problem("invalid_file", "The file cannot be read: " + e.getMessage() + ".", null, null));
        }
        if (requests == 0 && problems.isEmpty()) {
            problems.add(new Problem("empty_file", "The file has no requests.", null, null));
        }
        if (requests > MAX_LINES) {
            problems.add(
                    new Problem("too_many_requests", "The file has more than " + MAX_LINES + " requests.", null, null));
        }
        return new Checked(requests, problems);
    }

    private static void check(String line, int number, String endpoint, Set<String> ids, List<Problem> problems) {
        JsonNode node;
        try {
            node = JsonMapper.shared().readTree(line);
        } catch (JacksonException e) {
            problems.add(new Problem("invalid_json_line", "This line is not valid JSON.", number, null));
            return;
        }
        String id = node.path("custom_id").asString("");
        if (id.isEmpty() || id.length() > MAX_ID || !node.path("custom_id").isString()) {
            problems.add(problem("custom_id", "custom_id must be a text of 1 to " + MAX_ID + " characters.", number));
        } else if (!ids.add(id)) {
            problems.add(new Problem(
                    "duplicate_custom_id", "custom_id \"" + id + "\" stands in an earlier line.", number, "custom_id"));
        }
        if (!node.path("method").asString("").equals("POST")) {
            problems.add(problem("method", "method must be POST.", number));
        }
        if (!node.path("url").asString("").equals(endpoint)) {
            problems.add(new Problem("mismatched_endpoint", "url must be " + endpoint + ".", number, "url"));
        }
        if (!node.path("body").isObject()) {
            problems.add(problem("body", "body must be an object.", number));
        } else if (node.path("body").path("stream").asBoolean(false)) {
            problems.add(problem("body.stream", "A batch cannot be streamed.", number));
        }
    }

    private static Problem problem(String param, String message, int line) {
        return new Problem("invalid_value", message, line, param);
    }
}
