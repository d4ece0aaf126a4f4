package dev.mynah.server.conversation;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.mynah.server.account.Caller;
import dev.mynah.server.conversation.ConversationRepository.Cursor;
import dev.mynah.server.conversation.ConversationRepository.Filter;
import dev.mynah.server.conversation.ConversationRepository.Folder;
import dev.mynah.server.store.Ids;
import dev.mynah.server.store.Transactions;
import dev.mynah.server.web.ApiException;
import dev.mynah.server.web.JsonObject;
import dev.mynah.server.web.Page;
import dev.mynah.server.web.Pages;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/conversations}: a user's own. */
@RestController
@RequestMapping("/api/conversations")
final class ConversationController {
    private static final int MAX_TITLE = 300;
    private static final int MAX_FOLDER = 100;
    private static final int MAX_SETTINGS = 50_000;
    private static final String REQUEST_KEY = "Idempotency-Key";

    private final ConversationRepository repository;
    private final Conversations conversations;
    private final Comparisons comparisons;
    private final Transactions transactions;
    private final Clock clock;

    ConversationController(
            ConversationRepository repository,
            Conversations conversations,
            Comparisons comparisons,
            Transactions transactions,
            Clock clock) {
        this.repository = repository;
        this.conversations = conversations;
        this.comparisons = comparisons;
        this.transactions = transactions;
        this.clock = clock;
    }

    /** @param excerpt in a search what stands around the text in a message, where the title does not have it */
    record Body(
            String id,
            String title,
            String model,
            boolean archived,
            boolean pinned,
            String folder,
            @Nullable @JsonRawValue String settings,
            Instant createdAt,
            Instant updatedAt,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            String excerpt) {
        static Body of(Conversation conversation) {
            return of(conversation, null);
        }

        static Body of(Conversation conversation, @Nullable String excerpt) {
            return new Body(
                    conversation.id(),
                    conversation.title(),
                    conversation.modelId(),
                    conversation.archived(),
                    conversation.pinned(),
                    conversation.folder(),
                    conversation.settings(),
                    conversation.createdAt(),
                    conversation.updatedAt(),
                    excerpt);
        }
    }

    @GetMapping
    Page<Body> list(
            Caller caller,
            @RequestParam(name = "archived", defaultValue = "false") boolean archived,
            @RequestParam(name = "pinned", required = false) @Nullable Boolean pinned,
            @RequestParam(name = "folder", required = false) @Nullable String folder,
            @RequestParam(name = "q", defaultValue = "") String search,
            @RequestParam(name = "limit", defaultValue = Pages.DEFAULT) int limit,
            @RequestParam(name = "after", required = false) @Nullable String after) {
        int size = Pages.size(limit);
        if (folder != null && folder.indexOf('\0') >= 0) {
            throw ApiException.badRequest("folder has no NUL in it", "folder", "invalid_value");
        }
        Filter filter = new Filter(archived, pinned, folder, Pages.search(search));
        List<Conversation> page = repository.page(caller.userId(), filter, after == null ? null : cursor(after), size);
        Map<String, String> excerpts = excerpts(page, filter.search());
        return Page.of(
                page, size, one -> Body.of(one, excerpts.get(one.id())), last -> last.updatedAt() + "_" + last.id());
    }

    private Map<String, String> excerpts(List<Conversation> found, String search) {
        String wanted = search.toLowerCase(Locale.ROOT);
        return repository.excerpts(
                found.stream()
                        .filter(one -> !one.title().toLowerCase(Locale.ROOT).contains(wanted))
                        .map(Conversation::id)
                        .toList(),
                search);
    }

