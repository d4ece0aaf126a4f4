package dev.mynah.text.jinja;

import dev.mynah.text.jinja.Expression.Arguments;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Gives expressions their values. */
final class Evaluator {
    private final Budget budget;

    Evaluator(Budget budget) {
        this.budget = budget;
    }

    Object value(Expression expression, Scope scope) {
        budget.enter();
        Object value = switch (expression) {
            case Expression.Literal literal -> literal.value();
            case Expression.Name name -> scope.get(name.name());
            case Expression.ListOf list -> values(list.items(), scope);
            case Expression.MapOf map -> map(map, scope);
            case Expression.Attribute attribute -> Access.attribute(value(attribute.target(), scope), attribute.name());
            case Expression.Item item -> Access.item(value(item.target(), scope), value(item.index(), scope));
            case Expression.Slice slice ->
                Access.slice(
                        value(slice.target(), scope),
                        optional(slice.start(), scope),
                        optional(slice.stop(), scope),
                        optional(slice.step(), scope),
                        budget);
            case Expression.Call call -> call(call, scope, Map.of());
            case Expression.Filter filter ->
                Filters.apply(filter.name(), given(filter.name(), filter.target(), filter.arguments(), scope));
            case Expression.Test test ->
                Tests.holds(test.name(), given(test.name(), test.target(), test.arguments(), scope));
            case Expression.Not not -> !truth(not.operand(), scope);
            case Expression.Negative negative -> Operators.negative(value(negative.operand(), scope));
            case Expression.Binary binary ->
                Operators.binary(binary.operator(), value(binary.left(), scope), value(binary.right(), scope), budget);
            case Expression.Logic logic -> {
                Object left = value(logic.left(), scope);
                yield Values.truth(left) == logic.and() ? value(logic.right(), scope) : left;
            }
            case Expression.Comparison comparison -> compares(comparison, scope);
            case Expression.Conditional conditional -> conditional(conditional, scope);
        };
        budget.leave();
        return value;
    }

    boolean truth(Expression expression, Scope scope) {
        return Values.truth(value(expression, scope));
    }

    List<Object> values(List<Expression> expressions, Scope scope) {
        List<Object> values = new ArrayList<>(expressions.size());
        for (Expression expression : expressions) {
            values.add(value(expression, scope));
        }
        return values;
    }

    private Object optional(@Nullable Expression expression, Scope scope) {
        return expression == null ? None.NONE : value(expression, scope);
    }

    private Map<Object, Object> map(Expression.MapOf map, Scope scope) {
        Map<Object, Object> entries = new LinkedHashMap<>();
        for (int i = 0; i < map.keysAndValues().size(); i += 2) {
            Object key = Values.key(value(map.keysAndValues().get(i), scope));
            entries.put(key, value(map.keysAndValues().get(i + 1), scope));
        }
        return entries;
    }

    private boolean compares(Expression.Comparison comparison, Scope scope) {
        Object left = value(comparison.first(), scope);
        for (int i = 0; i < comparison.rights().size(); i++) {
            Object right = value(comparison.rights().get(i), scope);
            if (!Operators.compares(comparison.operators().get(i), left, right, budget)) {
                return false;
            }
            left = right;
        }
        return true;
    }

    private Object conditional(Expression.Conditional conditional, Scope scope) {
        if (truth(conditional.condition(), scope)) {
            return value(conditional.then(), scope);
        }
        return conditional.otherwise() == null
                ? new Undefined("the value without an else")
                : value(conditional.otherwise(), scope);
    }

    /** {@code more} is given beside what the call names. */
    Object call(Expression.Call call, Scope scope, Map<String, Object> more) {
        Object target = value(call.target(), scope);
        String name = name(call.target());
        if (target instanceof Undefined undefined) {
            throw undefined.used();
        }
        if (!(target instanceof Callable callable)) {
            throw new JinjaException("\"" + name + "\" is " + Values.type(target) + ", which cannot be called");
        }
        Map<String, Object> named = new LinkedHashMap<>(more);
        call.arguments().named().forEach((key, value) -> named.put(key, value(value, scope)));
        return callable.call(new Given(name, values(call.arguments().positional(), scope), named, budget));
    }

    private static String name(Expression target) {
        return switch (target) {
            case Expression.Name name -> name.name();
            case Expression.Attribute attribute -> attribute.name();
            default -> "the value";
        };
    }

    private Given given(String name, Expression target, Arguments arguments, Scope scope) {
        List<Object> positional = new ArrayList<>(arguments.positional().size() + 1);
        positional.add(value(target, scope));
        positional.addAll(values(arguments.positional(), scope));
        Map<String, Object> named = new LinkedHashMap<>();
        arguments.named().forEach((key, value) -> named.put(key, value(value, scope)));
        return new Given(name, positional, named, budget);
    }
}
