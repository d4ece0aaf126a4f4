package dev.mynah.server.api;

import dev.mynah.engine.Watermark;
import dev.mynah.server.account.Caller;
import dev.mynah.server.answer.Inference;
import dev.mynah.server.web.JsonObject;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code POST /v1/watermark/detections}, which the OpenAI API has not: looks for this service's own statistical mark in a text. */
@RestController
final class WatermarkController {
    private static final int MAX_CHARACTERS = 1 << 20;

    private final Inference inference;

    WatermarkController(Inference inference) {
        this.inference = inference;
    }

    /**
     * What was found.
     *
     * @param tokens that were looked at
     * @param green  how many of these the mark prefers
     * @param z      by how many standard deviations these are more than in text without the mark
     * @param pValue the probability of at least as many in text without the mark
     */
    record Body(String object, String model, int tokens, int green, double z, double pValue) {}

    @PostMapping("/v1/watermark/detections")
    Body detect(Caller caller, JsonObject body) {
        String model = body.requiredString("model");
        String input = body.requiredString("input");
        body.finish();
        if (input.length() > MAX_CHARACTERS) {
            throw body.invalid("input", "it has more than " + MAX_CHARACTERS + " characters");
        }
        Watermark.Detection found = inference.detect(caller, model, input);
        return new Body("watermark.detection", model, found.tokens(), found.green(), found.z(), found.pValue());
    }
}
