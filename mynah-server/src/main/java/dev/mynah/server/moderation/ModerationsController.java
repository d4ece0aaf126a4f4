package dev.mynah.server.moderation;

import dev.mynah.server.account.Caller;
import dev.mynah.server.account.Scopes;
import dev.mynah.server.answer.UnknownModelException;
import dev.mynah.server.store.Ids;
import dev.mynah.server.web.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** {@code POST /v1/moderations}: the same check as questions and answers have. A category that is allowed in both is not looked for. */
@RestController
public final class ModerationsController {
    public static final String ENDPOINT = "/v1/moderations";

    private static final String MODEL = "mynah-moderation";
    private static final int MAX_INPUTS = 1_000;
    private static final int MAX_CHARACTERS = 1 << 20;

    private final RuleBook book;

    ModerationsController(RuleBook book) {
        this.book = book;
    }

    public record Body(String id, String model, List<Result> results) {}

    public record Result(
            boolean flagged,
            Map<String, Boolean> categories,
            Map<String, Double> categoryScores,
            Map<String, List<String>> categoryAppliedInputTypes) {}

    /** Checks what the body's {@code input} holds. */
    @PostMapping(ENDPOINT)
    public Body create(Caller caller, JsonObject body) {
        caller.require(Scopes.INFERENCE);
        String model = body.string("model").orElse(MODEL);
        List<String> inputs = inputs(body);
        body.finish();
        if (!model.matches(MODEL + "|(omni|text)-moderation-[a-z0-9-]+")) {
            throw new UnknownModelException(model);
        }
        Rules rules = book.rules();
        return new Body(
                Ids.next("modr-"),
                MODEL,
                inputs.stream().map(text -> result(rules, text)).toList());
    }

    /** A string, an array of strings, or an array of parts, which are one input. */
    private static List<String> inputs(JsonObject body) {
        JsonNode input = body.value("input").orElseThrow(() -> body.missing("input"));
        boolean parts = input.isArray() && !input.isEmpty() && input.get(0).isObject();
        List<String> inputs = parts ? List.of(String.join("\n", parts(body))) : body.strings("input");
        if (inputs.isEmpty() || inputs.size() > MAX_INPUTS) {
            throw body.invalid("input", "it must have 1 to " + MAX_INPUTS + " texts, not " + inputs.size());
        }
        if (inputs.stream().mapToLong(String::length).sum() > MAX_CHARACTERS) {
            throw body.invalid("input", "it must have at most " + MAX_CHARACTERS + " characters");
        }
        return inputs;
    }

    private static List<String> parts(JsonObject body) {
        List<String> texts = new ArrayList<>();
        for (JsonObject part : body.objects("input").orElseThrow()) {
            String type = part.requiredString("type");
            if (!type.equals("text")) {
                throw part.invalid("type", "\"" + type + "\" is not supported; only \"text\" is");
            }
            texts.add(part.requiredString("text"));
            part.finish();
        }
        return texts;
    }

    private static Result result(Rules rules, String text) {
        Set<Category> named = rules.named(text);
        Map<Category, Double> probabilities = rules.probabilities(text);
        Map<String, Boolean> categories = new LinkedHashMap<>();
        Map<String, Double> scores = new LinkedHashMap<>();
        Map<String, List<String>> types = new LinkedHashMap<>();
        for (Category category : Category.values()) {
            // A word or a pattern is there or not.
            boolean sure = named.contains(category);
            double probability = probabilities.getOrDefault(category, 0.0);
            categories.put(category.id(), sure || rules.finds(category, probability));
            scores.put(category.id(), sure ? 1.0 : probability);
            types.put(category.id(), List.of("text"));
        }
        return new Result(categories.containsValue(true), categories, scores, types);
    }
}
