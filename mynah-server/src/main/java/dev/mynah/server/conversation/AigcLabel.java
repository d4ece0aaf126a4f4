package dev.mynah.server.conversation;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Says in the metadata of a file that a machine wrote of it: the fields of the implicit label of GB 45438-2025, as services that export Markdown write them. Who propagates the file fills in the rest.
 *
 * @param label           1: content is generated, which is sure here
 * @param contentProducer who runs the service
 * @param produceId       what the service knows the content by
 */
record AigcLabel(
        @JsonProperty("Label") String label,
        @JsonProperty("ContentProducer") String contentProducer,
        @JsonProperty("ProduceID") String produceId,
        @JsonProperty("ReservedCode1") String reservedCode1,
        @JsonProperty("ContentPropagator") String contentPropagator,
        @JsonProperty("PropagateID") String propagateId,
        @JsonProperty("ReservedCode2") String reservedCode2) {

    /** The label of messages, or null where people wrote them all. */
    static @Nullable AigcLabel of(String producer, String id, List<Message> messages) {
        return messages.stream().anyMatch(Message::isGenerated)
                ? new AigcLabel("1", producer, id, "", "", "", "")
                : null;
    }

    /** As what stands before the text of a Markdown file. */
    String frontMatter() {
        return """
                ---
                AIGC:
                  Label: %s
                  ContentProducer: %s
                  ProduceID: %s
                  ReservedCode1: %s
                  ContentPropagator: %s
                  PropagateID: %s
                  ReservedCode2: %s
                ---

                """.formatted(
                        quoted(label),
                        quoted(contentProducer),
                        quoted(produceId),
                        quoted(reservedCode1),
                        quoted(contentPropagator),
                        quoted(propagateId),
                        quoted(reservedCode2));
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
