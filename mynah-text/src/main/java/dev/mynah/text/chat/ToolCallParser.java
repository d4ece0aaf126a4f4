package dev.mynah.text.chat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Finds the calls of tools in a model's answer while it is being written. What is no call, or a malformed one, is text
 * exactly as it came; nothing that a model writes is an error. For one answer and one thread.
 *
 * <p>The answer has to be decoded with its special tokens as text, since some formats begin calls with one.
 */
public final class ToolCallParser {

    /**
     * What became certain.
     *
     * @param text of the answer
     * @param calls in order; the index of a call is the number of those before it in the answer
     */
    public record Found(String text, List<ToolCall> calls) {
        public Found {
            calls = List.copyOf(calls);
        }
    }

    private static final String PYTHON_TAG = "<|python_tag|>";
    /** A call that is longer is text: what is held back stays bounded. */
    private static final int MAX_CALL = 1 << 20;

    private final ToolCallFormat format;
    private final Supplier<String> ids;
    private final StringBuilder pending = new StringBuilder();
    /** Where in {@code pending} the end of a call is looked for next. */
    private int searched;

    private boolean begun;

    /**
     * A parser.
     *
     * @param ids gives the id of each call; Mistral's templates ask for nine letters or digits
     */
    public ToolCallParser(ToolCallFormat format, Supplier<String> ids) {
        this.format = format;
        this.ids = ids;
    }

    /** Takes the next piece of the answer. */
    public Found feed(String piece) {
        pending.append(piece);
        StringBuilder text = new StringBuilder();
        List<ToolCall> calls = new ArrayList<>();
        if (format == ToolCallFormat.HERMES) {
            hermes(text, calls);
        } else {
            untilCalls(text);
        }
        if (pending.length() > MAX_CALL) {
            release(text, pending.length());
        }
        return new Found(text.toString(), calls);
    }

    /** The answer has ended: what was held back. */
    public Found finish() {
        String rest = pending.toString();
        pending.setLength(0);
        searched = 0;
        List<ToolCall> calls = switch (format) {
            case HERMES -> calls(rest, "<tool_call>", "arguments");
            case MISTRAL -> calls(rest, "[TOOL_CALLS]", "arguments");
            case LLAMA -> calls(rest, rest.strip().startsWith(PYTHON_TAG) ? PYTHON_TAG : "", "parameters");
        };
        return calls.isEmpty() ? new Found(rest, List.of()) : new Found("", calls);
    }

    private void hermes(StringBuilder text, List<ToolCall> calls) {
        String open = "<tool_call>";
        String close = "</tool_call>";
        while (true) {
            int begin = pending.indexOf(open);
            if (begin < 0) {
                release(text, pending.length() - overlap(open));
                return;
            }
            release(text, begin);
            int end = pending.indexOf(close, Math.max(open.length(), searched));
            if (end < 0) {
                searched = Math.max(0, pending.length() - close.length());
                return;
            }
            ToolCall call = call(pending.substring(open.length(), end), "arguments");
            if (call == null) {
                release(text, end + close.length());
            } else {
                calls.add(call);
                drop(end + close.length());
            }
        }
    }

    /** In the other formats calls reach to the end of the answer; all before them is text. */
    private void untilCalls(StringBuilder text) {
        if (format == ToolCallFormat.MISTRAL) {
            int begin = pending.indexOf("[TOOL_CALLS]");
            release(text, begin >= 0 ? begin : pending.length() - overlap("[TOOL_CALLS]"));
            return;
        }
        int begin = pending.indexOf(PYTHON_TAG);
        if (begin >= 0) {
            release(text, begin);
            return;
        }
        String start = pending.toString().stripLeading();
        if (begun || !(start.isEmpty() || start.startsWith("{"))) {
            int held = overlap(PYTHON_TAG);
            release(text, pending.length() - held);
        }
    }

    /** How many characters at the end of what is pending may begin {@code mark}. */
    private int overlap(String mark) {
        for (int length = Math.min(mark.length() - 1, pending.length()); length > 0; length--) {
            if (pending.indexOf(mark.substring(0, length), pending.length() - length) >= 0) {
                return length;
            }
        }
        return 0;
    }

    private void release(StringBuilder text, int length) {
        if (length > 0) {
            text.append(pending, 0, length);
            drop(length);
            begun = true;
        }
    }

    private void drop(int length) {
        pending.delete(0, length);
        searched = 0;
    }

    /** The calls that {@code rest} consists of after {@code mark}: one, an array, or several with semicolons; none if anything is wrong. */
    private List<ToolCall> calls(String rest, String mark, String argumentsKey) {
        String body = rest.strip();
        if (!body.startsWith(mark)) {
            return List.of();
        }
        List<ToolCall> calls = new ArrayList<>();
        for (String part : parts(body.substring(mark.length()))) {
            JsonNode node = parse(part);
            if (node == null || node.isEmpty()) {
                return List.of();
            }
            for (JsonNode each : node.isArray() ? node : List.of(node)) {
                ToolCall call = call(each, argumentsKey);
                if (call == null) {
                    return List.of();
                }
                calls.add(call);
            }
        }
        return calls;
    }

    /** Cuts at semicolons that stand outside of strings. */
    private static List<String> parts(String json) {
        List<String> parts = new ArrayList<>();
        boolean quoted = false;
        int begin = 0;
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            if (quoted && c == '\\') {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == ';' && !quoted) {
                parts.add(json.substring(begin, i));
                begin = i + 1;
            }
        }
        parts.add(json.substring(begin));
        return parts;
    }

    private @Nullable ToolCall call(String json, String argumentsKey) {
        JsonNode node = parse(json);
        return node == null ? null : call(node, argumentsKey);
    }

    private @Nullable ToolCall call(JsonNode node, String argumentsKey) {
        JsonNode name = node.path("name");
        JsonNode given = node.path(argumentsKey);
        JsonNode arguments = given.isMissingNode() ? node.path("arguments") : given;
        if (!name.isString() || name.stringValue().isEmpty() || !arguments.isObject()) {
            return null;
        }
        return new ToolCall(ids.get(), name.stringValue(), arguments.toString());
    }

    private static @Nullable JsonNode parse(String json) {
        try {
            JsonNode node = JsonMapper.shared().readTree(json);
            return node.isObject() || node.isArray() ? node : null;
        } catch (JacksonException e) {
            return null;
        }
    }
}
