package dev.mynah.text.jinja;

import dev.mynah.text.jinja.Token.Kind;
import java.util.List;

/** Walks through a template's tokens. */
final class TokenReader {
    private final List<Token> tokens;
    private int at;

    TokenReader(List<Token> tokens) {
        this.tokens = tokens;
    }

    Token peek() {
        return tokens.get(at);
    }

    /** The token after the next. */
    Token second() {
        return tokens.get(Math.min(at + 1, tokens.size() - 1));
    }

    Token next() {
        Token token = tokens.get(at);
        if (token.kind() != Kind.END) {
            at++;
        }
        return token;
    }

    boolean skipOperator(String operator) {
        return skip(peek().isOperator(operator));
    }

    boolean skipName(String name) {
        return skip(peek().isName(name));
    }

    private boolean skip(boolean found) {
        if (found) {
            at++;
        }
        return found;
    }

    void expectOperator(String operator) {
        if (!skipOperator(operator)) {
            throw unexpected('"' + operator + '"');
        }
    }

    void expectName(String name) {
        if (!skipName(name)) {
            throw unexpected('"' + name + '"');
        }
    }

    Token expect(Kind kind, String described) {
        if (peek().kind() != kind) {
            throw unexpected(described);
        }
        return next();
    }

    String name() {
        return expect(Kind.NAME, "a name").text();
    }

    JinjaException unexpected(String expected) {
        Token found = peek();
        return new JinjaException("expected " + expected + ", but found " + found.described()).at(found.line());
    }
}
