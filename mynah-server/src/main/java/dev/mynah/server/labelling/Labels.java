package dev.mynah.server.labelling;

import dev.mynah.server.web.JsonObject;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Reads labels from requests. */
final class Labels {
    private static final int MAX_TEXT = 100_000;

    private Labels() {}

    /** Takes {@code ranks} or {@code text}, as the task's kind wants it. */
    static Label read(JsonObject body, Task task) {
        if (task.answers().isEmpty()) {
            String text = body.requiredString("text").strip();
            if (text.isEmpty() || text.length() > MAX_TEXT) {
                throw body.invalid("text", "it has 1 to " + MAX_TEXT + " characters");
            }
            return new Label(null, text);
        }
        int answers = task.answers().size();
        List<Integer> ranks = new ArrayList<>();
        for (JsonNode rank : body.value("ranks").orElseThrow(() -> body.missing("ranks"))) {
            if (!rank.isInt() || rank.intValue() < 1 || rank.intValue() > answers) {
                throw body.invalid("ranks", "each is an integer of 1.." + answers);
            }
            ranks.add(rank.intValue());
        }
        if (ranks.size() != answers) {
            throw body.invalid("ranks", "there are " + answers + " answers but " + ranks.size() + " ranks");
        }
        return new Label(ranks, null);
    }
}
