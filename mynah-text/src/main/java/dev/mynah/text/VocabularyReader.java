package dev.mynah.text;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Gathers tokens, added tokens and merges from a file, and checks that they fit together. */
final class VocabularyReader {

    private final String file;
    private final Map<String, Integer> ids = new HashMap<>();
    private final Map<Integer, String> tokens = new HashMap<>();
    private final Map<Integer, AddedToken> added = new LinkedHashMap<>();
    private final Set<String> addedContents = new HashSet<>();
    private final List<BpeSpec.Merge> merges = new ArrayList<>();

    VocabularyReader(String file) {
        this.file = file;
    }

    /** Reads an object of tokens and their ids. */
    void readTokens(JsonNode vocabulary) {
        vocabulary.properties().forEach(entry -> {
            int id = id(entry.getKey(), entry.getValue());
            String other = tokens.put(id, entry.getKey());
            if (other != null) {
                throw wrong("the id " + id + " is given to both " + quote(other) + " and " + quote(entry.getKey()));
            }
            ids.put(entry.getKey(), id);
        });
    }

    /** Refuses a vocabulary in which some byte has no token. */
    void requireBytes() {
        for (int b = 0; b < 256; b++) {
            if (!ids.containsKey(String.valueOf(ByteAlphabet.charOf(b)))) {
                throw wrong("the vocabulary is not byte-level: it has no token for the byte " + b);
            }
        }
    }

    /** Takes one token, whose id is new; of equal ones the first counts in merges. */
    void addToken(int id, String token) {
        tokens.put(id, token);
        ids.putIfAbsent(token, id);
    }

    /** Takes a token that may stand in the vocabulary too, then under the same id. */
    void add(AddedToken token) {
        String other = tokens.getOrDefault(token.id(), token.content());
        int id = ids.getOrDefault(token.content(), token.id());
        if (id != token.id() || !other.equals(token.content())) {
            throw wrong("the added token " + quote(token.content()) + " has the id " + token.id()
                    + ", but the vocabulary says otherwise");
        }
        if (added.put(token.id(), token) != null || !addedContents.add(token.content())) {
            throw wrong(
                    "the added token " + quote(token.content()) + " or its id " + token.id() + " stands there twice");
        }
    }

    /**
     * Reads merges, written {@code "a b"} or {@code ["a", "b"]}. Of merges that are given twice the later counts, as in
     * the reference.
     */
    void readMerges(JsonNode list) {
        if (!list.isArray()) {
            throw wrong("the model has no list of merges");
        }
        for (JsonNode node : list) {
            String[] pair = node.isString()
                    ? node.stringValue().split(" ", -1)
                    : node.values().stream().map(part -> part.asString("")).toArray(String[]::new);
            addMerge(pair);
        }
    }

    void addMerge(String[] pair) {
        int rank = merges.size();
        if (pair.length != 2) {
            throw wrong("merge " + rank + " does not join two tokens");
        }
        if (rank == MergeTable.MAX_MERGES) {
            throw wrong("there are more than " + MergeTable.MAX_MERGES + " merges");
        }
        merges.add(new BpeSpec.Merge(
                idInMerge(rank, pair[0]), idInMerge(rank, pair[1]), idInMerge(rank, pair[0] + pair[1])));
    }

    private int idInMerge(int rank, String token) {
        Integer id = ids.get(token);
        if (id == null) {
            throw wrong("merge " + rank + " needs the token " + quote(token) + ", which the vocabulary lacks");
        }
        return id;
    }

    /** {@code value} as the id of {@code name}. */
    int id(String name, JsonNode value) {
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < 0) {
            throw wrong("the id of " + quote(name) + " is " + quote(value.toString())
                    + ", not a whole number from 0 to " + Integer.MAX_VALUE);
        }
        return value.intValue();
    }

    /** {@code value} as the id of some token that has been read. */
    int knownId(JsonNode value) {
        int id = id("a token", value);
        if (!tokens.containsKey(id) && !added.containsKey(id)) {
            throw wrong("the post_processor adds the id " + id + ", which no token has");
        }
        return id;
    }

    /** Tokens by id. A few ids may be left out, but not so many that a small file asks for a large table. */
    List<String> tokens() {
        int count = tokens.size() + added.size();
        long allowed = Math.min(2L * count + 1024, MergeTable.MAX_TOKENS);
        int largest = Math.max(largest(tokens), largest(added));
        if (largest >= allowed) {
            throw wrong(
                    "the id " + largest + " is too large for " + count + " tokens; it may be at most " + (allowed - 1));
        }
        List<String> byId = new ArrayList<>(Collections.nCopies(largest(tokens) + 1, ""));
        tokens.forEach((id, token) -> byId.set(id, token));
        return byId;
    }

    private static int largest(Map<Integer, ?> byId) {
        return byId.keySet().stream().mapToInt(Integer::intValue).max().orElse(-1);
    }

    List<BpeSpec.Merge> merges() {
        return merges;
    }

    List<AddedToken> addedTokens() {
        return List.copyOf(added.values());
    }

    private TokenizerFormatException wrong(String what) {
        return new TokenizerFormatException(file + ": " + what + ".");
    }

    private static String quote(String text) {
        return "\"" + (text.length() <= 80 ? text : text.substring(0, 80) + "...") + "\"";
    }
}
