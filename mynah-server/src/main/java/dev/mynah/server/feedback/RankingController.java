package dev.mynah.server.feedback;

import dev.mynah.server.account.Caller;
import dev.mynah.server.conversation.ConversationRepository;
import dev.mynah.server.conversation.Message;
import dev.mynah.server.conversation.MessageSettings;
import dev.mynah.server.conversation.MessageState;
import dev.mynah.server.store.Transactions;
import dev.mynah.server.web.ApiException;
import dev.mynah.server.web.JsonObject;
import java.time.Clock;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** {@code PUT /api/conversations/{id}/rankings}: answers to one question, the best first. */
@RestController
final class RankingController {
    private static final int MOST = 10;

    private final RankingRepository rankings;
    private final ConversationRepository conversations;
    private final Transactions transactions;
    private final Clock clock;

    RankingController(
            RankingRepository rankings, ConversationRepository conversations, Transactions transactions, Clock clock) {
        this.rankings = rankings;
        this.conversations = conversations;
        this.transactions = transactions;
        this.clock = clock;
    }

    @PutMapping("/api/conversations/{id}/rankings")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void put(Caller caller, @PathVariable String id, JsonObject body) {
        List<String> ids = body.strings("message_ids");
        body.finish();
        if (ids.size() < 2 || ids.size() > MOST || ids.stream().distinct().count() < ids.size()) {
            throw body.invalid("message_ids", "2 to " + MOST + " different answers, the best first");
        }
        List<Message> answers = ids.stream()
                .map(answer -> conversations
                        .message(answer, caller.userId())
                        .filter(message -> message.conversationId().equals(id))
                        .orElseThrow(() -> ApiException.notFound("There is no such message.")))
                .toList();
        String question = answers.getFirst().parentId();
        MessageSettings settings = conversations.settings(ids.getFirst()).orElseThrow(RankingController::notComparable);
        for (Message answer : answers) {
            if (question == null || !question.equals(answer.parentId()) || answer.state() == MessageState.RUNNING) {
                throw notComparable();
            }
        }
        List<Feedback.Turn> prompt = GivenPrompt.of(conversations, String.valueOf(question), settings);
        List<String> texts = answers.stream().map(Message::content).toList();
        transactions.run(() -> rankings.put(
                caller.userId(),
                new RankingRepository.Ranked(String.valueOf(question), prompt, texts),
                clock.instant()));
    }

    private static ApiException notComparable() {
        return ApiException.of(
                HttpStatus.CONFLICT,
                "Only answers to the same question, which have ended, can be compared.",
                null,
                "not_comparable");
    }
}
