package dev.mynah.server.web;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

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

    /** A request that was refused before any controller saw it. */
    static ErrorBody refused(int status) {
        if (status >= HttpStatus.INTERNAL_SERVER_ERROR.value()) {
            return internal();
        }
        String message = status == HttpStatus.NOT_FOUND.value()
                ? "There is nothing at this path."
                : "The request cannot be understood: its address, a header or its form is not what HTTP allows.";
        return new ErrorBody(new Detail(message, "invalid_request_error", null, null));
    }
}
