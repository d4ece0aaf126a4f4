package dev.mynah.server.api;

import dev.mynah.server.account.Caller;
import dev.mynah.server.account.Scopes;
import dev.mynah.server.answer.AnswerOrder;
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
                        ResponseRequest.read(body, inference.sampling(caller), stored, userId), stored, userId));
    }

    record Count(String object, int inputTokens) {}

    /** How many tokens a request would be read as, without an answer. */
    @PostMapping("/v1/responses/input_tokens")
    Count count(Caller caller, JsonObject body) {
        ResponseRequest request = ResponseRequest.read(body, inference.sampling(caller), stored, caller.userId());
        AnswerOrder order = inference.order(new ResponseExchange(request, stored, caller.userId()).question(caller));
        return new Count("response.input_tokens", order.generation().promptTokens());
    }

    /** What could be included is told in any case. */
    @GetMapping("/v1/responses/{id}")
    JsonNode get(
            Caller caller,
            @PathVariable String id,
            @RequestParam(name = "include", defaultValue = "") String include,
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

    /** The items that were new in the request, the last first unless {@code order} says otherwise. */
    @GetMapping("/v1/responses/{id}/input_items")
    ListPage<JsonNode> inputItems(
            Caller caller,
            @PathVariable String id,
            @RequestParam(name = "include", defaultValue = "") String include,
            @RequestParam(name = "limit", defaultValue = "20") int limit,
            @RequestParam(name = "order", defaultValue = "desc") String order,
            @RequestParam(name = "after", defaultValue = "") String after) {
        caller.require(Scopes.INFERENCE);
        int size = Pages.size(limit);
        List<JsonNode> items =
                new ArrayList<>(find(caller, id).input().valueStream().toList());
        if (Pages.newestFirst(order)) {
            Collections.reverse(items);
        }
        int from = 1 + items.stream().map(ResponsesController::id).toList().indexOf(after);
        return ListPage.of(items.subList(from, items.size()), size, item -> item, ResponsesController::id);
    }

    private static String id(JsonNode item) {
        return item.path("id").asString("");
    }

    /** Answers in the background are the only ones that could be cancelled so; others end when their client hangs up. */
    @PostMapping("/v1/responses/{id}/cancel")
    JsonNode cancel(Caller caller, @PathVariable String id) {
        caller.require(Scopes.INFERENCE);
        find(caller, id);
        throw ApiException.badRequest(
                "Only responses that are made in the background can be cancelled; this one is complete.",
                null,
                "invalid_state");
    }

    private StoredResponses.Stored find(Caller caller, String id) {
        return stored.find(id, caller.userId()).orElseThrow(() -> unknown(id));
    }

    private static ApiException unknown(String id) {
        return ApiException.of(HttpStatus.NOT_FOUND, "Response with id '" + id + "' not found.", null, "not_found");
    }
}
