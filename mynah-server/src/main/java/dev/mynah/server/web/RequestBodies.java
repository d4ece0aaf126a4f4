package dev.mynah.server.web;

import dev.mynah.files.JsonErrors;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads JSON bodies: bounded in size, depth and tokens, valid UTF-8, one object, no key twice. */
final class RequestBodies {
    private static final int MAX_BYTES = 16 << 20;
    /** Of who is not signed in, and cannot be stopped by a limit of a plan. */
    private static final int MAX_STRANGERS_BYTES = 64 << 10;

    private static final int MAX_DEPTH = 64;
    // A token becomes some 60 bytes.
    private static final int MAX_TOKENS = 2_000_000;
    private static final int MAX_DIGITS = 100;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxTokenCount(MAX_TOKENS)
                            .maxNumberLength(MAX_DIGITS)
                            .maxStringLength(MAX_BYTES)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private RequestBodies() {}

    static JsonObject read(HttpServletRequest request) throws IOException {
        requireJson(request.getContentType());
        int limit = Callers.current().isPresent() ? MAX_BYTES : MAX_STRANGERS_BYTES;
        if (request.getContentLengthLong() > limit) {
            throw tooLarge(limit);
        }
        byte[] bytes = request.getInputStream().readNBytes(limit + 1);
        if (bytes.length > limit) {
            throw tooLarge(limit);
        }
        return new JsonObject(parse(text(bytes)), "");
    }

    private static void requireJson(@Nullable String contentType) {
        try {
            if (contentType != null
                    && MediaType.APPLICATION_JSON.isCompatibleWith(MediaType.parseMediaType(contentType))) {
                return;
            }
        } catch (InvalidMediaTypeException e) {
            // Refused below, as any other.
        }
        throw ApiException.of(
                HttpStatus.UNSUPPORTED_MEDIA_TYPE, "The Content-Type must be application/json.", null, null);
    }

    private static ApiException tooLarge(int limit) {
        return ApiException.of(
                HttpStatus.CONTENT_TOO_LARGE,
                "The body is too large: the limit is " + limit + " bytes.",
                null,
                "request_too_large");
    }

    private static String text(byte[] bytes) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            if (text.isBlank()) {
                throw ApiException.badRequest("The body is empty; it must be a JSON object.");
            }
            return text;
        } catch (CharacterCodingException e) {
            throw ApiException.badRequest("The body is not valid UTF-8.");
        }
    }

    private static JsonNode parse(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JacksonException e) {
            throw ApiException.badRequest(
                    "We could not parse the JSON body of your request: " + JsonErrors.describe(e));
        }
    }
}
