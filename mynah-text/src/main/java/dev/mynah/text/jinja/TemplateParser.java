package dev.mynah.text.jinja;

import dev.mynah.text.jinja.Statement.Parameters;
import dev.mynah.text.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a template's statements. */
final class TemplateParser {
    private static final int MAX_DEPTH = 50;
    private static final int MAX_ELIFS = 200;
    private static final Set<String> FILES = Set.of("include", "import", "from", "extends", "block");

    private final TokenReader in;
    private final ExpressionParser expressions;
    private int depth;
    private int loops;

    private TemplateParser(List<Token> tokens) {
        in = new TokenReader(tokens);
        expressions = new ExpressionParser(in);
    }

    static List<Statement> parse(String template) {
        TemplateParser parser = new TemplateParser(Lexer.tokens(template));
        List<Statement> statements = parser.until();
        if (parser.in.peek().kind() != Kind.END) {
            parser.in.next();
            throw parser.in.unexpected("a tag that begins something");
        }
        return statements;
    }

    /** Statements up to a tag whose name is one of {@code ends}, or up to the end; the tag is left to be read. */
    private List<Statement> until(String... ends) {
        if (++depth > MAX_DEPTH) {
            throw new JinjaException("tags are nested more than " + MAX_DEPTH + " deep")
                    .at(in.peek().line());
        }
        List<Statement> statements = new ArrayList<>();
        while (in.peek().kind() != Kind.END && !(in.peek().kind() == Kind.TAG_BEGIN && isOneOf(in.second(), ends))) {
            Token token = in.next();
            switch (token.kind()) {
                case DATA -> statements.add(new Statement.Text(token.line(), token.text()));
                case OUTPUT_BEGIN -> {
                    statements.add(new Statement.Output(token.line(), expressions.expressions()));
                    in.expect(Kind.OUTPUT_END, "\"}}\"");
                }
                default -> statements.add(tag(token.line()));
            }
        }
        depth--;
        return statements;
    }

    private static boolean isOneOf(Token token, String... names) {
        for (String name : names) {
            if (token.isName(name)) {
                return true;
            }
        }
        return false;
    }

    /** Statements up to the tag {@code end}, which is read too. */
    private List<Statement> body(String end) {
        endTag();
        List<Statement> body = until(end);
        end(end);
        return body;
    }

    private void end(String name) {
        in.expect(Kind.TAG_BEGIN, "{% " + name + " %}");
        in.expectName(name);
        endTag();
    }

    private void endTag() {
        in.expect(Kind.TAG_END, "\"%}\"");
    }

    private Statement tag(int line) {
        Token name = in.expect(Kind.NAME, "the name of a tag");
        return switch (name.text()) {
            case "if" -> ifTag(line, 0);
            case "for" -> forTag(line);
            case "set" -> setTag(line);
            case "macro" -> {
                String macro = in.name();
                Parameters parameters = parameters();
                yield new Statement.Macro(line, macro, parameters, outsideLoops("endmacro"));
            }
            case "call" -> callTag(line);
            case "filter" -> {
                Expression filter = blockFilter();
                yield new Statement.FilterBlock(line, filter, body("endfilter"));
            }
            case "with" -> withTag(line);
            case "generation" -> new Statement.Generation(line, body("endgeneration"));
            case "break", "continue" -> loopControl(name);
            default -> throw unknown(name);
        };
    }

    private JinjaException unknown(Token name) {
        String reason = FILES.contains(name.text())
                ? "the tag \"" + name.text() + "\" reads other templates, which a chat template may not"
                : "the tag \"" + name.text() + "\" is unknown, or ends nothing";
        return new JinjaException(reason).at(name.line());
    }

    private Statement loopControl(Token name) {
        if (loops == 0) {
            throw new JinjaException("\"" + name.text() + "\" stands in no loop").at(name.line());
        }
        endTag();
        return name.text().equals("break") ? new Statement.Break(name.line()) : new Statement.Continue(name.line());
    }

