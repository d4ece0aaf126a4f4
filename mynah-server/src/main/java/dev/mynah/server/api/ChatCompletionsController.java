package dev.mynah.server.api;

import dev.mynah.server.account.Caller;
import dev.mynah.server.account.Scopes;
import dev.mynah.server.answer.Inference;
import dev.mynah.server.web.ApiException;
import dev.mynah.server.web.JsonObject;
import dev.mynah.server.web.ListPage;
import dev.mynah.server.web.Pages;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v1/chat/completions}, those of a project that were stored, and the first for the web app too. */
@RestController
final class ChatCompletionsController {
    static final String ENDPOINT = "/v1/chat/completions";

    private static final String ONE = ENDPOINT + "/{id}";
    private static final String DEFAULT_SIZE = "20";

    private final AnswerService service;
    private final Inference inference;
    private final StoredChatCompletions stored;
    private final JsonMapper mapper;

    ChatCompletionsController(
            AnswerService service, Inference inference, StoredChatCompletions stored, JsonMapper mapper) {
        this.service = service;
        this.inference = inference;
        this.stored = stored;
        this.mapper = mapper;
    }

    @PostMapping({ENDPOINT, "/api/chat/completions"})
    @Nullable
    Object create(Caller caller, JsonObject body, HttpServletRequest request, HttpServletResponse response) {
        return service.serve(
                new AnswerService.Call(caller, body, request, response),
                () -> ChatExchange.of(caller, body, inference.sampling(caller), stored, mapper));
    }

    /** The oldest first unless {@code order} says otherwise; {@code metadata[NAME]=WORD} asks for those that have it. */
    @GetMapping(ENDPOINT)
    ListPage<JsonNode> list(
            Caller caller,
            @RequestParam(name = "model", defaultValue = "") String model,
            @RequestParam(name = "limit", defaultValue = DEFAULT_SIZE) int limit,
            @RequestParam(name = "order", defaultValue = "asc") String order,
            @RequestParam(name = "after", defaultValue = "") String after,
            HttpServletRequest request) {
        caller.require(Scopes.INFERENCE);
        int size = Pages.size(limit);
        if (model.indexOf('\0') >= 0) {
            throw ApiException.badRequest("Invalid 'model': it contains a NUL character.", "model", "invalid_value");
        }
        StoredChatCompletions.Wanted wanted =
                new StoredChatCompletions.Wanted(caller.projectId(), model, Pages.metadata(request));
        StoredChatCompletions.Page page = stored.page(wanted, Pages.cursor(after), Pages.newestFirst(order), size);
        return ListPage.of(
                page.completions(), page.hasMore(), ChatCompletionsController::body, StoredChatCompletions.Stored::id);
    }

    @GetMapping(ONE)
    JsonNode get(Caller caller, @PathVariable String id) {
        caller.require(Scopes.INFERENCE);
        return body(find(caller, id));
    }

    /** Changes the metadata, which is all that can be changed. */
    @PostMapping(ONE)
    JsonNode update(Caller caller, @PathVariable String id, JsonObject body) {
        caller.require(Scopes.INFERENCE);
        if (body.value("metadata").isEmpty()) {
            throw body.missing("metadata");
        }
        Map<String, String> metadata = body.metadata();
        body.finish();
        if (!stored.update(id, caller.projectId(), metadata)) {
            throw unknown(id);
        }
        return body(find(caller, id));
    }

    record Deleted(String id, String object, boolean deleted) {}

    @DeleteMapping(ONE)
    Deleted delete(Caller caller, @PathVariable String id) {
        caller.require(Scopes.INFERENCE);
        if (!stored.delete(id, caller.projectId())) {
            throw unknown(id);
        }
        return new Deleted(id, "chat.completion.deleted", true);
    }

    /** The messages of the request, the first first unless {@code order} says otherwise. */
    @GetMapping(ONE + "/messages")
    ListPage<ObjectNode> messages(
            Caller caller,
            @PathVariable String id,
            @RequestParam(name = "limit", defaultValue = DEFAULT_SIZE) int limit,
            @RequestParam(name = "order", defaultValue = "asc") String order,
            @RequestParam(name = "after", defaultValue = "") String after) {
        caller.require(Scopes.INFERENCE);
        int size = Pages.size(limit);
        List<ObjectNode> messages = new ArrayList<>();
        for (JsonNode message : find(caller, id).messages()) {
            messages.add(message(id + "-" + messages.size(), (ObjectNode) message));
        }
        if (Pages.newestFirst(order)) {
            Collections.reverse(messages);
        }
        int from = 1
                + messages.stream().map(ChatCompletionsController::id).toList().indexOf(after);
        return ListPage.of(
                messages.subList(from, messages.size()), size, message -> message, ChatCompletionsController::id);
    }

    /** A message with its id; the parts of one that came in parts stand beside its text. */
    private static ObjectNode message(String id, ObjectNode message) {
        ObjectNode named = message.deepCopy().put("id", id);
        JsonNode content = message.path("content");
        if (content.isArray()) {
            StringBuilder text = new StringBuilder();
            content.forEach(part -> text.append(part.path("text").asString("")));
            named.put("content", text.toString()).set("content_parts", content);
        } else {
            named.putNull("content_parts");
        }
        return named;
    }

    private static String id(JsonNode message) {
        return message.path("id").asString("");
    }

    private static JsonNode body(StoredChatCompletions.Stored completion) {
        return ((ObjectNode) completion.body()).set("metadata", completion.metadata());
    }

    private StoredChatCompletions.Stored find(Caller caller, String id) {
        return stored.find(id, caller.projectId()).orElseThrow(() -> unknown(id));
    }

    private static ApiException unknown(String id) {
        return ApiException.of(
                HttpStatus.NOT_FOUND, "Chat completion with id '" + id + "' not found.", null, "not_found");
    }
}
