package dev.mynah.server.conversation;

import dev.mynah.server.account.Caller;
import dev.mynah.server.web.JsonObject;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/account/instructions}: they stand before those of each chat, from its next answer on. */
@RestController
@RequestMapping("/api/account/instructions")
final class InstructionsController {
    private static final int MAX_LENGTH = 10_000;

    private final Instructions instructions;

    InstructionsController(Instructions instructions) {
        this.instructions = instructions;
    }

    /** @param instructions empty where there are none */
    record Body(String instructions) {}

    @GetMapping
    Body get(Caller caller) {
        return new Body(instructions.of(caller.userId()).orElse(""));
    }

    @PutMapping
    Body put(Caller caller, JsonObject body) {
        String text = body.requiredString("instructions").strip();
        body.finish();
        if (text.length() > MAX_LENGTH) {
            throw body.invalid("instructions", "they have at most " + MAX_LENGTH + " characters");
        }
        instructions.put(caller.userId(), text);
        return get(caller);
    }
}
