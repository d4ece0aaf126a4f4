package dev.mynah.server.answer;

import dev.mynah.server.web.JsonObject;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** The keys of a body that say how tokens are chosen, with their limits: the same in the API and in conversations. */
public final class SamplingKeys {
    private static final double MAX_TEMPERATURE = 2;
    private static final double MAX_PENALTY = 2;
    private static final int MAX_STOP = 4;

    private SamplingKeys() {}

    public static OptionalDouble temperature(JsonObject body) {
        return body.number("temperature", 0, MAX_TEMPERATURE);
    }

    /** 0 where it is absent. */
    public static double frequencyPenalty(JsonObject body) {
        return penalty(body, "frequency_penalty");
    }

    /** 0 where it is absent. */
    public static double presencePenalty(JsonObject body) {
        return penalty(body, "presence_penalty");
    }

    private static double penalty(JsonObject body, String key) {
        return body.number(key, -MAX_PENALTY, MAX_PENALTY).orElse(0);
    }

    public static OptionalLong seed(JsonObject body) {
        return body.integer("seed", Long.MIN_VALUE, Long.MAX_VALUE);
    }

    /** The texts before which an answer ends: one, or an array of them. */
    public static List<String> stop(JsonObject body) {
        List<String> stop = body.strings("stop");
        if (stop.size() > MAX_STOP) {
            throw body.invalid("stop", "at most " + MAX_STOP + " stop strings are allowed, not " + stop.size());
        }
        if (stop.contains("")) {
            throw body.invalid("stop", "a stop string must not be empty");
        }
        return stop;
    }
}
