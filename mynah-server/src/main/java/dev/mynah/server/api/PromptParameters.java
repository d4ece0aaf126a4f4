package dev.mynah.server.api;

import dev.mynah.server.provider.Prompt;
import dev.mynah.server.web.JsonObject;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Texts that stand in a request as text or as token ids. */
final class PromptParameters {
    private PromptParameters() {}

    /** A string, an array of strings, an array of token ids, or an array of such arrays: 1 to {@code most} texts. */
    static List<Prompt> read(JsonObject body, String key, int most) {
        JsonNode given = body.value(key).orElseThrow(() -> body.missing(key));
        List<Prompt> prompts = new ArrayList<>();
        if (given.isArray() && !given.isEmpty() && given.get(0).isNumber()) {
            prompts.add(tokens(body, key, given));
        } else if (given.isArray() && !given.isEmpty() && given.get(0).isArray()) {
            given.forEach(ids -> prompts.add(tokens(body, key, ids)));
        } else {
            body.strings(key).forEach(text -> prompts.add(new Prompt.Text(text)));
        }
        if (prompts.isEmpty() || prompts.size() > most) {
            throw body.invalid(key, "it must have 1 to " + most + " texts, not " + prompts.size());
        }
        return prompts;
    }

    private static Prompt tokens(JsonObject body, String key, JsonNode array) {
        List<Integer> ids = new ArrayList<>();
        for (JsonNode id : array) {
            if (!id.isIntegralNumber() || !id.canConvertToInt() || id.intValue() < 0) {
                throw body.invalid(key, "a text of token ids must hold nothing but such, unlike " + id);
            }
            ids.add(id.intValue());
        }
        return new Prompt.Tokens(ids);
    }
}
