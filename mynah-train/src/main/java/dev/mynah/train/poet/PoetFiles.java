package dev.mynah.train.poet;

import dev.mynah.data.Message;
import dev.mynah.data.Role;
import dev.mynah.files.DurableFiles;
import dev.mynah.train.poet.Demonstration.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Demonstrations as JSONL: {@code messages} as for any conversation, and beside them {@code kind} and {@code request}, by which answers are judged. */
public final class PoetFiles {

    private static final JsonMapper JSON = JsonMapper.shared();

    private PoetFiles() {}

    /** Writes one line a demonstration. */
    public static void write(Path file, List<Demonstration> demonstrations) throws IOException {
        DurableFiles.write(
                file, demonstrations.stream().map(d -> line(d) + "\n").collect(Collectors.joining()));
    }

    private static String line(Demonstration demonstration) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("messages", demonstration.messages());
        fields.put("kind", demonstration.kind().name().toLowerCase(Locale.ROOT));
        if (demonstration.request() != null) {
            fields.put("request", demonstration.request());
        }
        return JSON.writeValueAsString(fields);
    }

    /** The conversation of a demonstration, up to its answer, if it has one. */
    public static List<Message> prompt(Demonstration demonstration) {
        List<Message> turns = new ArrayList<>();
        List<Demonstration.Message> messages = demonstration.messages();
        boolean answered = messages.getLast().role().equals("assistant");
        for (Demonstration.Message message : answered ? messages.subList(0, messages.size() - 1) : messages) {
            turns.add(new Message(message.role().equals("user") ? Role.USER : Role.ASSISTANT, message.content()));
        }
        return List.copyOf(turns);
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws IllegalArgumentException for the first line that is none, by file and line
     */
    public static List<Demonstration> read(Path file) throws IOException {
        List<Demonstration> demonstrations = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            demonstrations.add(parse(line, file + ":" + (demonstrations.size() + 1)));
        }
        return demonstrations;
    }

    /** @throws IllegalArgumentException if a record does not say what kind of prompt it is */
    static Kind kind(JsonNode record) {
        return Kind.valueOf(record.path("kind").asString("").toUpperCase(Locale.ROOT));
    }

    /** What a record asks for, or null where it is no poem. */
    static @Nullable PoemRequest request(JsonNode record) {
        return record.has("request") ? JSON.treeToValue(record.path("request"), PoemRequest.class) : null;
    }

    private static Demonstration parse(String line, String where) {
        try {
            JsonNode record = JSON.readTree(line);
            List<Demonstration.Message> messages = new ArrayList<>();
            for (JsonNode turn : record.path("messages")) {
                messages.add(JSON.treeToValue(turn, Demonstration.Message.class));
            }
            return new Demonstration(kind(record), messages, request(record));
        } catch (JacksonException | IllegalArgumentException e) {
            throw noPrompt(where, e);
        }
    }

    /** What to say of a record that does not say what it asks for. */
    static IllegalArgumentException noPrompt(String where, Exception reason) {
        return new IllegalArgumentException(
                where + " is no prompt of the poet, with messages, kind and, for poems, request: "
                        + reason.getMessage(),
                reason);
    }
}
