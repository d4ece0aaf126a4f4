package dev.mynah.text.jinja;

import dev.mynah.text.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts a template into tokens as jinja2 does with {@code trim_blocks} and {@code lstrip_blocks}: the first line break
 * after a tag goes, and so does the indentation before one that begins its line.
 */
final class Lexer {
    private static final Pattern OPENING = Pattern.compile("\\{[{%#]");
    private static final Pattern RAW = Pattern.compile("\\{%([-+]?)\\s*raw\\s*(-?)%\\}");
    private static final Pattern END_RAW = Pattern.compile("\\{%([-+]?)\\s*endraw\\s*([-+]?)%\\}");
    private static final Pattern NUMBER = Pattern.compile("\\d+(?:_\\d+)*(?<float>(?:\\.\\d+)?[eE][+-]?\\d+|\\.\\d+)?");
    private static final Pattern NAME = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_]*");
    private static final Pattern OPERATOR = Pattern.compile("//|\\*\\*|==|!=|>=|<=|[-+*/%~\\[\\](){}<>=.:|,]");

    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private final StringBuilder open = new StringBuilder();
    private int at;
    private int line = 1;
    /** Whether what comes next stands at the beginning of a line. */
    private boolean lineStarts = true;

    private Lexer(String source) {
        this.source = source;
    }

    static List<Token> tokens(String template) {
        String unix = template.replace("\r\n", "\n").replace('\r', '\n');
        Lexer lexer = new Lexer(unix.endsWith("\n") ? unix.substring(0, unix.length() - 1) : unix);
        lexer.run();
        return lexer.tokens;
    }

    private void run() {
        Matcher opening = OPENING.matcher(source);
        while (opening.find(at)) {
            Matcher raw = RAW.matcher(source).region(opening.start(), source.length());
            if (raw.lookingAt()) {
                raw(opening.start(), raw);
                continue;
            }
            char kind = source.charAt(opening.start() + 1);
            int after = opening.end();
            char modifier = after < source.length() ? source.charAt(after) : ' ';
            data(opening.start(), modifier, kind != '{');
            at = modifier == '-' || modifier == '+' ? after + 1 : after;
            switch (kind) {
                case '#' -> comment();
                case '{' -> tag(Kind.OUTPUT_BEGIN, Kind.OUTPUT_END, "}}");
                default -> tag(Kind.TAG_BEGIN, Kind.TAG_END, "%}");
            }
        }
        data(source.length(), ' ', false);
        tokens.add(new Token(Kind.END, "", line));
    }

    /** The text from here to {@code end}, where something opens with {@code modifier}. */
    private void data(int end, char modifier, boolean indentationGoes) {
        String text = source.substring(at, end);
        advance(end);
        if (modifier == '-') {
            add(Kind.DATA, Strings.stripEnd(text));
            return;
        }
        int lineBegin = text.lastIndexOf('\n') + 1;
        boolean strip = indentationGoes && modifier != '+' && (lineBegin > 0 || lineStarts);
        boolean onlyIndentation = text.substring(lineBegin).chars().allMatch(c -> c == ' ' || c == '\t');
        add(Kind.DATA, strip && onlyIndentation ? text.substring(0, lineBegin) : text);
    }

    private void raw(int start, Matcher begin) {
        data(start, modifier(begin.group(1)), true);
        advance(begin.end());
        if (begin.group(2).isEmpty()) {
            skipLineBreak();
        } else {
            skipSpace();
        }
        Matcher end = END_RAW.matcher(source);
        if (!end.find(at)) {
            throw new JinjaException("{% raw %} is not ended").at(line);
        }
        data(end.start(), modifier(end.group(1)), true);
        advance(end.end());
        afterTag(modifier(end.group(2)), true);
    }

    private static char modifier(String group) {
        return group.isEmpty() ? ' ' : group.charAt(0);
    }

    private void comment() {
        int end = source.indexOf("#}", at);
        if (end < 0) {
            throw new JinjaException("a comment is not ended by \"#}\"").at(line);
        }
        char modifier = end > at ? source.charAt(end - 1) : ' ';
        advance(end + 2);
        afterTag(modifier, true);
    }

    /** What a tag that ended with {@code modifier} swallows behind itself. */
    private void afterTag(char modifier, boolean lineBreakGoes) {
        int before = at;
        if (modifier == '-') {
            skipSpace();
        } else if (lineBreakGoes && modifier != '+') {
            skipLineBreak();
        }
        lineStarts = at > before && source.charAt(at - 1) == '\n';
    }

    private void tag(Kind begin, Kind end, String closing) {
        tokens.add(new Token(begin, closing, line));
        while (true) {
            skipSpace();
            if (at == source.length()) {
                throw new JinjaException("the template ends within a tag, before \"" + closing + "\"").at(line);
            }
            char c = source.charAt(at);
            boolean modified = (c == '-' || c == '+') && source.startsWith(closing, at + 1);
            if (open.isEmpty() && (modified || source.startsWith(closing, at))) {
                tokens.add(new Token(end, closing, line));
                advance(at + closing.length() + (modified ? 1 : 0));
                afterTag(modified ? c : ' ', end == Kind.TAG_END);
                return;
            }
            inside(c);
        }
    }

    private void inside(char c) {
        if (c == '"' || c == '\'') {
            string(c);
            return;
        }
        Matcher number = NUMBER.matcher(source).region(at, source.length());
        if (number.lookingAt()) {
            token(number.group("float") == null ? Kind.INTEGER : Kind.FLOAT, number);
            return;
        }
        Matcher name = NAME.matcher(source).region(at, source.length());
        if (name.lookingAt()) {
            token(Kind.NAME, name);
            return;
        }
        Matcher operator = OPERATOR.matcher(source).region(at, source.length());
        if (!operator.lookingAt()) {
            throw new JinjaException("\"" + c + "\" has no meaning here").at(line);
        }
        balance(operator.group());
        token(Kind.OPERATOR, operator);
    }

    private void balance(String operator) {
        int opening = "([{".indexOf(operator);
        int closing = ")]}".indexOf(operator);
        if (opening >= 0) {
            open.append(")]}".charAt(opening));
        } else if (closing >= 0) {
            int last = open.length() - 1;
            if (last < 0 || open.charAt(last) != operator.charAt(0)) {
                throw new JinjaException("\"" + operator + "\" closes nothing").at(line);
            }
            open.setLength(last);
        }
    }

    private void token(Kind kind, Matcher found) {
        add(kind, found.group());
        advance(found.end());
    }

    private void string(char quote) {
        int begin = line;
        StringBuilder text = new StringBuilder();
        int i = at + 1;
        while (i < source.length() && source.charAt(i) != quote) {
            if (source.charAt(i) == '\\' && i + 1 < source.length()) {
                i = escape(i + 1, text);
            } else {
                text.append(source.charAt(i++));
            }
        }
        if (i >= source.length()) {
            throw new JinjaException("a string is not ended by " + quote).at(begin);
        }
        add(Kind.STRING, text.toString());
        advance(i + 1);
    }

    /** The escape sequence of Python whose letter stands at {@code i}; gives where it ends. */
    private int escape(int i, StringBuilder text) {
        char c = source.charAt(i);
        int digits = switch (c) {
            case 'x' -> 2;
            case 'u' -> 4;
            case 'U' -> 8;
            default -> 0;
        };
        if (digits > 0) {
            int end = i + 1 + digits;
            try {
                text.appendCodePoint(Integer.parseInt(source.substring(i + 1, end), 16));
            } catch (IllegalArgumentException | StringIndexOutOfBoundsException e) {
                throw new JinjaException("\"\\" + c + "\" is not followed by a character's number").at(line);
            }
            return end;
        }
        int known = "ntrbfav0\\'\"\n".indexOf(c);
        if (known < 0) {
            text.append('\\').append(c);
        } else if (c != '\n') {
            text.append("\n\t\r\b\f\u0007\u000B\0\\'\"".charAt(known));
        }
        return i + 1;
    }

    private void add(Kind kind, String text) {
        if (kind != Kind.DATA || !text.isEmpty()) {
            tokens.add(new Token(kind, text, line));
        }
    }

    private void skipSpace() {
        int i = at;
        while (i < source.length() && Strings.isSpace(source.charAt(i))) {
            i++;
        }
        advance(i);
    }

    private void skipLineBreak() {
        if (at < source.length() && source.charAt(at) == '\n') {
            advance(at + 1);
        }
    }

    private void advance(int to) {
        for (; at < to; at++) {
            if (source.charAt(at) == '\n') {
                line++;
            }
        }
    }
}
