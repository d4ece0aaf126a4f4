package dev.mynah.server.conversation;

import dev.mynah.server.account.Caller;
import dev.mynah.server.config.ServiceConfig;
import dev.mynah.server.provider.Models;
import dev.mynah.server.web.ApiException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** Conversations as files: out as JSON or Markdown, in as ChatGPT exports them. */
@RestController
final class TransferController {
    // Each may take some 200 MB for its largest conversation.
    private static final int MOST_IMPORTS = 4;
    private static final Duration AGAIN = Duration.ofSeconds(10);

    private final Semaphore room = new Semaphore(MOST_IMPORTS);
    /** Users whose import is under way. */
    private final Set<String> importing = ConcurrentHashMap.newKeySet();

    private final ConversationRepository repository;
    private final ConversationImport imports;
    private final Models models;
    private final JsonMapper mapper;
    private final String producer;

    TransferController(
            ConversationRepository repository,
            ConversationImport imports,
            Models models,
            JsonMapper mapper,
            ServiceConfig config) {
        this.repository = repository;
        this.imports = imports;
        this.models = models;
        this.mapper = mapper;
        producer = config.contentProducer();
    }

    /**
     * One conversation as a file.
     *
     * @param format {@code json} (all branches) or {@code markdown} (one)
     * @param leaf   the last message of the branch for Markdown
     */
    @GetMapping("/api/conversations/{id}/export")
    ResponseEntity<byte[]> export(
            Caller caller,
            @PathVariable String id,
            @RequestParam(name = "format", defaultValue = "json") String format,
            @RequestParam(name = "leaf", defaultValue = "") String leaf) {
        Conversation conversation =
                repository.find(id, caller.userId()).orElseThrow(() -> ApiException.notFound("There is no such chat."));
        return switch (format) {
            case "json" ->
                file(
                        "conversations.json",
                        MediaType.APPLICATION_JSON,
                        mapper.writeValueAsBytes(
                                List.of(ConversationFile.of(conversation, repository.allMessages(id), producer))));
            case "markdown" -> {
                List<Message> path = repository.path(leaf, Integer.MAX_VALUE).stream()
                        .filter(message -> message.conversationId().equals(id))
                        .toList();
                yield file(
                        "conversation.md",
                        MediaType.TEXT_MARKDOWN,
                        ConversationFile.markdown(conversation, path, producer).getBytes(StandardCharsets.UTF_8));
            }
            default -> throw ApiException.badRequest("format is json or markdown", "format", "invalid_value");
        };
    }

    private static ResponseEntity<byte[]> file(String name, MediaType type, byte[] content) {
        return ResponseEntity.ok()
                .contentType(new MediaType(type, StandardCharsets.UTF_8))
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        ContentDisposition.attachment().filename(name).build().toString())
                .body(content);
    }

    /** Takes {@code conversations.json}, or the ZIP that it comes in, as the body: one of a user at once, and a few of all. */
    @PostMapping("/api/conversations/import")
    @ResponseStatus(HttpStatus.CREATED)
    ConversationImport.Result read(Caller caller, HttpServletRequest request) throws IOException {
        String model = models.available(caller.organisationId()).stream()
                .findFirst()
                .map(available -> available.model().id())
                .orElse("");
        if (!importing.add(caller.userId())) {
            throw tooMany("An import of yours is under way: try again when it has ended.");
        }
        try {
            if (!room.tryAcquire()) {
                throw tooMany("Others import their chats now: try again in a moment.");
            }
            try {
                return ConversationUpload.open(
                        request.getInputStream(), json -> imports.read(json, caller.userId(), model));
            } finally {
                room.release();
            }
        } finally {
            importing.remove(caller.userId());
        }
    }

    private static ApiException tooMany(String message) {
        return ApiException.tooManyRequests(message, "rate_limit_error", "too_many_imports", AGAIN);
    }
}
