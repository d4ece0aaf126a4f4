package dev.mynah.server.api;

import dev.mynah.server.answer.UnknownModelException;
import dev.mynah.server.provider.Introduction;
import dev.mynah.server.provider.Models;
import dev.mynah.server.provider.RegisteredModel;
import java.util.List;
import java.util.Map;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /v1/models}. */
@RestController
final class ModelsController {
    private final Models models;

    ModelsController(Models models) {
        this.models = models;
    }

    record ModelBody(String id, String object, long created, String ownedBy) {
        static ModelBody of(Models.Available available) {
            RegisteredModel model = available.model();
            return new ModelBody(model.id(), "model", model.createdAt().getEpochSecond(), model.provider());
        }
    }

    record ListBody<T>(String object, List<T> data) {}

    @GetMapping("/v1/models")
    ListBody<ModelBody> list() {
        return new ListBody<>(
                "list", models.available().stream().map(ModelBody::of).toList());
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
    ListBody<IntroducedBody> introduced() {
        return new ListBody<>(
                "list", models.available().stream().map(IntroducedBody::of).toList());
    }

    @GetMapping("/v1/models/{*id}")
    ModelBody get(@PathVariable String id) {
        // The rest of the path, since names may have slashes.
        String name = id.substring(1);
        return models.find(name).map(ModelBody::of).orElseThrow(() -> new UnknownModelException(name));
    }
}
