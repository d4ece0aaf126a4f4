package dev.mynah.server.admin;

import dev.mynah.server.account.Caller;
import dev.mynah.server.account.Scopes;
import dev.mynah.server.ops.AuditLog;
import dev.mynah.server.provider.ModelRepository;
import dev.mynah.server.provider.RegisteredModel;
import dev.mynah.server.store.Transactions;
import dev.mynah.server.web.ApiException;
import dev.mynah.server.web.JsonObject;
import dev.mynah.server.web.Page;
import java.time.Instant;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/admin/models}: the register, with prices in micro-units per million tokens. */
@RestController
final class RegisteredModelsController {
    private static final long MAX_PRICE = 1_000_000_000_000L;

    private final ModelRepository models;
    private final Transactions transactions;
    private final AuditLog audit;

    RegisteredModelsController(ModelRepository models, Transactions transactions, AuditLog audit) {
        this.models = models;
        this.transactions = transactions;
        this.audit = audit;
    }

    /** @param maxOutputTokens of one choice, or null for what the context has room for */
    record Body(
            String id,
            String provider,
            boolean enabled,
            String currency,
            long inputPrice,
            long cachedInputPrice,
            long outputPrice,
            @Nullable Integer maxOutputTokens,
            Instant createdAt) {
        static Body of(RegisteredModel model) {
            OptionalInt most = model.maxOutputTokens();
            return new Body(
                    model.id(),
                    model.provider(),
                    model.enabled(),
                    model.currency(),
                    model.inputPrice(),
                    model.cachedInputPrice(),
                    model.outputPrice(),
                    most.isPresent() ? most.getAsInt() : null,
                    model.createdAt());
        }
    }

    @GetMapping("/api/admin/models")
    Page<Body> list(Caller caller) {
        caller.require(Scopes.ADMIN);
        return new Page<>(models.all().stream().map(Body::of).toList(), null);
    }

    /** Changes what the body names; a {@code max_output_tokens} of null takes the limit away. New prices hold for answers that begin later. */
    @PatchMapping("/api/admin/models/{*id}")
    Body update(Caller caller, @PathVariable String id, JsonObject body) {
        caller.require(Scopes.ADMIN);
        // The rest of the path, since names may have slashes.
        String name = id.substring(1);
        return Body.of(transactions.call(() -> {
            RegisteredModel old = models.find(name).orElseThrow(() -> ApiException.notFound("There is no such model."));
            models.update(changed(old, body));
            audit.record(caller.userId(), "model.update", name, body.toString());
            return models.find(name).orElseThrow();
        }));
    }

    private static RegisteredModel changed(RegisteredModel old, JsonObject body) {
        OptionalInt most = body.integer("max_output_tokens", 1, Integer.MAX_VALUE);
        RegisteredModel changed = new RegisteredModel(
                old.id(),
                old.provider(),
                body.bool("enabled").orElse(old.enabled()),
                old.currency(),
                body.integer("input_price", 0, MAX_PRICE).orElse(old.inputPrice()),
                body.integer("cached_input_price", 0, MAX_PRICE).orElse(old.cachedInputPrice()),
                body.integer("output_price", 0, MAX_PRICE).orElse(old.outputPrice()),
                body.keys().contains("max_output_tokens") ? most : old.maxOutputTokens(),
                old.createdAt());
        body.finish();
        return changed;
    }
}
