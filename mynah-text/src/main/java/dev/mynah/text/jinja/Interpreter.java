package dev.mynah.text.jinja;

import dev.mynah.text.MarkedText;
import dev.mynah.text.jinja.Statement.Parameters;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Carries out a template's statements, once. */
final class Interpreter {

    /** How a statement ended. */
    private enum End {
        NORMAL,
        BREAK,
        CONTINUE
    }

    private final Budget budget = new Budget();
    private final Evaluator evaluator = new Evaluator(budget);
    private final MarkedText.Builder root = new MarkedText.Builder();
    private final List<Rendering.Span> generated = new ArrayList<>();
    private MarkedText.Builder out = root;

    Rendering run(List<Statement> template, Scope scope) {
        execute(template, scope);
        return new Rendering(root.build(), generated);
    }

    private End execute(List<Statement> statements, Scope scope) {
        for (Statement statement : statements) {
            try {
                budget.enter();
                End end = execute(statement, scope);
                budget.leave();
                if (end != End.NORMAL) {
                    return end;
                }
            } catch (JinjaException e) {
                throw e.at(statement.line());
            }
        }
        return End.NORMAL;
    }

    private End execute(Statement statement, Scope scope) {
        switch (statement) {
            case Statement.Text text -> write(Values.text(text.text()));
            case Statement.Output output -> write(Values.string(evaluator.value(output.value(), scope), budget));
            case Statement.If condition -> {
                boolean holds = evaluator.truth(condition.condition(), scope);
                return execute(holds ? condition.then() : condition.otherwise(), scope);
            }
            case Statement.For loop -> loop(loop, evaluator.value(loop.items(), scope), scope, 0);
            case Statement.Set set -> set(set, scope);
            case Statement.SetBlock set -> {
                MarkedText written = capture(set.body(), new Scope(scope));
                scope.set(set.target(), set.filter() == null ? written : filtered(set.filter(), written, scope));
            }
            case Statement.Macro macro ->
                scope.set(macro.name(), macro(macro.name(), macro.parameters(), macro.body(), scope));
            case Statement.CallBlock call -> {
                Callable caller = macro("caller", call.parameters(), call.body(), scope);
                write(Values.string(evaluator.call(call.call(), scope, Map.of("caller", caller)), budget));
            }
            case Statement.FilterBlock block ->
                write(Values.string(filtered(block.filter(), capture(block.body(), new Scope(scope)), scope), budget));
            case Statement.With with -> {
                Scope inner = new Scope(scope);
                for (int i = 0; i < with.names().size(); i++) {
                    inner.set(with.names().get(i), evaluator.value(with.values().get(i), scope));
                }
                return execute(with.body(), inner);
            }
            case Statement.Generation generation -> generation(generation, scope);
            case Statement.Break stop -> {
                return End.BREAK;
            }
            case Statement.Continue next -> {
                return End.CONTINUE;
            }
        }
        return End.NORMAL;
    }

    private void write(MarkedText text) {
        budget.spendMore(out.length(), text.length());
        out.append(text);
    }

    /** What {@code body} writes. */
    private MarkedText capture(List<Statement> body, Scope scope) {
        MarkedText.Builder outer = out;
        MarkedText.Builder inner = new MarkedText.Builder();
        out = inner;
        execute(body, scope);
        out = outer;
        return inner.build();
    }

    private Object filtered(Expression filter, MarkedText written, Scope scope) {
        Scope inner = new Scope(scope);
        inner.set(Statement.BLOCK, written);
        return evaluator.value(filter, inner);
    }

    private void generation(Statement.Generation generation, Scope scope) {
        int begin = out.length();
        execute(generation.body(), new Scope(scope));
        if (out == root && out.length() > begin) {
            generated.add(new Rendering.Span(begin, out.length()));
        }
    }

    private void set(Statement.Set set, Scope scope) {
        Object value = evaluator.value(set.value(), scope);
        if (set.attribute() == null) {
            assign(set.targets(), value, scope);
            return;
        }
        String name = set.targets().getFirst();
        if (!(scope.get(name) instanceof Namespace namespace)) {
            throw new JinjaException("\"" + name + "\" is no namespace, so that its attributes cannot be set");
        }
        namespace.attributes.put(set.attribute(), value);
    }

    private void assign(List<String> targets, Object value, Scope scope) {
        if (targets.size() == 1) {
            scope.set(targets.getFirst(), value);
            return;
        }
        List<?> values = Values.items(value, budget);
        if (values.size() != targets.size()) {
            throw new JinjaException(values.size() + " values are given to " + targets.size() + " names");
        }
        for (int i = 0; i < targets.size(); i++) {
            scope.set(targets.get(i), values.get(i));
        }
    }

    private void loop(Statement.For loop, Object over, Scope scope, int depth) {
        List<?> items = Values.items(over, budget);
        if (loop.condition() != null) {
            items = selected(loop, loop.condition(), items, scope);
        }
        Callable recursion = given -> {
            if (!loop.recursive()) {
                throw new JinjaException("the loop is not recursive");
            }
            MarkedText.Builder outer = out;
            MarkedText.Builder inner = new MarkedText.Builder();
            out = inner;
            loop(loop, given.get(0, "items"), scope, depth + 1);
            out = outer;
            return inner.build();
        };
        Loop state = new Loop(items, depth, recursion);
        for (int i = 0; i < items.size(); i++) {
            state.index = i;
            Scope inner = new Scope(scope);
            assign(loop.targets(), items.get(i), inner);
            inner.set("loop", state);
            if (execute(loop.body(), inner) == End.BREAK) {
                return;
            }
        }
        if (items.isEmpty()) {
            execute(loop.otherwise(), new Scope(scope));
        }
    }

    private List<Object> selected(Statement.For loop, Expression condition, List<?> items, Scope scope) {
        List<Object> selected = new ArrayList<>();
        for (Object item : items) {
            Scope inner = new Scope(scope);
            assign(loop.targets(), item, inner);
            if (evaluator.truth(condition, inner)) {
                selected.add(item);
            }
        }
        return selected;
    }

    private Callable macro(String name, Parameters parameters, List<Statement> body, Scope scope) {
        return given -> {
            Scope inner = new Scope(scope);
            List<String> names = parameters.names();
            if (given.positional().size() > names.size()) {
                throw new JinjaException("\"" + name + "\" takes at most " + names.size() + " values, but got "
                        + given.positional().size());
            }
            for (Map.Entry<String, Object> entry : given.named().entrySet()) {
                if (!names.contains(entry.getKey()) && !entry.getKey().equals("caller")) {
                    throw new JinjaException("\"" + name + "\" has no parameter \"" + entry.getKey() + "\"");
                }
                inner.set(entry.getKey(), entry.getValue());
            }
            int required = names.size() - parameters.defaults().size();
            for (int i = 0; i < names.size(); i++) {
                @Nullable Object value = argument(given, names.get(i), i);
                if (value != null) {
                    inner.set(names.get(i), value);
                } else if (i >= required) {
                    inner.set(
                            names.get(i), evaluator.value(parameters.defaults().get(i - required), inner));
                } else {
                    inner.set(names.get(i), new Undefined(names.get(i)));
                }
            }
            return capture(body, inner);
        };
    }

    private static @Nullable Object argument(Given given, String name, int index) {
        return index < given.positional().size()
                ? given.positional().get(index)
                : given.named().get(name);
    }
}
