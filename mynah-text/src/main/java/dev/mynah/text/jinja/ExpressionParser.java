package dev.mynah.text.jinja;

import dev.mynah.text.MarkedText;
import dev.mynah.text.MarkedText.Origin;
import dev.mynah.text.jinja.Expression.Arguments;
import dev.mynah.text.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads expressions by recursive descent, with the precedences of jinja2. */
final class ExpressionParser {
    private static final int MAX_DEPTH = 100;
    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");
    /** Names that end a test without arguments. */
    private static final Set<String> NO_ARGUMENT = Set.of("else", "and", "or", "is", "in", "not", "if", "recursive");

    private final TokenReader in;
    private int depth;

    ExpressionParser(TokenReader in) {
        this.in = in;
    }

    /** With a condition, {@code a if b else c}. */
    Expression expression() {
        if (++depth > MAX_DEPTH) {
            throw new JinjaException("expressions are nested more than " + MAX_DEPTH + " deep")
                    .at(in.peek().line());
        }
        Expression value = or();
        while (in.skipName("if")) {
            Expression condition = or();
            value = new Expression.Conditional(condition, value, in.skipName("else") ? expression() : null);
        }
        depth--;
        return value;
    }

    /** An expression, or several with commas between them, which make a list. */
    Expression expressions() {
        Expression first = expression();
        if (!in.peek().isOperator(",")) {
            return first;
        }
        List<Expression> items = new ArrayList<>(List.of(first));
        while (in.skipOperator(",") && !atEnd()) {
            items.add(expression());
        }
        return new Expression.ListOf(items);
    }

    private boolean atEnd() {
        return in.peek().kind() == Kind.TAG_END
                || in.peek().kind() == Kind.OUTPUT_END
                || in.peek().isOperator(")");
    }

    Expression or() {
        Expression left = and();
        while (in.skipName("or")) {
            left = new Expression.Logic(false, left, and());
        }
        return left;
    }

    private Expression and() {
        Expression left = not();
        while (in.skipName("and")) {
            left = new Expression.Logic(true, left, not());
        }
        return left;
    }

    private Expression not() {
        int count = 0;
        while (in.skipName("not")) {
            count++;
        }
        Expression operand = comparison();
        if (count == 0) {
            return operand;
        }
        Expression negated = new Expression.Not(operand);
        return count % 2 == 1 ? negated : new Expression.Not(negated);
    }

    private Expression comparison() {
        Expression first = sum();
        List<String> operators = new ArrayList<>();
        List<Expression> rights = new ArrayList<>();
        while (true) {
            if (in.peek().kind() == Kind.OPERATOR
                    && COMPARISONS.contains(in.peek().text())) {
                operators.add(in.next().text());
            } else if (in.skipName("in")) {
                operators.add("in");
            } else if (in.peek().isName("not") && in.second().isName("in")) {
                in.next();
                in.next();
                operators.add("not in");
            } else {
                return operators.isEmpty() ? first : new Expression.Comparison(first, operators, rights);
            }
            rights.add(sum());
        }
    }

    private @Nullable String skipOneOf(String... operators) {
        for (String operator : operators) {
            if (in.skipOperator(operator)) {
                return operator;
            }
        }
        return null;
    }

    private Expression sum() {
        Expression left = concatenation();
        String operator = skipOneOf("+", "-");
        while (operator != null) {
            left = new Expression.Binary(operator, left, concatenation());
            operator = skipOneOf("+", "-");
        }
        return left;
    }

    private Expression concatenation() {
        Expression left = product();
        while (in.skipOperator("~")) {
            left = new Expression.Binary("~", left, product());
        }
        return left;
    }

    private Expression product() {
        Expression left = power();
        String operator = skipOneOf("*", "/", "//", "%");
        while (operator != null) {
            left = new Expression.Binary(operator, left, power());
            operator = skipOneOf("*", "/", "//", "%");
        }
        return left;
    }

    private Expression power() {
        Expression left = unary(true);
        while (in.skipOperator("**")) {
            left = new Expression.Binary("**", left, unary(true));
        }
        return left;
    }

    private Expression unary(boolean withFilters) {
        int negatives = 0;
        boolean signed = false;
        String sign = skipOneOf("-", "+");
        while (sign != null) {
            signed = true;
            negatives += sign.equals("-") ? 1 : 0;
            sign = skipOneOf("-", "+");
        }
        Expression operand = signed ? postfix(primary()) : primary();
        if (negatives % 2 == 1) {
            operand = new Expression.Negative(operand);
        }
        operand = postfix(operand);
        return withFilters ? filters(operand) : operand;
    }

    private Expression primary() {
        Token token = in.next();
        return switch (token.kind()) {
            case NAME -> named(token.text());
            case STRING -> strings(token);
            case INTEGER, FLOAT -> new Expression.Literal(number(token));
            case OPERATOR -> bracketed(token);
            default -> throw new JinjaException("expected a value, but found " + token.described()).at(token.line());
        };
    }

    private static Expression named(String name) {
        return switch (name) {
            case "true", "True" -> new Expression.Literal(true);
            case "false", "False" -> new Expression.Literal(false);
            case "none", "None" -> new Expression.Literal(None.NONE);
            default -> new Expression.Name(name);
        };
    }

