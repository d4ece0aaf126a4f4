package dev.mynah.server.api;

import dev.mynah.server.account.Caller;
import dev.mynah.server.answer.Inference;
import dev.mynah.server.billing.TokenCounts;
import dev.mynah.server.provider.Prompt;
import dev.mynah.server.store.Ids;
import dev.mynah.server.web.EventStream;
import java.util.List;
import java.util.stream.IntStream;

/** A chat completion. */
record ChatExchange(ChatCompletionRequest chat) implements Exchange {

    @Override
    public Inference.Question question(Caller caller) {
        return new Inference.Question(
                Ids.next("chatcmpl-"),
                caller,
                ChatCompletionsController.ENDPOINT,
                null,
                chat.model(),
                List.of(new Prompt.Chat(chat.messages(), chat.tools())),
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
