package dev.mynah.server.provider;

import java.util.OptionalInt;

/** A JSON Schema that answers cannot be held to: the answer's own, or that of a tool. */
public final class UnusableSchemaException extends IllegalArgumentException {
    private final boolean ofTools;
    private final int tool;

    private UnusableSchemaException(IllegalArgumentException cause, boolean ofTools, int tool) {
        super(cause.getMessage(), cause);
        this.ofTools = ofTools;
        this.tool = tool;
    }

    static UnusableSchemaException ofAnswer(IllegalArgumentException cause) {
        return new UnusableSchemaException(cause, false, -1);
    }

    /** @param tool its place among those that the request offers, or -1 where any of them may be it */
    static UnusableSchemaException ofTools(IllegalArgumentException cause, int tool) {
        return new UnusableSchemaException(cause, true, tool);
    }

    public boolean isOfTools() {
        return ofTools;
    }

    /** The place of the tool among those that the request offers, where it is known. */
    public OptionalInt tool() {
        return tool < 0 ? OptionalInt.empty() : OptionalInt.of(tool);
    }
}
