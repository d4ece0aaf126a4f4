package dev.mynah.text.jinja;

/** A part of a template's source. */
record Token(Kind kind, String text, int line) {

    enum Kind {
        /** Text to write as it stands. */
        DATA,
        /** <code>{{</code> */
        OUTPUT_BEGIN,
        /** <code>}}</code> */
        OUTPUT_END,
        /** <code>{%</code> */
        TAG_BEGIN,
        /** <code>%}</code> */
        TAG_END,
        NAME,
        STRING,
        INTEGER,
        FLOAT,
        OPERATOR,
        /** The end of the template. */
        END
    }

    boolean isOperator(String operator) {
        return kind == Kind.OPERATOR && text.equals(operator);
    }

    boolean isName(String name) {
        return kind == Kind.NAME && text.equals(name);
    }

    /** For messages. */
    String described() {
        return switch (kind) {
            case END -> "the end of the template";
            case TAG_END -> "\"%}\"";
            case OUTPUT_END -> "\"}}\"";
            default -> '"' + text + '"';
        };
    }
}
