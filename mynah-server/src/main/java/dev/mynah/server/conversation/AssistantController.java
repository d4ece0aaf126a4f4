package dev.mynah.server.conversation;

import dev.mynah.server.account.Caller;
import dev.mynah.server.store.Ids;
import dev.mynah.server.store.Transactions;
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
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/assistants}: a user's own; those that everybody has come with the web app. */
@RestController
@RequestMapping("/api/assistants")
final class AssistantController {
    private static final int MAX_ASSISTANTS = 100;
    private static final int MAX_NAME = 100;
    private static final int MAX_DESCRIPTION = 300;
    private static final int MAX_INSTRUCTIONS = 20_000;
    private static final int MAX_STARTERS = 6;
    private static final int MAX_STARTER = 1_000;

    private final AssistantRepository assistants;
    private final Transactions transactions;
    private final Clock clock;

    AssistantController(AssistantRepository assistants, Transactions transactions, Clock clock) {
        this.assistants = assistants;
        this.transactions = transactions;
        this.clock = clock;
    }

    @GetMapping
    Page<Assistant> list(Caller caller) {
        return new Page<>(assistants.ofUser(caller.userId()), null);
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    Assistant create(Caller caller, JsonObject body) {
        if (assistants.ofUser(caller.userId()).size() >= MAX_ASSISTANTS) {
            throw ApiException.badRequest("There are at most " + MAX_ASSISTANTS + " assistants.");
        }
        return put(caller, Ids.next("asst_"), clock.instant(), body);
    }

    @PutMapping("/{id}")
    Assistant replace(Caller caller, @PathVariable String id, JsonObject body) {
        Instant created = assistants.ofUser(caller.userId()).stream()
                .filter(assistant -> assistant.id().equals(id))
                .findFirst()
                .orElseThrow(AssistantController::notFound)
                .createdAt();
        return put(caller, id, created, body);
    }

    private Assistant put(Caller caller, String id, Instant created, JsonObject body) {
        List<String> starters = body.strings("starters").stream()
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .toList();
        if (starters.size() > MAX_STARTERS || starters.stream().anyMatch(text -> text.length() > MAX_STARTER)) {
            throw body.invalid("starters", "at most " + MAX_STARTERS + " of " + MAX_STARTER + " characters each");
        }
        Assistant assistant = new Assistant(
                id,
                body.text("name", 1, MAX_NAME),
                body.text("description", 0, MAX_DESCRIPTION),
                body.text("instructions", 1, MAX_INSTRUCTIONS),
                starters,
                body.string("model").filter(model -> !model.isEmpty()).orElse(null),
                created);
        body.finish();
        transactions.run(() -> assistants.put(assistant, caller.userId()));
        return assistant;
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(Caller caller, @PathVariable String id) {
        if (!assistants.delete(id, caller.userId())) {
            throw notFound();
        }
    }

    private static ApiException notFound() {
        return ApiException.notFound("There is no such assistant.");
    }
}
