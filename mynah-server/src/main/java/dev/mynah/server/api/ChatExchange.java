package dev.mynah.server.api;

import dev.mynah.model.SamplingDefaults;
import dev.mynah.server.account.Caller;
import dev.mynah.server.answer.Inference;
import dev.mynah.server.billing.TokenCounts;
import dev.mynah.server.provider.Prompt;
import dev.mynah.server.store.Ids;
import dev.mynah.server.web.EventStream;
import dev.mynah.server.web.JsonObject;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import tools.jackson.databind.json.JsonMapper;

/** A chat completion. */
record ChatExchange(ChatCompletionRequest chat) implements Exchange {

    /**
     * What a request asks for, stored in the end if that is wished.
     *
     * @param defaults how a model asks to be sampled, by its name
     */
    static Exchange of(
            Caller caller,
            JsonObject body,
            Function<String, SamplingDefaults> defaults,
            StoredChatCompletions stored,
            JsonMapper mapper) {
        ChatCompletionRequest chat = ChatCompletionRequest.read(body, defaults);
        return chat.store() ? new StoringChatExchange(chat, caller, body, stored, mapper) : new ChatExchange(chat);
    }

    @Override
    public Inference.Question question(Caller caller) {
        return new Inference.Question(
                Ids.next("chatcmpl-"),
                caller,
                ChatCompletionsController.ENDPOINT,
                null,
                chat.model(),
                List.of(new Prompt.Chat(chat.messages(), chat.tools(), chat.begun())),
                chat.sampling(),
                chat.form(),
                chat.choices());
    }

    @Override
    public boolean streams() {
        return chat.streaming().on();
    }

    @Override
    public ChatCompletion whole(String id, long created, List<CollectedChoice> collected, TokenCounts counts) {
        boolean logProbs = chat.sampling().topLogProbs() >= 0;
        List<ChatCompletion.Choice> choices = IntStream.range(0, collected.size())
                .mapToObj(i -> {
                    CollectedChoice choice = collected.get(i);
                    return new ChatCompletion.Choice(
                            i,
                            ChatCompletion.Message.of(choice),
                            logProbs ? LogProbsBody.of(choice.scores()) : null,
                            choice.finishReason());
                })
                .toList();
        return new ChatCompletion(id, "chat.completion", created, chat.model(), choices, UsageBody.of(counts), true);
    }

    @Override
    public Writer writer(String id, long created, EventStream events) {
        return new ChatCompletionStream(id, created, chat, events);
    }
}
