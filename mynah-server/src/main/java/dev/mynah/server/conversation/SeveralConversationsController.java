package dev.mynah.server.conversation;

import dev.mynah.server.account.Caller;
import dev.mynah.server.store.Transactions;
import dev.mynah.server.web.JsonObject;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/conversations}: what is done to several at once. It is done to all that are named, or to none where one of them is not there. */
@RestController
@RequestMapping("/api/conversations")
final class SeveralConversationsController {
    private static final int MOST = 500;

    private final ConversationRepository repository;
    private final Conversations conversations;
    private final Transactions transactions;

    SeveralConversationsController(
            ConversationRepository repository, Conversations conversations, Transactions transactions) {
        this.repository = repository;
        this.conversations = conversations;
        this.transactions = transactions;
    }

    /** Archives those in {@code ids} or takes them out of the archive, moves them into a folder or, where its name is empty, out of any. */
    @PatchMapping
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void change(Caller caller, JsonObject body) {
        Set<String> ids = ids(body);
        Optional<Boolean> archived = body.bool("archived");
        Optional<String> folder =
                body.string("folder").map(name -> ConversationController.folder(body, "folder", name));
        body.finish();
        transactions.run(() -> {
            archived.ifPresent(wanted -> found(repository.archive(caller.userId(), ids, wanted)));
            folder.ifPresent(name -> found(repository.move(caller.userId(), ids, name)));
        });
    }

    /** Deletes those in {@code ids}. */
    @PostMapping("/delete")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(Caller caller, JsonObject body) {
        Set<String> ids = ids(body);
        body.finish();
        transactions.run(() -> found(repository.delete(caller.userId(), ids)));
        conversations.stopUnkept(caller.userId());
    }

    /** Deletes all of them, the archived too. */
    @DeleteMapping
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void deleteAll(Caller caller) {
        repository.deleteAll(caller.userId());
        conversations.stopUnkept(caller.userId());
    }

    @PostMapping("/archive")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void archiveAll(Caller caller) {
        repository.archiveAll(caller.userId());
    }

    private static Set<String> ids(JsonObject body) {
        Collection<String> ids = body.strings("ids");
        if (ids.isEmpty() || ids.size() > MOST) {
            throw body.invalid("ids", "it must name 1 to " + MOST + " conversations");
        }
        return new LinkedHashSet<>(ids);
    }

    private static void found(boolean all) {
        if (!all) {
            throw ConversationController.notFound();
        }
    }
}
