package dev.mynah.server.admin;

import dev.mynah.server.account.Caller;
import dev.mynah.server.account.Scopes;
import dev.mynah.server.ops.AuditLog;
import dev.mynah.server.provider.ModelRepository;
import dev.mynah.server.provider.RegisteredModel;
import dev.mynah.server.store.Transactions;
import dev.mynah.server.upstream.Route;
import dev.mynah.server.upstream.Upstream;
import dev.mynah.server.upstream.UpstreamProvider;
import dev.mynah.server.upstream.UpstreamRepository;
import dev.mynah.server.web.ApiException;
import dev.mynah.server.web.JsonObject;
import dev.mynah.server.web.Page;
import dev.mynah.server.web.RestOfPath;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/admin/models}: the register, with prices in micro-units per million tokens. */
@RestController
final class RegisteredModelsController {
    private static final long MAX_PRICE = 1_000_000_000_000L;

    private static final int MAX_OUTPUT_TOKENS = 1 << 20;
    private static final int MAX_WEIGHT = 1_000;

    private final ModelRepository models;
    private final UpstreamRepository upstreams;
    private final Transactions transactions;
    private final AuditLog audit;
    private final Clock clock;

    RegisteredModelsController(
            ModelRepository models,
            UpstreamRepository upstreams,
            Transactions transactions,
            AuditLog audit,
            Clock clock) {
        this.models = models;
        this.upstreams = upstreams;
        this.clock = clock;
        this.transactions = transactions;
        this.audit = audit;
    }

    record RouteBody(String upstream, String model, int weight) {
        static RouteBody of(Route route) {
            return new RouteBody(route.upstream().id(), route.model(), route.weight());
        }
    }

    /**
     * @param maxOutputTokens of one choice, or null for what the context has room for
     * @param routes          to the upstreams that answer with it; none for a model of this process
     */
    record Body(
            String id,
            String provider,
            boolean enabled,
            String currency,
            long inputPrice,
            long cachedInputPrice,
            long outputPrice,
            long trainingPrice,
            @Nullable Integer maxOutputTokens,
            List<RouteBody> routes,
            Instant createdAt) {}

    private Body body(RegisteredModel model) {
        OptionalInt most = model.maxOutputTokens();
        return new Body(
                model.id(),
                model.provider(),
                model.enabled(),
                model.currency(),
                model.inputPrice(),
                model.cachedInputPrice(),
                model.outputPrice(),
                model.trainingPrice(),
                most.isPresent() ? most.getAsInt() : null,
                upstreams.allRoutes(model.id()).stream().map(RouteBody::of).toList(),
                model.createdAt());
    }

    @GetMapping("/api/admin/models")
    Page<Body> list(Caller caller) {
        caller.require(Scopes.ADMIN);
        return new Page<>(models.all().stream().map(this::body).toList(), null);
    }

    /**
     * Registers a model of upstreams. How much it may write has to be said, since nobody here knows its context.
     */
    @PostMapping("/api/admin/models")
    Body create(Caller caller, JsonObject body) {
        caller.require(Scopes.ADMIN);
        String id = body.requiredString("id");
        if (!id.matches("[A-Za-z0-9._:/-]{1,200}")) {
            throw body.invalid("id", "it must have 1 to 200 letters, digits and . _ : / -");
        }
        int most = body.integer("max_output_tokens", 1, MAX_OUTPUT_TOKENS)
                .orElseThrow(() -> body.missing("max_output_tokens"));
        RegisteredModel model = new RegisteredModel(
                id,
                UpstreamProvider.NAME,
                body.bool("enabled").orElse(true),
                "USD",
                requiredPrice(body, "input_price"),
                body.integer("cached_input_price", 0, MAX_PRICE).orElse(requiredPrice(body, "input_price")),
                requiredPrice(body, "output_price"),
                body.integer("training_price", 0, MAX_PRICE).orElse(0),
                OptionalInt.of(most),
                null,
                clock.instant());
        List<Route> routes = routes(body);
        body.finish();
        transactions.run(() -> {
            if (models.find(id).isPresent()) {
                throw ApiException.of(
                        HttpStatus.CONFLICT, "There is a model \"" + id + "\" already.", "id", "already_exists");
            }
            models.insertIfAbsent(model);
            upstreams.setRoutes(id, routes);
            audit.record(caller.userId(), "model.create", id, body.toString());
        });
        return body(model);
    }

    private static long requiredPrice(JsonObject body, String key) {
        return body.integer(key, 0, MAX_PRICE).orElseThrow(() -> body.missing(key));
    }

    private List<Route> routes(JsonObject body) {
        List<Route> routes = new ArrayList<>();
        Set<String> used = new HashSet<>();
        for (JsonObject route : body.objects("routes").orElseThrow(() -> body.missing("routes"))) {
            String name = route.requiredString("upstream");
            Upstream upstream = upstreams
                    .find(name)
                    .orElseThrow(() -> route.invalid("upstream", "there is no upstream \"" + name + "\""));
            if (!used.add(name)) {
                throw route.invalid("upstream", "there is a route to \"" + name + "\" already");
            }
            routes.add(new Route(
                    upstream,
                    route.requiredString("model"),
                    route.integer("weight", 1, MAX_WEIGHT).orElse(1)));
            route.finish();
        }
        if (routes.isEmpty()) {
            throw body.invalid("routes", "there must be at least one");
        }
        return routes;
    }

    /** Changes what the body names; a {@code max_output_tokens} of null takes the limit away. New prices hold for answers that begin later. */
    @PatchMapping("/api/admin/models/{*id}")
    Body update(Caller caller, @PathVariable String id, JsonObject body) {
        caller.require(Scopes.ADMIN);
        String name = RestOfPath.name(id);
        return body(transactions.call(() -> {
            RegisteredModel old = models.lock(name).orElseThrow(() -> ApiException.notFound("There is no such model."));
            RegisteredModel changed = changed(old, body);
            if (body.value("routes").isPresent()) {
                requireUpstream(old);
                upstreams.setRoutes(name, routes(body));
            }
            body.finish();
            models.update(changed);
            audit.record(caller.userId(), "model.update", name, body.toString());
            return changed;
        }));
    }

    private static void requireUpstream(RegisteredModel model) {
        if (!model.provider().equals(UpstreamProvider.NAME)) {
            throw ApiException.badRequest(
                    "Invalid 'routes': the model is answered by this process.", "routes", "invalid_value");
        }
    }

    private static RegisteredModel changed(RegisteredModel old, JsonObject body) {
        OptionalInt most = body.integer("max_output_tokens", 1, Integer.MAX_VALUE);
        return new RegisteredModel(
                old.id(),
                old.provider(),
                body.bool("enabled").orElse(old.enabled()),
                old.currency(),
                body.integer("input_price", 0, MAX_PRICE).orElse(old.inputPrice()),
                body.integer("cached_input_price", 0, MAX_PRICE).orElse(old.cachedInputPrice()),
                body.integer("output_price", 0, MAX_PRICE).orElse(old.outputPrice()),
                body.integer("training_price", 0, MAX_PRICE).orElse(old.trainingPrice()),
                body.keys().contains("max_output_tokens") ? most : old.maxOutputTokens(),
                old.organisationId(),
                old.createdAt());
    }
}
