package dev.mynah.text.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ToolCallParserTest {

    private static ToolCallParser parser(ToolCallFormat format) {
        int[] count = {0};
        return new ToolCallParser(format, () -> "call_" + count[0]++);
    }

    /** The whole of an answer that comes in pieces. */
    private static ToolCallParser.Found parse(ToolCallFormat format, List<String> pieces) {
        ToolCallParser parser = parser(format);
        StringBuilder text = new StringBuilder();
        List<ToolCall> calls = new ArrayList<>();
        for (String piece : pieces) {
            ToolCallParser.Found found = parser.feed(piece);
            text.append(found.text());
            calls.addAll(found.calls());
        }
        ToolCallParser.Found last = parser.finish();
        calls.addAll(last.calls());
        return new ToolCallParser.Found(text + last.text(), calls);
    }

    /** In one piece, and character by character, which must be the same. */
    private static ToolCallParser.Found parse(ToolCallFormat format, String answer) {
        ToolCallParser.Found whole = parse(format, List.of(answer));
        assertThat(parse(format, List.of(answer.split("(?!^)")))).isEqualTo(whole);
        return whole;
    }

    private static ToolCall call(int index, String name, String arguments) {
        return new ToolCall("call_" + index, name, arguments);
    }

    @Test
    void hermes() {
        String answer = """
                I look.
                <tool_call>
                {"name": "get_weather", "arguments": {"city": "北京 🐦"}}
                </tool_call>
                <tool_call>{"name":"clock","arguments":{}}</tool_call> done""";

        ToolCallParser.Found found = parse(ToolCallFormat.HERMES, answer);

        assertThat(found.calls())
                .containsExactly(call(0, "get_weather", "{\"city\":\"北京 🐦\"}"), call(1, "clock", "{}"));
        assertThat(found.text()).isEqualTo("I look.\n\n done");
    }

    @Test
    void theLastCallNeedsNoEnd() {
        assertThat(parse(ToolCallFormat.HERMES, "<tool_call>{\"name\":\"a\",\"arguments\":{}}")
                        .calls())
                .containsExactly(call(0, "a", "{}"));
    }

    @Test
    void llama() {
        String json = "{\"name\": \"f\", \"parameters\": {\"x\": [1, {\"y\": null}]}}";

        assertThat(parse(ToolCallFormat.LLAMA, json).calls()).containsExactly(call(0, "f", "{\"x\":[1,{\"y\":null}]}"));
        assertThat(parse(ToolCallFormat.LLAMA, "<|python_tag|>" + json).calls()).hasSize(1);
        assertThat(parse(ToolCallFormat.LLAMA, json + "; " + json).calls()).hasSize(2);
        String code = "{\"name\":\"run\",\"parameters\":{\"code\":\"f = \\\"{}; {}\\\"; };{\"}}";
        assertThat(parse(ToolCallFormat.LLAMA, code + " ;" + json).calls())
                .containsExactly(
                        call(0, "run", "{\"code\":\"f = \\\"{}; {}\\\"; };{\"}"),
                        call(1, "f", "{\"x\":[1,{\"y\":null}]}"));
        assertThat(parse(ToolCallFormat.LLAMA, "Well. <|python_tag|>" + json))
                .satisfies(found -> assertThat(found.text()).isEqualTo("Well. "))
                .satisfies(found -> assertThat(found.calls()).hasSize(1));
    }

    @Test
    void mistral() {
        String answer =
                "Sure.[TOOL_CALLS] [{\"name\": \"f\", \"arguments\": {\"a\": 1}}, {\"name\": \"g\", \"arguments\": {}}]";

        ToolCallParser.Found found = parse(ToolCallFormat.MISTRAL, answer);

        assertThat(found.text()).isEqualTo("Sure.");
        assertThat(found.calls()).containsExactly(call(0, "f", "{\"a\":1}"), call(1, "g", "{}"));
    }

    @Test
    void textComesAtOnce() {
        ToolCallParser parser = parser(ToolCallFormat.HERMES);

        assertThat(parser.feed("Hello <to").text()).isEqualTo("Hello ");
        assertThat(parser.feed("p> and").text()).isEqualTo("<top> and");
        assertThat(parser(ToolCallFormat.LLAMA).feed("Hello").text()).isEqualTo("Hello");
        assertThat(parser(ToolCallFormat.MISTRAL).feed("Hello").text()).isEqualTo("Hello");
    }

    @ParameterizedTest
    @EnumSource
    void whatIsMalformedStaysText(ToolCallFormat format) {
        for (String answer : List.of(
                "<tool_call>{broken</tool_call>",
                "<tool_call>{\"name\": 1, \"arguments\": {}}</tool_call>",
                "<tool_call>[]</tool_call>",
                "<tool_call></tool_call> and more",
                "<tool_call>{\"name\": \"a\"}",
                "{\"name\": \"f\"",
                "{\"name\": \"f\", \"parameters\": 5}",
                "{\"a\": 1};",
                "[TOOL_CALLS] nothing",
                "[TOOL_CALLS]",
                "[TOOL_CALLS] [1]",
                "[TOOL_CALLS] []",
                "<|python_tag|>print(1)",
                "{}",
                "[]",
                "",
                "{\"deep\":" + "[".repeat(5000))) {
            ToolCallParser.Found found = parse(format, answer);

            assertThat(found.calls()).as(answer).isEmpty();
            assertThat(found.text()).isEqualTo(answer);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anythingIsTakenInAnyPieces(ToolCallFormat format) {
        String[] parts = {
            "<tool_call>",
            "</tool_call>",
            "[TOOL_CALLS]",
            "<|python_tag|>",
            "{\"name\":\"f\",",
            "\"arguments\":{}}",
            "\"parameters\":{}}",
            "[",
            "]",
            ";",
            " ",
            "text",
            "<",
            "{"
        };
        Random random = new Random(3);
        for (int i = 0; i < 5_000; i++) {
            List<String> pieces = new ArrayList<>();
            for (int n = random.nextInt(10); n > 0; n--) {
                pieces.add(parts[random.nextInt(parts.length)]);
            }
            ToolCallParser.Found found = parse(format, pieces);
            assertThat(parse(format, List.of(String.join("", pieces)))).isEqualTo(found);
            if (found.calls().isEmpty()) {
                assertThat(found.text()).isEqualTo(String.join("", pieces));
            }
        }
    }
}
