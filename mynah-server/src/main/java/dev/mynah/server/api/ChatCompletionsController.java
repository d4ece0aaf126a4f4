package dev.mynah.server.api;

import dev.mynah.server.account.Caller;
import dev.mynah.server.answer.Inference;
import dev.mynah.server.web.JsonObject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code POST /v1/chat/completions}, and the same for the web app. */
@RestController
final class ChatCompletionsController {
    static final String ENDPOINT = "/v1/chat/completions";

    private final AnswerService service;
    private final Inference inference;

    ChatCompletionsController(AnswerService service, Inference inference) {
        this.service = service;
        this.inference = inference;
    }

    @PostMapping({ENDPOINT, "/api/chat/completions"})
    @Nullable
    Object create(Caller caller, JsonObject body, HttpServletRequest request, HttpServletResponse response) {
        return service.serve(
                new AnswerService.Call(caller, body, request, response),
                () -> new ChatExchange(ChatCompletionRequest.read(body, inference::sampling)));
    }
}
