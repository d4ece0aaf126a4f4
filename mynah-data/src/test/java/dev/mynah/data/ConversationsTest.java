package dev.mynah.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConversationsTest {

    @TempDir
    private Path folder;

    private final SkipLog skips = new SkipLog(false);

    private List<Conversation> read(Path file) throws IOException {
        return Conversations.read(List.of(SourceSpec.of(file.toString())), skips);
    }

    @Test
    void threeLayoutsGiveTheSameTurns() throws IOException {
        Path file = TestFiles.write(folder, "a.jsonl", """
                {"messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "雪?"}, {"role": "assistant", "content": "Snow."}]}
                {"system": "Be brief.", "conversations": [{"from": "human", "value": "雪?"}, {"from": "gpt", "value": "Snow."}]}
                {"system": "Be brief.", "instruction": "雪?", "input": "", "output": "Snow."}
                {"messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": [{"type": "text", "text": "雪"}, {"type": "text", "text": "?"}]}, {"role": "assistant", "content": "Snow."}]}
                """);
        List<Conversation> conversations = read(file);
        List<Message> turns = List.of(
                new Message(Role.SYSTEM, "Be brief."),
                new Message(Role.USER, "雪?"),
                new Message(Role.ASSISTANT, "Snow."));
        assertThat(conversations)
                .hasSize(4)
                .allMatch(conversation -> conversation.messages().equals(turns));
        assertThat(conversations).extracting(Conversation::record).containsExactly(1L, 2L, 3L, 4L);
        assertThat(conversations.getFirst().splitKey()).isEqualTo("雪?");
        assertThat(skips.report().count()).isZero();
    }

    /** A file of Windows, tables that write null for what is missing, names that people use for the assistant. */
    @Test
    void whatTheFilesOfOthersHoldIsUnderstood() throws IOException {
        Path file = TestFiles.write(folder, "a.jsonl", "\uFEFF" + """
                {"id": "x", "system": null, "conversations": [{"from": "human", "value": "雪?"}, {"from": "bard", "value": "Snow."}]}
                {"conversations": [{"role": "user", "content": "雪?"}, {"role": "assistant", "content": "Snow.", "weight": 1}]}
                {"instruction": "雪?", "input": null, "output": "Snow.", "history": null}
                {"instruction": "And rain?", "output": "Rain.", "history": [["雪?", "Snow."]]}
                {"conversations": [{"from": "human", "value": "a"}, {"from": "human", "value": "b"}, {"from": "gpt", "value": "c"}, {"from": "tool", "value": "d"}]}
                """.replace("\n", "\r\n"));
        List<List<Message>> turns =
                read(file).stream().map(Conversation::messages).toList();
        List<Message> snow = List.of(new Message(Role.USER, "雪?"), new Message(Role.ASSISTANT, "Snow."));
        assertThat(turns.subList(0, 3)).containsOnly(snow);
        assertThat(turns.get(3))
                .startsWith(snow.getFirst(), snow.getLast())
                .endsWith(new Message(Role.USER, "And rain?"), new Message(Role.ASSISTANT, "Rain."))
                .hasSize(4);
        assertThat(turns.get(4))
                .extracting(Message::role)
                .containsExactly(Role.USER, Role.USER, Role.ASSISTANT, Role.TOOL);
        Path array =
                TestFiles.write(folder, "b.json", "\uFEFF[\r\n{\"instruction\": \"雪?\", \"output\": \"Snow.\"}\r\n]");
        assertThat(read(array)).extracting(Conversation::messages).containsExactly(snow);
        assertThat(skips.report().count()).isZero();
    }

    @Test
    void whatWouldBeLeftOutInSilenceIsRefused() throws IOException {
        Path file = TestFiles.write(folder, "bad.jsonl", """
                {"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b", "weight": 0}]}
                {"instruction": "a", "output": "b", "history": "c"}
                {"instruction": "a", "output": "b", "history": [["c"]]}
                {"instruction": "a", "output": "b", "history": [["c", null]]}
                {"instruction": "a", "output": "b", "system": 7}
                {"instruction": "a", "output": null}
                {"instruction": "a", "output": "b"}
                """);
        assertThat(read(file)).extracting(Conversation::record).containsExactly(7L);
        assertThat(skips.report().first())
                .extracting(Skipped.Item::reason)
                .containsExactly(
                        "turn 2 has the weight 0, but every turn of the assistant counts alike",
                        "history is not an array",
                        "history holds something else than pairs of a question and its answer",
                        "an answer of history is not a text",
                        "system is not a text",
                        "output is not a text");
    }

    @Test
    void anArrayInOneFileIsReadWithItsLines() throws IOException {
        Path file = TestFiles.write(folder, "alpaca.json.gz", TestFiles.gzip("""
                [
                  {"instruction": "Add.", "input": "1 + 1", "output": "2"},
                  {"instruction": "Add.",
                   "output": 3},
                  {"instruction": "Say hello.", "output": "Hello."}
                ]
                """));
        List<Conversation> conversations = read(file);
        assertThat(conversations).extracting(Conversation::record).containsExactly(2L, 5L);
        assertThat(conversations.getFirst().messages().getFirst().content()).isEqualTo("Add.\n\n1 + 1");
        assertThat(skips.report().first())
                .containsExactly(new Skipped.Item(file.toString(), 3, "output is not a text"));
    }

    @Test
    void whatCannotBeLearnedFromIsNamedByFileLineAndReason() throws IOException {
        Path file = TestFiles.write(folder, "bad.jsonl", """
                {"messages": [{"role": "user", "content": "a"}]}
                {"messages": [{"role": "bot", "content": "a"}]}
                {"messages": [{"content": "a"}]}
                {"messages": []}
                {"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": " "}]}
                {"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b", "tool_calls": [{}]}]}
                {"messages": [{"role": "user", "content": [{"type": "image_url"}]}]}
                {"text": "a"}
                [1]
                {"messages":
                {"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "\\ud800"}]}
                {"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]}
                """);
        assertThat(read(file)).extracting(Conversation::record).containsExactly(12L);
        assertThat(skips.report().first())
                .extracting(Skipped.Item::record)
                .containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L);
        List<String> reasons =
                skips.report().first().stream().map(Skipped.Item::reason).toList();
        assertThat(reasons.subList(0, 9))
                .containsExactly(
                        "no assistant turn to learn from",
                        "turn 1 has the unknown role \"bot\"; known are system, developer, user, assistant, tool",
                        "turn 1 has no role; known are system, developer, user, assistant, tool",
                        "messages must be an array of turns, not empty",
                        "turn 2 (assistant) is empty",
                        "turn 2 has tool_calls, which training does not support",
                        "content of turn 1 is not a text",
                        "no field messages (OpenAI), conversations (ShareGPT) or instruction (Alpaca); the fields are: text",
                        "not a JSON object");
        assertThat(reasons.get(9)).startsWith("not valid JSON: ");
        assertThat(reasons.get(10)).isEqualTo("content of turn 2 holds half a surrogate pair");
    }

    @Test
    void theFirstBadRecordIsAnErrorUnlessSkipped() throws IOException {
        Path file =
                TestFiles.write(folder, "bad.jsonl", "{\"messages\": [{\"role\": \"user\", \"content\": \"a\"}]}\n");
        List<SourceSpec> sources = List.of(SourceSpec.of(file.toString()));
        assertThatThrownBy(() -> Conversations.read(sources, new SkipLog(true)))
                .hasMessage(file + ":1: no assistant turn to learn from");
        assertThatThrownBy(() -> Conversations.read(sources, new SkipLog(false)))
                .hasMessage("no conversation in the data can be used (the first of 1 left out: " + file
                        + ":1: no assistant turn to learn from)");
        Path array = TestFiles.write(folder, "bad.json", "[{\"instruction\": \"a\", \"output\": \"b\"},\n{]");
        assertThatThrownBy(() -> read(array)).hasMessageStartingWith(array + ":2: not valid JSON: ");
        Path text = TestFiles.write(folder, "a.txt", "a");
        assertThatThrownBy(() -> read(text)).hasMessageContaining("known are .jsonl, .ndjson and .json");
    }
}
