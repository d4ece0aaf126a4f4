package dev.mynah.engine.constrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mynah.engine.TokenConstraint;
import dev.mynah.text.chat.ToolCall;
import dev.mynah.text.chat.ToolCallFormat;
import dev.mynah.text.chat.ToolCallParser;
import dev.mynah.text.chat.ToolDefinition;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.json.JsonMapper;

/** A model that wants to write a text, noise aside, and calls that have to be by their schemas. */
class StrictCallsTest {
    private static final JoinedTokenizer TOKENIZER = new JoinedTokenizer(
            List.of("<tool_call>", "</tool_call>", "[TOOL_CALLS]", "<|python_tag|>", "{\"", "\": ", ">{", ">x"));
    private static final Vocabulary VOCABULARY = new Vocabulary(TOKENIZER, Set.of(JoinedTokenizer.END));
    /** A model's ids may be more than its tokenizer's. */
    private static final int MODEL_IDS = TOKENIZER.vocabSize() + 3;

    private static final ToolDefinition STRICT = tool("count", true);
    private static final ToolDefinition OTHER = tool("guess", false);

    private static ToolDefinition tool(String name, boolean strict) {
        String schema = """
                {"type": "object", "properties": {"n": {"type": "integer", "minimum": 1, "maximum": 999}},
                 "required": ["n"], "additionalProperties": false}""";
        return new ToolDefinition(name, null, JsonMapper.shared().readTree(schema), strict);
    }

    private static StrictCalls calls(ToolCallFormat format) {
        return new StrictCalls(VOCABULARY, format, List.of(STRICT, OTHER));
    }

    /** What comes of it where the likeliest token is taken: first what fits of {@code wanted}, then the end. */
    private static String write(TokenConstraint walk, String wanted, int most) {
        Random random = new Random(1);
        String rest = wanted;
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        for (int i = 0; i < most && !walk.complete(); i++) {
            float[] logits = logits(rest, random);
            walk.mask(logits, most - i);
            int token = greatest(logits);
            walk.accept(token);
            if (token == JoinedTokenizer.END) {
                break;
            }
            written.writeBytes(TOKENIZER.bytes(token));
            String text = new String(TOKENIZER.bytes(token), StandardCharsets.UTF_8);
            rest = rest.startsWith(text) ? rest.substring(text.length()) : rest;
        }
        return written.toString(StandardCharsets.UTF_8);
    }

    private static float[] logits(String rest, Random random) {
        float[] logits = new float[MODEL_IDS];
        for (int id = 0; id < TOKENIZER.vocabSize(); id++) {
            String text = new String(TOKENIZER.bytes(id), StandardCharsets.UTF_8);
            boolean fits = id == JoinedTokenizer.END ? rest.isEmpty() : rest.startsWith(text);
            logits[id] = random.nextFloat() + (fits ? 10 + text.length() : 0);
        }
        return logits;
    }

    private static int greatest(float[] logits) {
        int best = 0;
        for (int id = 1; id < logits.length; id++) {
            best = logits[id] > logits[best] ? id : best;
        }
        return best;
    }

    private static ToolCallParser.Found parse(ToolCallFormat format, String text) {
        ToolCallParser parser = new ToolCallParser(format, () -> "id");
        ToolCallParser.Found found = parser.feed(text);
        ToolCallParser.Found rest = parser.finish();
        List<ToolCall> calls = new ArrayList<>(found.calls());
        calls.addAll(rest.calls());
        return new ToolCallParser.Found(found.text() + rest.text(), calls);
    }

    private static String call(ToolCallFormat format, String name, String arguments) {
        String text = switch (format) {
            case HERMES -> "<tool_call>\n{\"name\": \"%s\", \"arguments\": %s}\n</tool_call>";
            case LLAMA -> "<|python_tag|>{\"name\": \"%s\", \"parameters\": %s}";
            case MISTRAL -> "[TOOL_CALLS] [{\"name\": \"%s\", \"arguments\": %s}]";
        };
        return text.formatted(name, arguments);
    }

    @ParameterizedTest
    @EnumSource
    void argumentsOfStrictToolsAreHeldToTheirSchema(ToolCallFormat format) {
        String answer = write(calls(format).get(), "One < two. " + call(format, "count", "{\"n\": \"many\"}"), 400);

        ToolCallParser.Found found = parse(format, answer);
        assertThat(found.text()).startsWith("One < two. ");
        assertThat(found.calls()).as("%s", answer).isNotEmpty();
        assertThat(found.calls().getFirst().name()).isEqualTo("count");
        assertThat(found.calls().getFirst().arguments()).matches("\\{\"n\":[1-9]\\d{0,2}}");
    }

