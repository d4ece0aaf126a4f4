package dev.mynah.text;

import dev.mynah.text.MarkedText.Origin;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds added tokens in text as the reference (the Hugging Face tokenizers library) does: the leftmost first, of those
 * that begin together the longest, with the flags of
 * {@link AddedToken}.
 */
final class AddedTokens {

    /** A part of a text; {@code token} is null where it is ordinary text. */
    record Part(MarkedText text, @Nullable AddedToken token) {}

    private record Match(int end, AddedToken token) {}

    private static final class Node {
        final Map<Character, Node> children = new HashMap<>();

        @Nullable
        AddedToken token;
    }

    private final Node root = new Node();
    private final boolean[] begins = new boolean[1 << 16];

    /** Tokens by the text to look for, which is not empty. */
    AddedTokens(Map<String, AddedToken> tokens) {
        tokens.forEach((text, token) -> {
            begins[text.charAt(0)] = true;
            Node node = root;
            for (int i = 0; i < text.length(); i++) {
                node = node.children.computeIfAbsent(text.charAt(i), c -> new Node());
            }
            node.token = token;
        });
    }

    /**
     * Cuts {@code marked} at the added tokens that who wrote them may write. Parts are not empty, and cover the text.
     */
    List<Part> split(MarkedText marked) {
        String text = marked.text();
        List<Part> parts = new ArrayList<>();
        int done = 0;
        int i = 0;
        while (i < text.length()) {
            Match match = begins[text.charAt(i)] ? longestAt(text, i) : null;
            if (match == null) {
                i++;
                continue;
            }
            AddedToken token = match.token;
            int start = i;
            int end = match.end;
            i = end;
            if (!allowed(token, marked.leastTrusted(start, end))
                    || (token.singleWord() && touchesWord(text, start, end))) {
                continue;
            }
            start = Math.max(done, token.lstrip() ? spacesBefore(text, start) : start);
            end = token.rstrip() ? spacesAfter(text, end) : end;
            if (start > done) {
                parts.add(new Part(marked.substring(done, start), null));
            }
            parts.add(new Part(marked.substring(start, end), token));
            done = end;
        }
        if (done < text.length()) {
            parts.add(new Part(marked.substring(done, text.length()), null));
        }
        return parts;
    }

    private static boolean allowed(AddedToken token, Origin writer) {
        return switch (writer) {
            case PROGRAM -> true;
            case MODEL -> !token.special();
            case OUTSIDE -> false;
        };
    }

    private @Nullable Match longestAt(String text, int at) {
        Match longest = null;
        Node node = root.children.get(text.charAt(at));
        for (int i = at + 1; node != null; i++) {
            if (node.token != null) {
                longest = new Match(i, node.token);
            }
            node = i < text.length() ? node.children.get(text.charAt(i)) : null;
        }
        return longest;
    }

    private static boolean touchesWord(String text, int start, int end) {
        return (start > 0 && isWord(text.codePointBefore(start)))
                || (end < text.length() && isWord(text.codePointAt(end)));
    }

    /** {@code \w} of Unicode Technical Standard 18. */
    private static boolean isWord(int codePoint) {
        return Character.isAlphabetic(codePoint)
                || switch (Character.getType(codePoint)) {
                    case Character.NON_SPACING_MARK,
                            Character.ENCLOSING_MARK,
                            Character.COMBINING_SPACING_MARK,
                            Character.DECIMAL_DIGIT_NUMBER,
                            Character.CONNECTOR_PUNCTUATION -> true;
                    default -> codePoint == 0x200C || codePoint == 0x200D;
                };
    }

    // All characters of the class \s lie in the basic plane: one char each.

    private static int spacesBefore(String text, int at) {
        int i = at;
        while (i > 0 && isSpace(text.charAt(i - 1))) {
            i--;
        }
        return i;
    }

    private static int spacesAfter(String text, int at) {
        int i = at;
        while (i < text.length() && isSpace(text.charAt(i))) {
            i++;
        }
        return i;
    }

    private static boolean isSpace(char c) {
        return (CharClasses.of(c) & CharClasses.SPACE) != 0;
    }
}
