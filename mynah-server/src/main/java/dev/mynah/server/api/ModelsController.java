package dev.mynah.server.api;

import dev.mynah.server.account.Caller;
import dev.mynah.server.answer.AnswerMetrics;
import dev.mynah.server.answer.UnknownModelException;
import dev.mynah.server.ops.ServiceState;
import dev.mynah.server.provider.FolderProvider;
import dev.mynah.server.provider.Introduction;
import dev.mynah.server.provider.LocalProvider;
import dev.mynah.server.provider.Models;
import dev.mynah.server.provider.RegisteredModel;
import dev.mynah.server.web.RestOfPath;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /v1/models}. */
@RestController
final class ModelsController {
    private final Models models;
    private final ServiceState state;
    private final AnswerMetrics metrics;

    ModelsController(Models models, ServiceState state, AnswerMetrics metrics) {
        this.models = models;
        this.state = state;
        this.metrics = metrics;
    }

    record ModelBody(String id, String object, long created, String ownedBy) {
        static ModelBody of(Models.Available available) {
            RegisteredModel model = available.model();
            return new ModelBody(model.id(), "model", model.createdAt().getEpochSecond(), owner(model));
        }
    }

    /** The organisation that it was fine-tuned for, or who answers with it for everybody: this service, or another. */
    private static String owner(RegisteredModel model) {
        if (model.organisationId() != null) {
            return model.organisationId();
        }
        return model.provider().equals(FolderProvider.NAME) ? LocalProvider.NAME : model.provider();
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

    /**
     * What people choose a model by.
     *
     * @param contextLength   tokens that prompt and answer may have together
     * @param inputPrice      in micro-units of the currency, per million tokens
     * @param tokensPerSecond of its answers until now
     * @param introduction    what people are told of it, by language
     * @param writesTitles    whether it writes the titles of chats, whichever model answers in them
     */
    record IntroducedBody(
            String id,
            String ownedBy,
            @Nullable Integer contextLength,
            String currency,
            long inputPrice,
            long outputPrice,
            @Nullable Double tokensPerSecond,
            Map<String, Introduction.Words> introduction,
            boolean writesTitles) {}

    private IntroducedBody introduced(Models.Available available, Optional<String> titleModel) {
        RegisteredModel model = available.model();
        OptionalInt context = available.provider().context(model.id());
        OptionalDouble pace = metrics.pace(model.id());
        return new IntroducedBody(
                model.id(),
                owner(model),
                context.isPresent() ? context.getAsInt() : null,
                model.currency(),
                model.inputPrice(),
                model.outputPrice(),
                pace.isPresent() ? pace.getAsDouble() : null,
                available.provider().introduction().languages(),
                titleModel.filter(model.id()::equals).isPresent());
    }

    /** The same for the web app. */
    @GetMapping("/api/models")
    ListBody<IntroducedBody> introduced(Caller caller) {
        Optional<String> titleModel = state.titleModel();
        return new ListBody<>(
                "list",
                available(caller).stream()
                        .map(one -> introduced(one, titleModel))
                        .toList());
    }

    @GetMapping("/v1/models/{*id}")
    ModelBody get(Caller caller, @PathVariable String id) {
        String name = RestOfPath.name(id);
        return models.find(name, caller.organisationId())
                .map(ModelBody::of)
                .orElseThrow(() -> new UnknownModelException(name));
    }
}
