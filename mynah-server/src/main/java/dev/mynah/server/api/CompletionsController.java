package dev.mynah.server.api;

import dev.mynah.server.account.Caller;
import dev.mynah.server.answer.Inference;
import dev.mynah.server.web.JsonObject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** {@code POST /v1/completions}: texts as they stand, without a conversation's frame. */
@RestController
final class CompletionsController {
    static final String ENDPOINT = "/v1/completions";

    private final AnswerService service;
    private final Inference inference;
    private final JsonMapper mapper;

    CompletionsController(AnswerService service, Inference inference, JsonMapper mapper) {
        this.service = service;
        this.inference = inference;
        this.mapper = mapper;
    }

    @PostMapping(ENDPOINT)
    @Nullable
    Object create(Caller caller, JsonObject body, HttpServletRequest request, HttpServletResponse response) {
        return service.serve(new AnswerService.Call(caller, body, request, response), () -> {
            CompletionRequest wanted = CompletionRequest.read(body, inference.sampling(caller));
            return new CompletionExchange(
                    wanted,
                    wanted.prompts().stream()
                            .map(prompt -> wanted.echo() ? inference.text(caller, wanted.model(), prompt) : "")
                            .toList(),
                    mapper);
        });
    }
}
