package dev.mynah.server.api;

import dev.mynah.server.account.Caller;
import dev.mynah.server.account.Scopes;
import dev.mynah.server.answer.Inference;
import dev.mynah.server.web.ApiException;
import dev.mynah.server.web.JsonObject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** {@code /v1/responses}: answers that may be kept, and gone on from. */
@RestController
final class ResponsesController {
    static final String ENDPOINT = "/v1/responses";

    private final AnswerService service;
    private final Inference inference;
    private final StoredResponses stored;

    ResponsesController(AnswerService service, Inference inference, StoredResponses stored) {
        this.service = service;
        this.inference = inference;
        this.stored = stored;
    }

    @PostMapping(ENDPOINT)
    @Nullable
    Object create(Caller caller, JsonObject body, HttpServletRequest request, HttpServletResponse response) {
        String userId = caller.userId();
        return service.serve(
                new AnswerService.Call(caller, body, request, response),
                () -> new ResponseExchange(
                        ResponseRequest.read(body, inference::sampling, stored, userId), stored, userId));
    }

    @GetMapping("/v1/responses/{id}")
    JsonNode get(
            Caller caller,
            @PathVariable String id,
            @RequestParam(name = "stream", defaultValue = "false") boolean stream) {
        caller.require(Scopes.INFERENCE);
        if (stream) {
            throw ApiException.badRequest(
                    "Invalid 'stream': a response that is complete is not streamed again.", "stream", "invalid_value");
        }
        return find(caller, id).body();
    }

    record Deleted(String id, String object, boolean deleted) {}

    @DeleteMapping("/v1/responses/{id}")
    Deleted delete(Caller caller, @PathVariable String id) {
        caller.require(Scopes.INFERENCE);
        if (!stored.delete(id, caller.userId())) {
            throw unknown(id);
        }
        return new Deleted(id, "response", true);
    }

    record Items(String object, JsonNode data, String firstId, String lastId, boolean hasMore) {}

    /** All items that were new in the request, in their order. */
    @GetMapping("/v1/responses/{id}/input_items")
    Items inputItems(Caller caller, @PathVariable String id) {
        caller.require(Scopes.INFERENCE);
        JsonNode items = find(caller, id).input();
        return new Items(
                "list",
                items,
                items.get(0).get("id").asString(),
                items.get(items.size() - 1).get("id").asString(),
                false);
    }

    private StoredResponses.Stored find(Caller caller, String id) {
        return stored.find(id, caller.userId()).orElseThrow(() -> unknown(id));
    }

    private static ApiException unknown(String id) {
        return ApiException.of(HttpStatus.NOT_FOUND, "Response with id '" + id + "' not found.", null, "not_found");
    }
}
