package dev.mynah.server.conversation;

import dev.mynah.server.store.Ids;
import dev.mynah.server.store.Transactions;
import java.io.InputStream;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads ChatGPT's {@code conversations.json}, one conversation at a time: texts of users and assistants with all branches; what is not text is left out. */
@Component
final class ConversationImport {
    private static final int MAX_MESSAGES = 20_000;
    private static final int MAX_TITLE = 300;
    private static final double LAST_SECOND = 253_402_300_799.0;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(100)
                            .maxStringLength(16 << 20)
                            .build())
                    .build())
            // Other conversations follow each.
            .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final ConversationRepository repository;
    private final Transactions transactions;
    private final Clock clock;

    ConversationImport(ConversationRepository repository, Transactions transactions, Clock clock) {
        this.repository = repository;
        this.transactions = transactions;
        this.clock = clock;
    }

    /** What an import brought. */
    record Result(int conversations, int messages) {}

    /**
     * Keeps all conversations of a file for a user.
     *
     * @param model what their next answers are asked of
     * @throws IllegalArgumentException if the file is of another form; what came before stays
     */
    Result read(InputStream json, String userId, String model) {
        int number = 0;
        int conversations = 0;
        int messages = 0;
        try (BoundedParser parser = new BoundedParser(MAPPER.createParser(json))) {
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                throw new IllegalArgumentException("the file is no array of conversations, as ChatGPT exports them");
            }
            while (parser.nextToken() == JsonToken.START_OBJECT) {
                number++;
                int kept = keep(next(parser, number), userId, model, number);
                conversations += kept == 0 ? 0 : 1;
                messages += kept;
            }
            return new Result(conversations, messages);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(
                    "the file is damaged after " + conversations + " conversations: " + e.getOriginalMessage(), e);
        }
    }

    private static JsonNode next(BoundedParser parser, int number) {
        parser.beginValue();
        try {
            return MAPPER.readTree(parser);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("conversation " + number + " is too large: " + e.getMessage(), e);
        }
    }

    private int keep(JsonNode file, String userId, String model, int number) {
        JsonNode mapping = file.path("mapping");
        if (!mapping.isObject()) {
            throw new IllegalArgumentException("conversation " + number + " has no \"mapping\"");
        }
        if (mapping.size() > MAX_MESSAGES) {
            throw new IllegalArgumentException(
                    "conversation " + number + " has " + mapping.size() + " messages; the limit is " + MAX_MESSAGES);
        }
        Instant created = time(file.path("create_time"));
        Conversation conversation = new Conversation(
                Ids.next("conv_"),
                userId,
                shortened(text(file.path("title"))),
                model,
                false,
                false,
                "",
                null,
                created,
                time(file.path("update_time"), created));
        List<Message> messages = messages(file, mapping, conversation.id(), created);
        if (!messages.isEmpty()) {
            transactions.run(() -> {
                repository.insert(conversation, null);
                messages.forEach(message -> repository.insert(message, null));
            });
        }
        return messages.size();
    }

    /** A node, and the message that its own follows. */
    private record Place(String node, @Nullable String parentId) {}

    /** Every text below the roots, parents first; the branch that was shown comes last, and so is shown here too. */
    private List<Message> messages(JsonNode file, JsonNode mapping, String conversationId, Instant created) {
        Set<String> current = branch(mapping, text(file.path("current_node")));
        List<Message> messages = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        Deque<Place> open = new ArrayDeque<>();
        for (String id : mapping.propertyNames()) {
            if (!mapping.has(text(mapping.path(id).path("parent")))) {
                open.add(new Place(id, null));
            }
        }
        while (!open.isEmpty()) {
            Place place = open.pop();
            if (!seen.add(place.node())) {
                continue;
            }
            JsonNode node = mapping.path(place.node());
            @Nullable Message message = message(node.path("message"), conversationId, place.parentId(), created);
            if (message != null) {
                messages.add(message);
            }
            String parent = message == null ? place.parentId() : message.id();
            for (JsonNode child : node.path("children")) {
                Place next = new Place(text(child), parent);
                // The one that is pushed last comes next.
                if (current.contains(next.node())) {
                    open.addLast(next);
                } else {
                    open.push(next);
                }
            }
        }
        return messages;
    }

    private static Set<String> branch(JsonNode mapping, String leaf) {
        Set<String> branch = new HashSet<>();
        for (String id = leaf; mapping.has(id) && branch.add(id); ) {
            id = text(mapping.path(id).path("parent"));
        }
        return branch;
    }

    private static @Nullable Message message(
            JsonNode node, String conversationId, @Nullable String parentId, Instant created) {
        String role = text(node.path("author").path("role"));
        StringBuilder content = new StringBuilder();
        for (JsonNode part : node.path("content").path("parts")) {
            content.append(content.isEmpty() ? "" : "\n\n").append(text(part));
        }
        if (content.toString().isBlank() || !role.matches("user|assistant")) {
            return null;
        }
        return new Message(
                Ids.next("msg_"),
                conversationId,
                parentId,
                role,
                content.toString(),
                null,
                MessageState.COMPLETE,
                false,
                time(node.path("create_time"), created));
    }

    private Instant time(JsonNode seconds) {
        return time(seconds, clock.instant());
    }

    private static Instant time(JsonNode seconds, Instant otherwise) {
        double value = seconds.isNumber() ? seconds.doubleValue() : -1;
        return value >= 0 && value <= LAST_SECOND ? Instant.ofEpochMilli((long) (value * 1e3)) : otherwise;
    }

    /** A text, without the NULs that no database keeps. */
    private static String text(JsonNode node) {
        return node.isString() ? node.stringValue().replace("\0", "") : "";
    }

    private static String shortened(String title) {
        int end = Math.min(MAX_TITLE, title.length());
        return title.substring(
                0, end < title.length() && Character.isHighSurrogate(title.charAt(end - 1)) ? end - 1 : end);
    }
}
