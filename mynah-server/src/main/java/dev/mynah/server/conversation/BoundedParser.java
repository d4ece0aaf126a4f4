package dev.mynah.server.conversation;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.util.JsonParserDelegate;

/** Reads values one after the other, of which each may have so many tokens and so much text: what becomes of it in memory is a small multiple of that. */
final class BoundedParser extends JsonParserDelegate {
    private static final int MAX_TOKENS = 2_000_000;
    private static final int MAX_CHARACTERS = 16 << 20;

    private int tokensLeft;
    private int charactersLeft;

    BoundedParser(JsonParser parser) {
        super(parser);
        beginValue();
    }

    /** Says that another value begins, which has all of the limits again. */
    void beginValue() {
        tokensLeft = MAX_TOKENS;
        charactersLeft = MAX_CHARACTERS;
    }

    /** @throws IllegalArgumentException as all that reads on: if the value is larger than may be */
    @Override
    public @Nullable JsonToken nextToken() {
        JsonToken token = super.nextToken();
        count();
        return token;
    }

    @Override
    public @Nullable String nextName() {
        String name = super.nextName();
        count();
        return name;
    }

    private void count() {
        if (--tokensLeft < 0) {
            throw new IllegalArgumentException("it has more than " + MAX_TOKENS + " JSON tokens");
        }
        JsonToken token = currentToken();
        if (token != null && (token.isScalarValue() || token == JsonToken.PROPERTY_NAME)) {
            charactersLeft -= getStringLength();
            if (charactersLeft < 0) {
                throw new IllegalArgumentException("it has more than " + MAX_CHARACTERS + " characters");
            }
        }
    }
}
