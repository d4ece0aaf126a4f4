package dev.mynah.text.jinja;

import dev.mynah.text.MarkedText;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Python's operators. Whole numbers have 64 bits; more is an error. */
final class Operators {
    private static final int MAX_ITEMS = 100_000;

    private Operators() {}

    static Object binary(String operator, Object left, Object right, Budget budget) {
        if (operator.equals("~")) {
            return concatenate(Values.string(left, budget), Values.string(right, budget), budget);
        }
        if (left instanceof Undefined undefined) {
            throw undefined.used();
        }
        if (right instanceof Undefined undefined) {
            throw undefined.used();
        }
        if (operator.equals("+") && left instanceof MarkedText a && right instanceof MarkedText b) {
            return concatenate(a, b, budget);
        }
        if (operator.equals("+") && left instanceof List<?> a && right instanceof List<?> b) {
            requireItems((long) a.size() + b.size());
            budget.spend((long) a.size() + b.size());
            List<Object> both = new ArrayList<>(a);
            both.addAll(b);
            return both;
        }
        if (operator.equals("*") && left instanceof Long times && !(right instanceof Long)) {
            return binary("*", right, times, budget);
        }
        if (operator.equals("*") && right instanceof Long times && left instanceof MarkedText text) {
            return repeat(text, times, budget);
        }
        if (operator.equals("*") && right instanceof Long times && left instanceof List<?> list) {
            return repeat(list, times, budget);
        }
        return arithmetic(operator, number(operator, left, right, left), number(operator, left, right, right));
    }

    private static MarkedText concatenate(MarkedText left, MarkedText right, Budget budget) {
        budget.spendText((long) left.length() + right.length());
        return left.plus(right);
    }

    private static MarkedText repeat(MarkedText text, long times, Budget budget) {
        long count = text.length() == 0 ? 0 : Math.clamp(times, 0, Budget.MAX_TEXT + 1L);
        budget.spendText(text.length() * count);
        MarkedText.Builder result = new MarkedText.Builder();
        for (long i = 0; i < count; i++) {
            result.append(text);
        }
        return result.build();
    }

