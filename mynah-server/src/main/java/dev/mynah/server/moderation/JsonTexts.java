package dev.mynah.server.moderation;

import java.io.StringWriter;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

/** The texts within JSON as a model reads them: names, strings and numbers, without escapes, one a line. */
final class JsonTexts {
    private static final JsonMapper JSON = JsonMapper.shared();

    private JsonTexts() {}

    /** Nothing where it is no JSON. */
    static Optional<String> of(String json) {
        StringBuilder texts = new StringBuilder();
        try (JsonParser parser = JSON.createParser(json)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (isText(token)) {
                    texts.append(parser.getString()).append('\n');
                }
            }
            return Optional.of(texts.toString());
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    /**
     * The same JSON with other values.
     *
     * @param texts of the same lengths; names stay as they are
     */
    static String replaced(String json, String texts) {
        StringWriter replaced = new StringWriter();
        try (JsonParser parser = JSON.createParser(json);
                JsonGenerator out = JSON.createGenerator(replaced)) {
            int at = 0;
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (!isText(token)) {
                    out.copyCurrentEvent(parser);
                    continue;
                }
                String before = parser.getString();
                String after = texts.substring(at, at + before.length());
                at += before.length() + 1;
                if (token == JsonToken.PROPERTY_NAME || after.equals(before)) {
                    out.copyCurrentEvent(parser);
                } else {
                    out.writeString(after);
                }
            }
        }
        return replaced.toString();
    }

    private static boolean isText(JsonToken token) {
        return token == JsonToken.PROPERTY_NAME || token == JsonToken.VALUE_STRING || token.isNumeric();
    }
}