    private Statement ifTag(int line, int elifs) {
        Expression condition = expressions.expressions();
        endTag();
        List<Statement> then = until("elif", "else", "endif");
        in.expect(Kind.TAG_BEGIN, "{% endif %}");
        Token next = in.next();
        if (next.isName("elif")) {
            if (elifs == MAX_ELIFS) {
                throw new JinjaException("a condition has more than " + MAX_ELIFS + " branches").at(line);
            }
            return new Statement.If(line, condition, then, List.of(ifTag(next.line(), elifs + 1)));
        }
        if (next.isName("else")) {
            return new Statement.If(line, condition, then, body("endif"));
        }
        endTag();
        return new Statement.If(line, condition, then, List.of());
    }

    private Statement forTag(int line) {
        List<String> targets = targets();
        in.expectName("in");
        Expression items = expressions.or();
        if (in.peek().isOperator(",")) {
            List<Expression> several = new ArrayList<>(List.of(items));
            while (in.skipOperator(",")) {
                several.add(expressions.or());
            }
            items = new Expression.ListOf(several);
        }
        Expression condition = in.skipName("if") ? expressions.expression() : null;
        boolean recursive = in.skipName("recursive");
        endTag();
        loops++;
        List<Statement> body = until("else", "endfor");
        loops--;
        List<Statement> otherwise = List.of();
        if (in.second().isName("else")) {
            in.next();
            in.next();
            otherwise = body("endfor");
        } else {
            end("endfor");
        }
        return new Statement.For(line, targets, items, condition, recursive, body, otherwise);
    }

    private List<String> targets() {
        boolean bracket = in.skipOperator("(");
        List<String> names = new ArrayList<>(List.of(in.name()));
        while (in.skipOperator(",")) {
            names.add(in.name());
        }
        if (bracket) {
            in.expectOperator(")");
        }
        return names;
    }

    private Statement setTag(int line) {
        List<String> targets = targets();
        String attribute = in.skipOperator(".") ? in.name() : null;
        if (in.skipOperator("=")) {
            Expression value = expressions.expressions();
            endTag();
            return new Statement.Set(line, targets, attribute, value);
        }
        if (targets.size() > 1 || attribute != null) {
            throw in.unexpected("\"=\"");
        }
        Expression filter = in.skipOperator("|") ? blockFilter() : null;
        return new Statement.SetBlock(line, targets.getFirst(), filter, body("endset"));
    }

    private Expression blockFilter() {
        return expressions.filters(expressions.filter(new Expression.Name(Statement.BLOCK)));
    }

    private Statement callTag(int line) {
        Parameters parameters = in.peek().isOperator("(") ? parameters() : Parameters.NONE;
        if (!(expressions.expression() instanceof Expression.Call call)) {
            throw new JinjaException("{% call %} needs a call of a macro").at(line);
        }
        return new Statement.CallBlock(line, parameters, call, outsideLoops("endcall"));
    }

    private List<Statement> outsideLoops(String end) {
        int outer = loops;
        loops = 0;
        List<Statement> body = body(end);
        loops = outer;
        return body;
    }

    private Statement withTag(int line) {
        List<String> names = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        while (in.peek().kind() != Kind.TAG_END) {
            if (!names.isEmpty()) {
                in.expectOperator(",");
            }
            names.add(in.name());
            in.expectOperator("=");
            values.add(expressions.expression());
        }
        return new Statement.With(line, names, values, body("endwith"));
    }

    private Parameters parameters() {
        in.expectOperator("(");
        List<String> names = new ArrayList<>();
        List<Expression> defaults = new ArrayList<>();
        while (!in.skipOperator(")")) {
            if (!names.isEmpty()) {
                in.expectOperator(",");
            }
            names.add(in.name());
            @Nullable Expression value = in.skipOperator("=") ? expressions.expression() : null;
            if (value != null) {
                defaults.add(value);
            } else if (!defaults.isEmpty()) {
                throw in.unexpected("\"=\", since a parameter before has a default");
            }
        }
        return new Parameters(names, defaults);
    }
}