    private Expression strings(Token first) {
        StringBuilder text = new StringBuilder(first.text());
        while (in.peek().kind() == Kind.STRING) {
            text.append(in.next().text());
        }
        return new Expression.Literal(MarkedText.of(text.toString(), Origin.PROGRAM));
    }

    private static Object number(Token token) {
        String digits = token.text().replace("_", "");
        try {
            if (token.kind() == Kind.FLOAT) {
                return Double.valueOf(digits);
            }
            return Long.valueOf(digits);
        } catch (NumberFormatException e) {
            throw new JinjaException("the number " + digits + " is too large").at(token.line());
        }
    }

    private Expression bracketed(Token token) {
        return switch (token.text()) {
            case "(" -> {
                Expression value = in.peek().isOperator(")") ? new Expression.ListOf(List.of()) : expressions();
                in.expectOperator(")");
                yield value;
            }
            case "[" -> new Expression.ListOf(list("]"));
            case "{" -> map();
            default -> throw new JinjaException("expected a value, but found " + token.described()).at(token.line());
        };
    }

    private List<Expression> list(String closing) {
        List<Expression> items = new ArrayList<>();
        while (!in.skipOperator(closing)) {
            if (!items.isEmpty()) {
                in.expectOperator(",");
                if (in.skipOperator(closing)) {
                    break;
                }
            }
            items.add(expression());
        }
        return items;
    }

    private Expression map() {
        List<Expression> keysAndValues = new ArrayList<>();
        while (!in.skipOperator("}")) {
            if (!keysAndValues.isEmpty()) {
                in.expectOperator(",");
                if (in.skipOperator("}")) {
                    break;
                }
            }
            keysAndValues.add(expression());
            in.expectOperator(":");
            keysAndValues.add(expression());
        }
        return new Expression.MapOf(keysAndValues);
    }

    private Expression postfix(Expression of) {
        Expression value = of;
        while (true) {
            if (in.skipOperator(".")) {
                value = attribute(value);
            } else if (in.skipOperator("[")) {
                value = subscript(value);
            } else if (in.peek().isOperator("(")) {
                value = new Expression.Call(value, arguments());
            } else {
                return value;
            }
        }
    }

    private Expression attribute(Expression target) {
        if (in.peek().kind() == Kind.INTEGER) {
            return new Expression.Item(target, new Expression.Literal(number(in.next())));
        }
        return new Expression.Attribute(target, in.name());
    }

    private Expression subscript(Expression target) {
        Expression start = in.peek().isOperator(":") ? null : expression();
        if (start != null && in.skipOperator("]")) {
            return new Expression.Item(target, start);
        }
        in.expectOperator(":");
        Expression stop = in.peek().isOperator(":") || in.peek().isOperator("]") ? null : expression();
        Expression step = in.skipOperator(":") && !in.peek().isOperator("]") ? expression() : null;
        in.expectOperator("]");
        return new Expression.Slice(target, start, stop, step);
    }

    Expression filters(Expression of) {
        Expression value = of;
        while (true) {
            if (in.skipOperator("|")) {
                value = filter(value);
            } else if (in.skipName("is")) {
                value = test(value);
            } else if (in.peek().isOperator("(")) {
                value = new Expression.Call(value, arguments());
            } else {
                return value;
            }
        }
    }

    /** The filter whose name comes next. */
    Expression filter(Expression target) {
        int line = in.peek().line();
        String name = in.name();
        if (!Filters.has(name)) {
            throw new JinjaException("there is no filter \"" + name + "\"").at(line);
        }
        return new Expression.Filter(target, name, in.peek().isOperator("(") ? arguments() : Arguments.NONE);
    }

    private Expression test(Expression target) {
        boolean negated = in.skipName("not");
        Token token = in.next();
        String name = token.text();
        if (!Tests.has(name)) {
            throw new JinjaException("there is no test \"" + name + "\"").at(token.line());
        }
        Arguments arguments = Arguments.NONE;
        Token next = in.peek();
        if (next.isOperator("(")) {
            arguments = arguments();
        } else if (beginsArgument(next)) {
            arguments = new Arguments(List.of(postfix(primary())), Map.of());
        }
        Expression test = new Expression.Test(target, name, arguments);
        return negated ? new Expression.Not(test) : test;
    }

    private static boolean beginsArgument(Token token) {
        return switch (token.kind()) {
            case NAME -> !NO_ARGUMENT.contains(token.text());
            case STRING, INTEGER, FLOAT -> true;
            default -> token.isOperator("[") || token.isOperator("{");
        };
    }

    private Arguments arguments() {
        in.expectOperator("(");
        List<Expression> positional = new ArrayList<>();
        Map<String, Expression> named = new LinkedHashMap<>();
        while (!in.skipOperator(")")) {
            if (!positional.isEmpty() || !named.isEmpty()) {
                in.expectOperator(",");
                if (in.skipOperator(")")) {
                    break;
                }
            }
            if (in.peek().kind() == Kind.NAME && in.second().isOperator("=")) {
                String name = in.name();
                in.next();
                named.put(name, expression());
            } else {
                positional.add(expression());
            }
        }
        return new Arguments(positional, named);
    }
}