    @ParameterizedTest
    @EnumSource
    void whatFitsIsWrittenAsTheModelWouldHave(ToolCallFormat format) {
        for (String wanted : List.of(
                "No call, but a <tool and {\"name\": \"count\"} alone.",
                "Well. " + call(format, "count", "{\"n\": 12}"),
                call(format, "guess", "{\"any\": [\"thing\", {\"n\": null}]}"))) {
            assertThat(write(calls(format).get(), wanted, 400)).isEqualTo(wanted);
        }
    }

    /** Only the format of Llama 3 and that of Mistral end with their calls. */
    @Test
    void textAndFurtherCallsMayFollow() {
        String two = call(ToolCallFormat.HERMES, "count", "{\"n\": 1}") + "\n"
                + call(ToolCallFormat.HERMES, "count", "{\"n\":  2}") + " Done.";

        String answer = write(calls(ToolCallFormat.HERMES).get(), two, 400);

        assertThat(answer).startsWith(call(ToolCallFormat.HERMES, "count", "{\"n\": 1}") + "\n");
        assertThat(parse(ToolCallFormat.HERMES, answer).calls())
                .hasSize(2)
                .allSatisfy(call -> assertThat(call.arguments()).matches("\\{\"n\":[1-9]\\d{0,2}}"));
        TokenConstraint mistral = calls(ToolCallFormat.MISTRAL).get();
        assertThat(write(mistral, call(ToolCallFormat.MISTRAL, "count", "{\"n\": 3}") + " Done.", 400))
                .isEqualTo(call(ToolCallFormat.MISTRAL, "count", "{\"n\": 3}"));
        assertThat(mistral.complete()).isTrue();
    }

    @Test
    void anAnswerThatBeginsLikeACallOfLlamasIsOne() {
        String begun = "{\"name\": \"count\", \"parameters\": ";

        String answer = write(calls(ToolCallFormat.LLAMA).get(), "\n" + begun + "{\"n\": \"x\"}}", 400);
        String text = write(calls(ToolCallFormat.LLAMA).get(), "So: " + begun + "{\"n\": \"x\"}}", 400);

        assertThat(parse(ToolCallFormat.LLAMA, answer).calls().getFirst().arguments())
                .matches("\\{\"n\":[1-9]\\d{0,2}}");
        assertThat(text).isEqualTo("So: " + begun + "{\"n\": \"x\"}}");
    }

    /** What ends the mark must go on like a call; before it, and without it, nothing is forbidden. */
    @Test
    void tokensThatSpanTheEndOfAMarkFitToo() {
        TokenConstraint walk = calls(ToolCallFormat.HERMES).get();
        assertThat(forbidden(walk)).isEmpty();
        for (byte value : "A <tool_call".getBytes(StandardCharsets.UTF_8)) {
            walk.accept(value);
        }
        assertThat(forbidden(walk)).containsExactly(TOKENIZER.idOf(">x"));

        walk.accept(TOKENIZER.idOf(">{"));

        assertThat(forbidden(walk)).hasSize(MODEL_IDS - 1).doesNotContain((int) '"');
    }

    private static List<Integer> forbidden(TokenConstraint walk) {
        float[] logits = new float[MODEL_IDS];
        walk.mask(logits, 400);
        List<Integer> forbidden = new ArrayList<>();
        for (int id = 0; id < MODEL_IDS; id++) {
            if (logits[id] != 0) {
                forbidden.add(id);
            }
        }
        return forbidden;
    }

    @Test
    void aCallEndsBeforeItsTokensDo() {
        TokenConstraint walk = calls(ToolCallFormat.HERMES).get();
        String begun = "<tool_call>\n{\"name\": \"guess\", \"arguments\": {\"a\": \"";

        String answer = write(walk, begun + "b".repeat(400), 60);

        assertThat(parse(ToolCallFormat.HERMES, answer).calls()).hasSize(1);
        assertThat(walk.cutShort()).isTrue();
    }

    @Test
    void whatAStrictSchemaMayNotHaveIsNamed() {
        ToolDefinition odd = new ToolDefinition(
                "odd", null, JsonMapper.shared().readTree("{\"type\": \"object\", \"if\": {}}"), true);

        assertThatThrownBy(() -> new StrictCalls(VOCABULARY, ToolCallFormat.HERMES, List.of(odd)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"if\" is not supported");
    }
}
