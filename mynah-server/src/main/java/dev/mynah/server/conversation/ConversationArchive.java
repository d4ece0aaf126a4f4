package dev.mynah.server.conversation;

import dev.mynah.server.config.ServiceConfig;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** All conversations of a user as one file, written one at a time. */
@Component
public final class ConversationArchive {
    private final ConversationRepository repository;
    private final AssistantRepository assistants;
    private final SharedConversations shares;
    private final Instructions instructions;
    private final JsonMapper mapper;
    private final String producer;

    ConversationArchive(
            ConversationRepository repository,
            AssistantRepository assistants,
            SharedConversations shares,
            Instructions instructions,
            JsonMapper mapper,
            ServiceConfig config) {
        this.repository = repository;
        this.assistants = assistants;
        this.shares = shares;
        this.instructions = instructions;
        this.mapper = mapper;
        producer = config.contentProducer();
    }

    /** Writes {@code conversations.json}. */
    public void write(String userId, OutputStream out) throws IOException {
        String separator = "[\n";
        for (Conversation conversation : repository.all(userId)) {
            out.write(separator.getBytes(StandardCharsets.UTF_8));
            ConversationFile file =
                    ConversationFile.of(conversation, repository.allMessages(conversation.id()), producer);
            out.write(mapper.writeValueAsBytes(file));
            separator = ",\n";
        }
        out.write((separator.startsWith("[") ? "[]\n" : "\n]\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Instructions for all chats, own assistants and shared links as JSON. */
    public byte[] others(String userId) {
        return mapper.writeValueAsBytes(
                new Others(instructions.of(userId).orElse(""), assistants.ofUser(userId), shares.ofUser(userId)));
    }

    private record Others(
            String instructions, List<Assistant> assistants, List<SharedConversations.Shared> sharedConversations) {}
}
