package dev.mynah.server.conversation;

import dev.mynah.server.account.Caller;
import dev.mynah.server.conversation.SharedConversations.Shared;
import dev.mynah.server.web.ApiException;
import dev.mynah.server.web.JsonObject;
import dev.mynah.server.web.Page;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Sharing: a user makes and revokes links; anybody reads what is behind one. */
@RestController
final class SharingController {
    private final SharedConversations shares;
    private final ConversationRepository conversations;
    private final Clock clock;

    SharingController(SharedConversations shares, ConversationRepository conversations, Clock clock) {
        this.shares = shares;
        this.conversations = conversations;
        this.clock = clock;
    }

    /** A link, to its owner. */
    record LinkBody(String id, String conversationId, String title, Instant createdAt) {
        static LinkBody of(Shared shared) {
            return new LinkBody(shared.id(), shared.conversationId(), shared.title(), shared.createdAt());
        }
    }

    @GetMapping("/api/shares")
    Page<LinkBody> list(Caller caller) {
        return new Page<>(
                shares.ofUser(caller.userId()).stream().map(LinkBody::of).toList(), null);
    }

    /** Shares a conversation up to {@code message_id}. */
    @PostMapping("/api/conversations/{id}/shares")
    @ResponseStatus(HttpStatus.CREATED)
    LinkBody share(Caller caller, @PathVariable String id, JsonObject body) {
        String messageId = body.requiredString("message_id");
        body.finish();
        Conversation conversation = conversations.find(id, caller.userId()).orElseThrow(SharingController::notFound);
        Message last = conversations
                .message(messageId, caller.userId())
                .filter(message -> message.conversationId().equals(id))
                .orElseThrow(SharingController::notFound);
        if (last.state() == MessageState.RUNNING) {
            throw ApiException.of(HttpStatus.CONFLICT, "The last answer is not complete yet.", null, "running");
        }
        return LinkBody.of(shares.insert(conversation, messageId, clock.instant()));
    }

    @DeleteMapping("/api/shares/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void revoke(Caller caller, @PathVariable String id) {
        if (!shares.delete(id, caller.userId())) {
            throw notFound();
        }
    }

    /** What everybody may see: neither whose it is, nor its instructions, nor other branches. */
    record SharedBody(String title, Instant createdAt, List<SharedMessage> messages) {}

    /** @param aiGenerated whether a model wrote it */
    record SharedMessage(String id, String role, String content, boolean aiGenerated) {}

    @GetMapping("/api/shared/{id}")
    SharedBody read(@PathVariable String id) {
        Shared shared = shares.find(id).orElseThrow(SharingController::notFound);
        List<SharedMessage> messages = conversations.path(shared.messageId(), Integer.MAX_VALUE).stream()
                .filter(message -> message.role().matches("user|assistant"))
                .map(message ->
                        new SharedMessage(message.id(), message.role(), message.content(), message.isGenerated()))
                .toList();
        return new SharedBody(shared.title(), shared.createdAt(), messages);
    }

    private static ApiException notFound() {
        return ApiException.notFound("There is no such conversation, or it is no longer shared.");
    }
}
