package dev.mynah.server.api;

import dev.mynah.server.account.Caller;
import dev.mynah.server.answer.UnknownModelException;
import dev.mynah.server.ops.ServiceState;
import dev.mynah.server.provider.Introduction;
import dev.mynah.server.provider.Models;
import dev.mynah.server.provider.RegisteredModel;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /v1/models}. */
@RestController
final class ModelsController {
    private final Models models;
    private final ServiceState state;

    ModelsController(Models models, ServiceState state) {
        this.models = models;
        this.state = state;
    }

    record ModelBody(String id, String object, long created, String ownedBy) {
        static ModelBody of(Models.Available available) {
            RegisteredModel model = available.model();
            return new ModelBody(model.id(), "model", model.createdAt().getEpochSecond(), model.provider());
        }
    }

    record ListBody<T>(String object, List<T> data) {}

    /** The model that new chats begin with comes first. */
    @GetMapping("/v1/models")
    ListBody<ModelBody> list(Caller caller) {
        return new ListBody<>(
                "list", available(caller).stream().map(ModelBody::of).toList());
    }

    private List<Models.Available> available(Caller caller) {
        String first = state.defaultModel().orElse("");
        return models.available(caller.organisationId()).stream()
                .sorted(Comparator.comparing(
                        available -> !available.model().id().equals(first)))
                .toList();
    }

    /** @param introduction what people are told of it, by language */
    record IntroducedBody(String id, String ownedBy, Map<String, Introduction.Words> introduction) {
        static IntroducedBody of(Models.Available available) {
            RegisteredModel model = available.model();
            return new IntroducedBody(
                    model.id(),
                    model.provider(),
                    available.provider().introduction().languages());
        }
    }

    /** The same for the web app. */
    @GetMapping("/api/models")
    ListBody<IntroducedBody> introduced(Caller caller) {
        return new ListBody<>(
                "list", available(caller).stream().map(IntroducedBody::of).toList());
    }

    @GetMapping("/v1/models/{*id}")
    ModelBody get(Caller caller, @PathVariable String id) {
        // The rest of the path, since names may have slashes.
        String name = id.substring(1);
        return models.find(name, caller.organisationId())
                .map(ModelBody::of)
                .orElseThrow(() -> new UnknownModelException(name));
    }
}