    private static Cursor cursor(String text) {
        int split = text.indexOf('_');
        try {
            return new Cursor(Instant.parse(text.substring(0, Math.max(0, split))), text.substring(split + 1));
        } catch (DateTimeException e) {
            throw ApiException.badRequest("after must be the \"next\" of another page", "after", "invalid_value");
        }
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    Body create(
            Caller caller,
            @RequestHeader(name = REQUEST_KEY, required = false) @Nullable String requestKey,
            JsonObject body) {
        String model = body.requiredString("model");
        String title = title(body, "");
        String folder = folder(body, "folder", "");
        String settings = settings(body);
        body.finish();
        Instant now = clock.instant();
        Conversation conversation = new Conversation(
                Ids.next("conv_"), caller.userId(), title, model, false, false, folder, settings, now, now);
        return Body.of(conversations.begin(conversation, checked(requestKey)));
    }

    /** The name of a request, checked. */
    private static @Nullable String checked(@Nullable String requestKey) {
        if (requestKey != null && !requestKey.matches("[!-~]{1,64}")) {
            throw ApiException.badRequest("The " + REQUEST_KEY + " must have 1 to 64 visible ASCII characters.");
        }
        return requestKey;
    }

    @GetMapping("/folders")
    Page<Folder> folders(Caller caller) {
        return new Page<>(repository.folders(caller.userId()), null);
    }

    /** Gives a folder another name, that of another folder perhaps, or takes everything out of it where the name is empty. */
    @PatchMapping("/folders")
    Page<Folder> renameFolder(Caller caller, JsonObject body) {
        String from = body.requiredString("name");
        body.requiredString("to");
        String to = folder(body, "to", "");
        body.finish();
        if (from.isEmpty() || !repository.moveAll(caller.userId(), from, to)) {
            throw ApiException.notFound("There is no such folder.");
        }
        return folders(caller);
    }

    static String folder(JsonObject body, String key, String otherwise) {
        String folder = body.string(key).map(String::strip).orElse(otherwise);
        if (folder.length() > MAX_FOLDER) {
            throw body.invalid(key, "the name of a folder has at most " + MAX_FOLDER + " characters");
        }
        return folder;
    }

    private static String title(JsonObject body, String otherwise) {
        String title = body.string("title").orElse(otherwise);
        if (title.length() > MAX_TITLE) {
            throw body.invalid("title", "a title has at most " + MAX_TITLE + " characters");
        }
        return title;
    }

    /** An object that the web app keeps with the conversation, as text. */
    private static @Nullable String settings(JsonObject body) {
        String text = body.object("settings").map(JsonObject::toString).orElse(null);
        if (text != null && text.length() > MAX_SETTINGS) {
            throw body.invalid("settings", "it has at most " + MAX_SETTINGS + " characters");
        }
        return text;
    }

    @GetMapping("/{id}")
    Body get(Caller caller, @PathVariable String id) {
        return Body.of(find(caller, id));
    }

    /** Changes what the body names. */
    @PatchMapping("/{id}")
    Body update(Caller caller, @PathVariable String id, JsonObject body) {
        return Body.of(transactions.call(() -> {
            Conversation changed =
                    changed(repository.lock(id, caller.userId()).orElseThrow(ConversationController::notFound), body);
            repository.update(changed);
            return changed;
        }));
    }

    private static Conversation changed(Conversation old, JsonObject body) {
        @Nullable String settings = settings(body);
        Conversation changed = new Conversation(
                old.id(),
                old.userId(),
                title(body, old.title()),
                body.string("model").orElse(old.modelId()),
                body.bool("archived").orElse(old.archived()),
                body.bool("pinned").orElse(old.pinned()),
                folder(body, "folder", old.folder()),
                settings == null ? old.settings() : settings,
                old.createdAt(),
                old.updatedAt());
        body.finish();
        return changed;
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(Caller caller, @PathVariable String id) {
        if (!repository.delete(caller.userId(), List.of(id))) {
            throw notFound();
        }
        conversations.stopUnkept(caller.userId());
    }

    /** The whole tree, in pages from the oldest on. */
    @GetMapping("/{id}/messages")
    Page<MessageBody> messages(
            Caller caller,
            @PathVariable String id,
            @RequestParam(name = "limit", defaultValue = Pages.DEFAULT) int limit,
            @RequestParam(name = "after", defaultValue = "") String after) {
        int size = Pages.size(limit);
        List<MessageDetails> page = repository.messages(find(caller, id).id(), Pages.cursor(after), size);
        return Page.of(page, size, MessageBody::of, last -> last.message().id());
    }

    @GetMapping("/{id}/messages/{messageId}")
    MessageBody message(Caller caller, @PathVariable String id, @PathVariable String messageId) {
        return repository
                .details(inConversation(caller, id, messageId).id())
                .map(MessageBody::of)
                .orElseThrow(ConversationController::notFound);
    }

    /**
     * @param question null where an answer is made anew
     * @param compare  whether the page should have a second answer made, for its user to choose
     */
    record ExchangeBody(@Nullable MessageBody question, MessageBody answer, boolean compare) {
        static ExchangeBody of(Conversations.Exchange exchange, boolean compare) {
            return new ExchangeBody(
                    exchange.question().map(MessageBody::of).orElse(null), MessageBody.of(exchange.answer()), compare);
        }
    }

    /** Asks. An edited question is one with the same parent as the old; one that comes again, by its {@code Idempotency-Key}, brings what it brought before. */
    @PostMapping("/{id}/messages")
    @ResponseStatus(HttpStatus.CREATED)
    ExchangeBody ask(
            Caller caller,
            @PathVariable String id,
            @RequestHeader(name = REQUEST_KEY, required = false) @Nullable String requestKey,
            JsonObject body) {
        Conversation conversation = find(caller, id);
        String content = body.requiredString("content");
        String parentId = body.string("parent_id").orElse(null);
        AnswerSettings settings = AnswerSettings.read(body);
        body.finish();
        if (content.isBlank()) {
            throw body.invalid("content", "it must not be empty");
        }
        if (parentId != null && !message(caller, parentId).conversationId().equals(id)) {
            throw notFound();
        }
        Conversations.Exchange exchange = conversations.ask(
                caller, conversation, new Conversations.Question(parentId, content, checked(requestKey)), settings);
        if (exchange.question()
                .filter(question -> question.content().equals(content))
                .isEmpty()) {
            throw ApiException.badRequest(
                    "This " + REQUEST_KEY + " was used for another request.", null, "idempotency_key_reused");
        }
        return ExchangeBody.of(exchange, comparisons.wanted(caller));
    }

    @PostMapping("/{id}/messages/{messageId}/regenerate")
    @ResponseStatus(HttpStatus.CREATED)
    ExchangeBody regenerate(
            Caller caller,
            @PathVariable String id,
            @PathVariable String messageId,
            @RequestHeader(name = REQUEST_KEY, required = false) @Nullable String requestKey,
            @Nullable JsonObject body) {
        AnswerSettings settings = AnswerSettings.DEFAULT;
        if (body != null) {
            settings = AnswerSettings.read(body);
            body.finish();
        }
        return ExchangeBody.of(
                conversations.regenerate(
                        caller, find(caller, id), inConversation(caller, id, messageId), settings, checked(requestKey)),
                false);
    }

    /** Goes on with an answer that ended early, where it stands. */
    @PostMapping("/{id}/messages/{messageId}/continue")
    MessageBody resume(Caller caller, @PathVariable String id, @PathVariable String messageId) {
        return MessageBody.of(conversations
                .resume(caller, find(caller, id), inConversation(caller, id, messageId))
                .orElseThrow(() -> ApiException.of(
                        HttpStatus.CONFLICT, "Only an answer that has ended can be continued.", null, "running")));
    }

    @PostMapping("/{id}/messages/{messageId}/stop")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void stop(Caller caller, @PathVariable String id, @PathVariable String messageId) {
        conversations.stop(inConversation(caller, id, messageId));
    }

    private Conversation find(Caller caller, String id) {
        return repository.find(id, caller.userId()).orElseThrow(ConversationController::notFound);
    }

    private Message message(Caller caller, String id) {
        return repository.message(id, caller.userId()).orElseThrow(ConversationController::notFound);
    }

    private Message inConversation(Caller caller, String id, String messageId) {
        Message message = message(caller, messageId);
        if (!message.conversationId().equals(id)) {
            throw notFound();
        }
        return message;
    }

    static ApiException notFound() {
        return ApiException.notFound("There is no such conversation or message.");
    }
}
