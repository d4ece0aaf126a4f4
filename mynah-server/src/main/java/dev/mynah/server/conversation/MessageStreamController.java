package dev.mynah.server.conversation;

import dev.mynah.server.account.Caller;
import dev.mynah.server.answer.AnswerRepository;
import dev.mynah.server.web.ApiException;
import dev.mynah.server.web.ClientConnection;
import dev.mynah.server.web.ContentLabel;
import dev.mynah.server.web.EventStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code GET /api/conversations/{id}/messages/{messageId}/stream}: a message from wherever its reader is. Events are {@code text}, each with the cursor that follows it, and one {@code
 * end}. A reader that comes back sends {@code Last-Event-ID} and is shown nothing twice; any number may read at once.
 */
@RestController
final class MessageStreamController {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(15);

    private final ConversationRepository repository;
    private final AnswerRepository answers;
    private final LiveAnswers live;
    private final JsonMapper mapper;

    MessageStreamController(
            ConversationRepository repository, AnswerRepository answers, LiveAnswers live, JsonMapper mapper) {
        this.repository = repository;
        this.answers = answers;
        this.live = live;
        this.mapper = mapper;
    }

    record Text(String text) {}

    record End(String state, boolean cut) {}

    @GetMapping("/api/conversations/{id}/messages/{messageId}/stream")
    void stream(
            Caller caller,
            @PathVariable String id,
            @PathVariable String messageId,
            @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String cursor,
            HttpServletRequest request,
            HttpServletResponse response)
            throws InterruptedException {
        Message message = find(caller, id, messageId);
        response.setHeader(ContentLabel.HEADER, ContentLabel.GENERATED);
        Reader reader = new Reader(new EventStream(response, mapper), ClientConnection.of(request), position(cursor));
        while (!reader.gone()) {
            Optional<LiveAnswer> running = live.find(messageId);
            if (running.isPresent()) {
                reader.show(running.get().read(reader.position, POLL));
                continue;
            }
            // Generated elsewhere, or not any more.
            message = find(caller, id, messageId);
            if (message.state() != MessageState.RUNNING) {
                reader.showFrom(message.content());
                reader.events.data("end", new End(message.state().id(), message.cut()));
                return;
            }
            reader.showFrom(message.content() + answers.text(String.valueOf(message.answerId())));
            Thread.sleep(POLL);
        }
    }

    private Message find(Caller caller, String id, String messageId) {
        return repository
                .message(messageId, caller.userId())
                .filter(message -> message.conversationId().equals(id))
                .orElseThrow(() -> ApiException.notFound("There is no such message."));
    }

    private static int position(@Nullable String cursor) {
        if (cursor == null) {
            return 0;
        }
        if (!cursor.matches("[0-9]{1,9}")) {
            throw ApiException.badRequest("Last-Event-ID must be the id of an event of this stream.");
        }
        return Integer.parseInt(cursor);
    }

    /** One client, and how many characters it has been shown. */
    private static final class Reader {
        private final EventStream events;
        private final ClientConnection client;
        private int position;
        private long lastSent = System.nanoTime();

        Reader(EventStream events, ClientConnection client, int position) {
            this.events = events;
            this.client = client;
            this.position = position;
        }

        void show(String text) {
            if (!text.isEmpty()) {
                position += text.length();
                events.data("text", String.valueOf(position), new Text(text));
                lastSent = System.nanoTime();
            } else if (System.nanoTime() - lastSent > KEEP_ALIVE.toNanos()) {
                events.keepAlive();
                lastSent = System.nanoTime();
            }
        }

        void showFrom(String whole) {
            show(whole.substring(Math.min(position, whole.length())));
        }

        boolean gone() {
            return client.isGone();
        }
    }
}
