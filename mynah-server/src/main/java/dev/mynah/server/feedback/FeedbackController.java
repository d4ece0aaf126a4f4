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
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** What users say of answers, and whether it may be used. */
@RestController
final class FeedbackController {
    private static final Set<String> REASONS = Set.of("wrong", "unhelpful", "harmful", "style");
    private static final int MAX_COMMENT = 2_000;
    private static final int MAX_CORRECTED = 100_000;

    private final FeedbackRepository feedback;
    private final ConversationRepository conversations;
    private final Transactions transactions;
    private final Clock clock;

    FeedbackController(
            FeedbackRepository feedback, ConversationRepository conversations, Transactions transactions, Clock clock) {
        this.feedback = feedback;
        this.conversations = conversations;
        this.transactions = transactions;
        this.clock = clock;
    }

    @PutMapping("/api/conversations/{id}/messages/{messageId}/feedback")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void put(Caller caller, @PathVariable String id, @PathVariable String messageId, JsonObject body) {
        Message answer = conversations
                .message(messageId, caller.userId())
                .filter(message -> message.conversationId().equals(id))
                .orElseThrow(() -> ApiException.notFound("There is no such message."));
        String rating = body.requiredString("rating");
        if (!rating.matches("good|bad")) {
            throw body.invalid("rating", "it is one of good, bad");
        }
        List<String> reasons = body.strings("reasons").stream().distinct().toList();
        if (!REASONS.containsAll(reasons)) {
            throw body.invalid("reasons", "each is one of wrong, unhelpful, harmful, style");
        }
        String comment = text(body, "comment", MAX_COMMENT);
        String corrected = text(body, "corrected", MAX_CORRECTED);
        body.finish();
        MessageSettings settings = conversations.settings(messageId).orElseThrow(FeedbackController::noAnswer);
        String question = answer.parentId();
        if (question == null || answer.state() == MessageState.RUNNING) {
            throw noAnswer();
        }
        Feedback said = new Feedback(
                caller.userId(),
                question,
                rating,
                reasons,
                comment,
                corrected.isBlank() ? null : corrected,
                GivenPrompt.of(conversations, question, settings),
                answer.content(),
                settings);
        transactions.run(() -> feedback.put(said, clock.instant()));
    }

    private static String text(JsonObject body, String key, int most) {
        String text = body.string(key).orElse("");
        if (text.length() > most) {
            throw body.invalid(key, "it has at most " + most + " characters");
        }
        return text;
    }

    private static ApiException noAnswer() {
        return ApiException.of(
                HttpStatus.CONFLICT, "Only an answer that has ended can be rated.", null, "not_an_answer");
    }

    /** @param consent null until the user was asked */
    record ConsentBody(@Nullable Boolean consent) {}

    @GetMapping("/api/account/feedback-consent")
    ConsentBody consent(Caller caller) {
        return new ConsentBody(feedback.consent(caller.userId()).orElse(null));
    }

    /** Agrees that feedback is used to train models, or takes that back: then nothing of this user is exported any more. */
    @PutMapping("/api/account/feedback-consent")
    ConsentBody setConsent(Caller caller, JsonObject body) {
        boolean consent = body.bool("consent").orElseThrow(() -> body.missing("consent"));
        body.finish();
        feedback.setConsent(caller.userId(), consent);
        return consent(caller);
    }
}
