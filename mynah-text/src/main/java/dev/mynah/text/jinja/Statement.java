package dev.mynah.text.jinja;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What writes text or changes variables. */
sealed interface Statement {

    /** The line of the template where it begins. */
    int line();

    record Text(int line, String text) implements Statement {}

    record Output(int line, Expression value) implements Statement {}

    record If(int line, Expression condition, List<Statement> then, List<Statement> otherwise) implements Statement {}

    record For(
            int line,
            List<String> targets,
            Expression items,
            @Nullable Expression condition,
            boolean recursive,
            List<Statement> body,
            List<Statement> otherwise)
            implements Statement {}

    /** {@code attribute} of a namespace where it is not null, else the variables. */
    record Set(int line, List<String> targets, @Nullable String attribute, Expression value) implements Statement {}

    /** {@code filter} is applied to what the body writes. */
    record SetBlock(int line, String target, @Nullable Expression filter, List<Statement> body) implements Statement {}

    record Macro(int line, String name, Parameters parameters, List<Statement> body) implements Statement {}

    record CallBlock(int line, Parameters parameters, Expression.Call call, List<Statement> body)
            implements Statement {}

    record FilterBlock(int line, Expression filter, List<Statement> body) implements Statement {}

    record With(int line, List<String> names, List<Expression> values, List<Statement> body) implements Statement {}

    /** What the assistant writes. */
    record Generation(int line, List<Statement> body) implements Statement {}

    record Break(int line) implements Statement {}

    record Continue(int line) implements Statement {}

    /** Of a macro; the last ones have {@code defaults}. */
    record Parameters(List<String> names, List<Expression> defaults) {
        static final Parameters NONE = new Parameters(List.of(), List.of());
    }

    /** The variable that holds what a block wrote, for its filters. */
    String BLOCK = " block";
}
