package dev.mynah.server.api;

import dev.mynah.server.account.Caller;
import dev.mynah.server.answer.Inference;
import dev.mynah.server.billing.TokenCounts;
import dev.mynah.server.provider.GenerationEvent;
import dev.mynah.server.web.ErrorBody;
import dev.mynah.server.web.EventStream;
import dev.mynah.server.web.JsonObject;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A chat completion that is stored once it is whole. */
final class StoringChatExchange implements Exchange {
    /** What a stored completion repeats of its request. */
    private static final List<String> SETTINGS = List.of(
            "temperature",
            "top_p",
            "seed",
            "presence_penalty",
            "frequency_penalty",
            "response_format",
            "tools",
            "tool_choice");

    private final ChatExchange exchange;
    private final Caller caller;
    private final Map<String, String> metadata;
    private final JsonNode messages;
    private final ObjectNode settings = JsonNodeFactory.instance.objectNode();
    private final StoredChatCompletions stored;
    private final JsonMapper mapper;

    /** @param body of the request, which was read */
    StoringChatExchange(
            ChatCompletionRequest chat,
            Caller caller,
            JsonObject body,
            StoredChatCompletions stored,
            JsonMapper mapper) {
        exchange = new ChatExchange(chat);
        this.caller = caller;
        metadata = body.metadata();
        messages = body.node().get("messages");
        SETTINGS.forEach(key -> settings.set(key, body.value(key).orElse(JsonNodeFactory.instance.nullNode())));
        StoredSize.requireRead(body, "messages", messages, chat.messages());
        StoredSize.requireSmall(body, settings);
        this.stored = stored;
        this.mapper = mapper;
    }

    @Override
    public Inference.Question question(Caller asker) {
        return exchange.question(asker);
    }

    @Override
    public boolean streams() {
        return exchange.streams();
    }

    @Override
    public ChatCompletion whole(String id, long created, List<CollectedChoice> choices, TokenCounts counts) {
        ChatCompletion whole = exchange.whole(id, created, choices, counts);
        ObjectNode body = mapper.valueToTree(whole);
        stored.insert(caller, whole.model(), metadata, messages, body.setAll(settings));
        return whole;
    }

    @Override
    public Writer writer(String id, long created, EventStream events) {
        Writer writer = exchange.writer(id, created, events);
        List<CollectedChoice> choices = CollectedChoice.empty(exchange.chat().choices());
        return new Writer() {
            @Override
            public void begin() {
                writer.begin();
            }

            @Override
            public void show(GenerationEvent event) {
                choices.get(event.choice()).add(event);
                writer.show(event);
            }

            @Override
            public void fail(ErrorBody error) {
                writer.fail(error);
            }

            @Override
            public void end(TokenCounts counts) {
                whole(id, created, choices, counts);
                writer.end(counts);
            }
        };
    }
}