    private static List<Object> repeat(List<?> list, long times, Budget budget) {
        long count = list.isEmpty() ? 0 : Math.clamp(times, 0, MAX_ITEMS + 1L);
        requireItems(list.size() * count);
        budget.spend(list.size() * count);
        List<Object> result = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            result.addAll(list);
        }
        return result;
    }

    static void requireItems(long items) {
        if (items > MAX_ITEMS) {
            throw new JinjaException("a list of more than " + MAX_ITEMS + " items is asked for");
        }
    }

    private static Object number(String operator, Object left, Object right, Object value) {
        if (value instanceof Boolean truth) {
            return truth ? 1L : 0L;
        }
        if (value instanceof Long || value instanceof Double) {
            return value;
        }
        throw new JinjaException(
                "\"" + operator + "\" does not go with " + Values.type(left) + " and " + Values.type(right));
    }

    private static Object arithmetic(String operator, Object left, Object right) {
        try {
            if (left instanceof Long a && right instanceof Long b) {
                return whole(operator, a, b);
            }
        } catch (ArithmeticException e) {
            throw new JinjaException("a whole number gets larger than 64 bits");
        }
        return decimal(operator, ((Number) left).doubleValue(), ((Number) right).doubleValue());
    }

    private static Object whole(String operator, long a, long b) {
        return switch (operator) {
            case "+" -> Math.addExact(a, b);
            case "-" -> Math.subtractExact(a, b);
            case "*" -> Math.multiplyExact(a, b);
            case "//" -> Math.floorDivExact(a, notZero(b));
            case "%" -> Math.floorMod(a, notZero(b));
            case "**" -> b < 0 ? Math.pow((double) a, (double) b) : power(a, b);
            default -> (double) a / notZero(b);
        };
    }

    private static long notZero(long divisor) {
        if (divisor == 0) {
            throw new JinjaException("a number is divided by zero");
        }
        return divisor;
    }

    private static Object power(long a, long b) {
        if (b > 64 && a != 0 && Math.abs(a) != 1) {
            throw new ArithmeticException();
        }
        return BigInteger.valueOf(a)
                .pow((int) (Math.abs(a) <= 1 ? b % 2 + (b > 0 ? 2 : 0) : b))
                .longValueExact();
    }

    private static Object decimal(String operator, double a, double b) {
        return switch (operator) {
            case "+" -> a + b;
            case "-" -> a - b;
            case "*" -> a * b;
            case "**" -> Math.pow(a, b);
            default -> {
                if (b == 0) {
                    throw new JinjaException("a number is divided by zero");
                }
                yield switch (operator) {
                    case "/" -> a / b;
                    case "//" -> Math.floor(a / b);
                    default -> a - Math.floor(a / b) * b;
                };
            }
        };
    }

    static Object negative(Object value) {
        return switch (value) {
            case Long number -> arithmetic("-", 0L, number);
            case Double number -> -number;
            case Boolean truth -> truth ? -1L : 0L;
            default -> throw new JinjaException("\"-\" does not go with " + Values.type(value));
        };
    }

    static boolean compares(String operator, Object left, Object right, Budget budget) {
        return switch (operator) {
            case "==" -> Values.equal(left, right, budget);
            case "!=" -> !Values.equal(left, right, budget);
            case "in" -> contains(right, left, budget);
            case "not in" -> !contains(right, left, budget);
            case "<" -> compare(left, right, budget) < 0;
            case "<=" -> compare(left, right, budget) <= 0;
            case ">" -> compare(left, right, budget) > 0;
            default -> compare(left, right, budget) >= 0;
        };
    }

    /** Strings by code points, numbers by value. */
    static int compare(Object left, Object right, Budget budget) {
        if (left instanceof Undefined undefined) {
            throw undefined.used();
        }
        if (left instanceof MarkedText a && right instanceof MarkedText b) {
            budget.spendText(Math.min(a.length(), b.length()));
            return compare(a.text(), b.text());
        }
        Object a = left instanceof Boolean truth ? Long.valueOf(truth ? 1 : 0) : left;
        Object b = right instanceof Boolean truth ? Long.valueOf(truth ? 1 : 0) : right;
        if (!Values.isNumber(a) || !Values.isNumber(b)) {
            throw new JinjaException(Values.type(left) + " and " + Values.type(right) + " have no order");
        }
        if (a instanceof Double || b instanceof Double) {
            return Double.compare(((Number) a).doubleValue() + 0.0, ((Number) b).doubleValue() + 0.0);
        }
        return new BigDecimal(a.toString()).compareTo(new BigDecimal(b.toString()));
    }

    private static int compare(String left, String right) {
        int different = 0;
        int shorter = Math.min(left.length(), right.length());
        while (different < shorter && left.charAt(different) == right.charAt(different)) {
            different++;
        }
        if (different == shorter) {
            return Integer.compare(left.length(), right.length());
        }
        // Surrogates stand for code points above all others.
        boolean leftHigh = Character.isSurrogate(left.charAt(different));
        boolean rightHigh = Character.isSurrogate(right.charAt(different));
        return leftHigh == rightHigh
                ? Character.compare(left.charAt(different), right.charAt(different))
                : Boolean.compare(leftHigh, rightHigh);
    }

    static boolean contains(Object container, Object item, Budget budget) {
        return switch (container) {
            case MarkedText text
            when item instanceof MarkedText part -> {
                budget.spendSearch(text.length(), part.length());
                yield text.text().contains(part.text());
            }
            case List<?> list -> {
                for (Object each : list) {
                    if (Values.equal(each, item, budget)) {
                        yield true;
                    }
                }
                yield false;
            }
            case Map<?, ?> map -> map.containsKey(Values.key(item));
            case Undefined undefined -> false;
            default ->
                throw new JinjaException(
                        "\"in\" does not go with " + Values.type(item) + " and " + Values.type(container));
        };
    }
}
