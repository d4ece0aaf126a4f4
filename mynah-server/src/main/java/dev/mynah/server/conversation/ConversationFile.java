package dev.mynah.server.conversation;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.mynah.server.web.ContentLabel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A conversation in the form of ChatGPT's {@code conversations.json}: what is exported here can be imported here and by whatever reads that. */
record ConversationFile(
        String title,
        double createTime,
        double updateTime,
        Map<String, Node> mapping,
        @Nullable String currentNode,

        @JsonProperty("AIGC") @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
        AigcLabel label) {
    private static final String ROOT = "root";

    /** A place in the tree; the root has no message. */
    record Node(String id, @Nullable Text message, @Nullable String parent, List<String> children) {}

    record Text(String id, Author author, double createTime, Content content, Metadata metadata) {}

    /** @param aiGenerated whether a model wrote it */
    record Metadata(boolean aiGenerated) {}

    record Author(String role) {}

    record Content(String contentType, List<String> parts) {}

    /**
     * @param messages all of the conversation's, parents before their children
     * @param producer who runs the service, for the label
     */
    static ConversationFile of(Conversation conversation, List<Message> messages, String producer) {
        Map<String, Node> nodes = new LinkedHashMap<>();
        nodes.put(ROOT, new Node(ROOT, null, null, new ArrayList<>()));
        for (Message message : messages) {
            String parent = message.parentId() == null ? ROOT : message.parentId();
            Text text = new Text(
                    message.id(),
                    new Author(message.role()),
                    seconds(message.createdAt()),
                    new Content("text", List.of(message.content())),
                    new Metadata(message.isGenerated()));
            nodes.put(message.id(), new Node(message.id(), text, parent, new ArrayList<>()));
            Node before = nodes.get(parent);
            if (before != null) {
                before.children().add(message.id());
            }
        }
        return new ConversationFile(
                conversation.title(),
                seconds(conversation.createdAt()),
                seconds(conversation.updatedAt()),
                nodes,
                messages.isEmpty() ? null : messages.getLast().id(),
                AigcLabel.of(producer, conversation.id(), messages));
    }

    private static double seconds(Instant moment) {
        return moment.toEpochMilli() / 1e3;
    }

    /** A branch as Markdown for people. */
    static String markdown(Conversation conversation, List<Message> path, String producer) {
        @Nullable AigcLabel label = AigcLabel.of(producer, conversation.id(), path);
        StringBuilder text = new StringBuilder(label == null ? "" : label.frontMatter());
        text.append("# ").append(conversation.title().replace('\n', ' ')).append('\n');
        for (Message message : path) {
            text.append("\n## ").append(message.role()).append("\n\n");
            if (message.isGenerated()) {
                text.append(ContentLabel.MARK).append("\n\n");
            }
            text.append(message.content().strip()).append('\n');
        }
        return text.toString();
    }
}
