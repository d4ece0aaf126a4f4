package dev.mynah.text.jinja;

import dev.mynah.text.MarkedText.Origin;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A template that was read. Immutable, for any number of threads.
 *
 * @see <a href="https://jinja.palletsprojects.com/en/stable/templates/">Jinja's template designer documentation</a>
 */
public final class JinjaTemplate {
    private static final int MAX_SOURCE = 1 << 20;

    private final List<Statement> statements;

    private JinjaTemplate(List<Statement> statements) {
        this.statements = statements;
    }

    /**
     * Reads a template.
     *
     * @throws JinjaException if it is damaged, or uses what is not supported, which the message names
     */
    public static JinjaTemplate parse(String source) {
        if (source.length() > MAX_SOURCE) {
            throw new JinjaException("chat template: it has " + source.length() + " characters, but at most "
                    + MAX_SOURCE + " are read");
        }
        return new JinjaTemplate(TemplateParser.parse(source));
    }

    /**
     * A variable's value whose strings, wherever they stand in it, were written by {@code origin}.
     *
     * @param value null, String, number, Boolean, or lists and maps of these
     */
    public static Object marked(@Nullable Object value, Origin origin) {
        return Values.of(value, origin);
    }

    /**
     * Renders with {@code variables}: null, String, number, Boolean, and lists and maps of these. Strings
     * count as the program's own: what others wrote comes from {@link #marked}.
     *
     * @param clock what {@code strftime_now} tells the time by
     * @throws JinjaException if the template fails, refuses the conversation ({@code raise_exception}), or wants more
     *     steps, text, nesting or time than is allowed
     */
    public Rendering render(Map<String, ? extends @Nullable Object> variables, Clock clock) {
        Scope globals = new Scope(null);
        Functions.addTo(globals, clock);
        Scope scope = new Scope(globals);
        variables.forEach((name, value) -> scope.set(name, Values.of(value, Origin.PROGRAM)));
        return new Interpreter().run(statements, scope);
    }
}
