package dev.mynah.text.jinja;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What has a value. */
sealed interface Expression {

    record Literal(Object value) implements Expression {}

    record Name(String name) implements Expression {}

    record ListOf(List<Expression> items) implements Expression {}

    /** Keys and values alternate. */
    record MapOf(List<Expression> keysAndValues) implements Expression {}

    record Attribute(Expression target, String name) implements Expression {}

    record Item(Expression target, Expression index) implements Expression {}

    record Slice(
            Expression target,
            @Nullable Expression start,
            @Nullable Expression stop,
            @Nullable Expression step) implements Expression {}

    record Call(Expression target, Arguments arguments) implements Expression {}

    record Filter(Expression target, String name, Arguments arguments) implements Expression {}

    record Test(Expression target, String name, Arguments arguments) implements Expression {}

    record Not(Expression operand) implements Expression {}

    record Negative(Expression operand) implements Expression {}

    record Binary(String operator, Expression left, Expression right) implements Expression {}

    /** {@code and} or {@code or}: the value of the operand that decides. */
    record Logic(boolean and, Expression left, Expression right) implements Expression {}

    /** {@code first op right op right ...}, each compared with its neighbour. */
    record Comparison(Expression first, List<String> operators, List<Expression> rights) implements Expression {}

    record Conditional(
            Expression condition, Expression then, @Nullable Expression otherwise) implements Expression {}

    /** What is given to a function, filter or test. */
    record Arguments(List<Expression> positional, Map<String, Expression> named) {
        static final Arguments NONE = new Arguments(List.of(), Map.of());
    }
}
