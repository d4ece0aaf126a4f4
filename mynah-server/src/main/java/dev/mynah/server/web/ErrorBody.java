package dev.mynah.server.web;

import org.jspecify.annotations.Nullable;

/** An error as the OpenAI API writes it. */
public record ErrorBody(Detail error) {

    /** All four are always there, the last two perhaps null. */
    public record Detail(
            String message,
            String type,
            @Nullable String param,
            @Nullable String code) {}

    /** An error of the program itself: its message tells nothing about the inside. */
    public static ErrorBody internal() {
        return new ErrorBody(new Detail(
                "The server had an error while processing your request. Sorry about that!",
                "server_error",
                null,
                null));
    }
}
