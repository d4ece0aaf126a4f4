package dev.mynah.server.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.mynah.text.chat.ToolCall;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A call of a tool. In a stream it comes in pieces, which belong together by their index: the first with id and name, the arguments after it.
 *
 * @param index in a stream, the place among the choice's calls; else absent
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ToolCallBody(
        @Nullable Integer index,
        @Nullable String id,
        @Nullable String type,
        Function function) {

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Function(@Nullable String name, String arguments) {}

    static ToolCallBody of(ToolCall call) {
        return new ToolCallBody(null, call.id(), "function", new Function(call.name(), call.arguments()));
    }

    static List<ToolCallBody> pieces(int index, ToolCall call) {
        return List.of(
                new ToolCallBody(index, call.id(), "function", new Function(call.name(), "")),
                new ToolCallBody(index, null, null, new Function(null, call.arguments())));
    }
}
