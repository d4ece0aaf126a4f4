package dev.mynah.server.admin;

import dev.mynah.server.account.Caller;
import dev.mynah.server.account.Scopes;
import dev.mynah.server.ops.AuditLog;
import dev.mynah.server.ops.ServiceState;
import dev.mynah.server.provider.ModelRepository;
import dev.mynah.server.store.Transactions;
import dev.mynah.server.web.JsonObject;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/admin/settings}: what administrators set for the whole service. */
@RestController
@RequestMapping("/api/admin/settings")
final class SettingsController {
    private final ServiceState state;
    private final ModelRepository models;
    private final Transactions transactions;
    private final AuditLog audit;

    SettingsController(ServiceState state, ModelRepository models, Transactions transactions, AuditLog audit) {
        this.state = state;
        this.models = models;
        this.transactions = transactions;
        this.audit = audit;
    }

    /**
     * @param comparisonRate the share of questions whose users are shown two answers, 0 to 1
     * @param defaultModel   the model that new chats begin with, or null for the first by its name
     * @param titleModel     the model that writes the titles of chats, or null for none
     */
    record Body(
            double comparisonRate,
            @Nullable String defaultModel,
            @Nullable String titleModel) {}

    @GetMapping
    Body get(Caller caller) {
        caller.require(Scopes.ADMIN);
        return new Body(
                state.comparisonRate(),
                state.defaultModel().orElse(null),
                state.titleModel().orElse(null));
    }

    /** Changes what the body names. */
    @PutMapping
    Body put(Caller caller, JsonObject body) {
        caller.require(Scopes.ADMIN);
        OptionalDouble rate = body.number("comparison_rate", 0, 1);
        Optional<Wish> defaultModel = model(body, "default_model");
        Optional<Wish> titleModel = model(body, "title_model");
        body.finish();
        if (rate.isEmpty() && defaultModel.isEmpty() && titleModel.isEmpty()) {
            throw body.missing("comparison_rate");
        }
        transactions.run(() -> {
            rate.ifPresent(value -> {
                state.setComparisonRate(value);
                record(caller, "comparison_rate", value);
            });
            defaultModel.ifPresent(wish -> {
                state.setDefaultModel(wish.model());
                record(caller, "default_model", wish.model());
            });
            titleModel.ifPresent(wish -> {
                state.setTitleModel(wish.model());
                record(caller, "title_model", wish.model());
            });
        });
        return get(caller);
    }

    private void record(Caller caller, String key, @Nullable Object value) {
        audit.record(caller.userId(), "settings.update", key, String.valueOf(value));
    }

    /** @param model null for none */
    private record Wish(@Nullable String model) {}

    /** The model that the body names under a key; empty where it does not speak of it. */
    private Optional<Wish> model(JsonObject body, String key) {
        if (!body.keys().contains(key)) {
            return Optional.empty();
        }
        Optional<String> id = body.string(key);
        if (id.isPresent() && models.find(id.get()).isEmpty()) {
            throw body.invalid(key, "there is no such model");
        }
        return Optional.of(new Wish(id.orElse(null)));
    }
}
