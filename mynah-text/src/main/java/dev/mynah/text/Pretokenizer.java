package dev.mynah.text;

import static dev.mynah.text.CharClasses.KIND;
import static dev.mynah.text.CharClasses.LETTER;
import static dev.mynah.text.CharClasses.LOWER;
import static dev.mynah.text.CharClasses.NUMBER;
import static dev.mynah.text.CharClasses.SPACE;
import static dev.mynah.text.CharClasses.UPPER;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * How text is cut into the pieces within which tokens are formed: the patterns of known model families. Each is known
 * by its exact regular expression and carried out by a scanner
 * written for it; the expressions match every character, so the pieces cover the text.
 */
public enum Pretokenizer {
    /** GPT-2, GPT-3. */
    GPT2("gpt2", "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+") {
        @Override
        int next(byte[] text, int at, int end) {
            int contraction = Scan.contraction(text, at, end, false);
            if (contraction > at) {
                return contraction;
            }
            int start = text[at] == ' ' && at + 1 < end ? at + 1 : at;
            int kind = CharClasses.at(text, start, end) & KIND;
            return kind == SPACE ? Scan.spaces(text, at, end, false) : Scan.run(text, start, end, kind);
        }
    },

    /** GPT-4 (cl100k) and Llama 3. */
    CL100K(
            "cl100k",
            "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}"
                    + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+") {
        @Override
        int next(byte[] text, int at, int end) {
            return nextOfGpt4(text, at, end, 3);
        }
    },

    /** Qwen2, Qwen2.5, Qwen3: as {@link #CL100K}, with each digit a piece of its own. */
    QWEN2(
            "qwen2",
            "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}"
                    + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+") {
        @Override
        int next(byte[] text, int at, int end) {
            return nextOfGpt4(text, at, end, 1);
        }
    },

    /** GPT-4o and gpt-oss (o200k). */
    O200K(
            "o200k",
            "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+"
                    + "(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
                    + "|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*"
                    + "(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
                    + "|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+") {
        @Override
        int next(byte[] text, int at, int end) {
            int classes = CharClasses.at(text, at, end);
            if ((classes & KIND) == NUMBER) {
                return Scan.numbers(text, at, end, 3);
            }
            int word = casedWord(text, at, end, classes);
            if (word > at) {
                return Scan.contraction(text, word, end, true);
            }
            int symbols = symbols(text, at, end);
            if (symbols == at) {
                return Scan.spaces(text, at, end, true);
            }
            while (symbols < end && (Scan.isLineBreak(text[symbols]) || text[symbols] == '/')) {
                symbols++;
            }
            return symbols;
        }
    };

    private final String id;
    private final String regex;

    Pretokenizer(String id, String regex) {
        this.id = id;
        this.regex = regex;
    }

    /** The name by which configurations know the pattern. */
    public String id() {
        return id;
    }

    /** The pattern exactly as the model family's files have it. */
    public String regex() {
        return regex;
    }

    /** The pattern called {@code id}. */
    public static Pretokenizer named(String id) {
        return Arrays.stream(values())
                .filter(pattern -> pattern.id.equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "There is no pre-tokenization pattern \"" + id + "\"; there are " + names() + "."));
    }

    static String names() {
        return Arrays.stream(values()).map(Pretokenizer::id).collect(Collectors.joining(", "));
    }

    /** The end of the piece that begins at {@code at}, in text that ends at {@code end}; {@code at < end}. */
    abstract int next(byte[] text, int at, int end);

    private static int nextOfGpt4(byte[] text, int at, int end, int maxDigits) {
        int contraction = Scan.contraction(text, at, end, true);
        if (contraction > at) {
            return contraction;
        }
        int classes = CharClasses.at(text, at, end);
        int kind = classes & KIND;
        if (kind == LETTER) {
            return Scan.run(text, at, end, LETTER);
        }
        if (kind == NUMBER) {
            return Scan.numbers(text, at, end, maxDigits);
        }
        if (!Scan.isLineBreak(text[at])) {
            int start = at + CharClasses.length(classes);
            int letters = Scan.run(text, start, end, LETTER);
            if (letters > start) {
                return letters;
            }
        }
        int symbols = symbols(text, at, end);
        if (symbols == at) {
            return Scan.spaces(text, at, end, true);
        }
        while (symbols < end && Scan.isLineBreak(text[symbols])) {
            symbols++;
        }
        return symbols;
    }

    /** End of {@code  ?[^\s\p{L}\p{N}]+}, or {@code at} where it does not match. */
    private static int symbols(byte[] text, int at, int end) {
        int start = text[at] == ' ' ? at + 1 : at;
        int symbols = Scan.run(text, start, end, 0);
        return symbols > start ? symbols : at;
    }

    /** End of the first two alternatives of o200k without their contractions, or {@code at} where neither matches. */
    private static int casedWord(byte[] text, int at, int end, int classes) {
        boolean mayLead = (classes & (LETTER | NUMBER)) == 0 && !Scan.isLineBreak(text[at]);
        int start = mayLead ? at + CharClasses.length(classes) : at;
        int word = lowerEnded(text, start, end);
        if (word > start) {
            return word;
        }
        word = lowerEnded(text, at, end);
        if (word > at) {
            return word;
        }
        word = Scan.runOf(text, start, end, UPPER);
        return word > start ? word : at;
    }

    /**
     * End of {@code [upper]*[lower]+}, or {@code at} where it does not match. Marks and letters without case are of
     * both classes.
     */
    private static int lowerEnded(byte[] text, int at, int end) {
        int lastLower = at;
        int i = at;
        while (i < end) {
            int classes = CharClasses.at(text, i, end);
            if ((classes & UPPER) == 0) {
                break;
            }
            i += CharClasses.length(classes);
            if ((classes & LOWER) != 0) {
                lastLower = i;
            }
        }
        int lower = Scan.runOf(text, i, end, LOWER);
        return lower > i ? lower : lastLower;
    }
}
