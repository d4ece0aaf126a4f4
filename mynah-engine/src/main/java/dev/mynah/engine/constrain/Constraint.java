package dev.mynah.engine.constrain;

import dev.mynah.engine.TokenConstraint;
import dev.mynah.engine.constrain.States.State;
import dev.mynah.text.chat.ToolCallFormat;
import dev.mynah.text.chat.ToolDefinition;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What an answer may be, for one vocabulary. Each generation gets its own {@link TokenConstraint}; what was computed for
 * one serves the next. Any number of threads may use it, one at a time.
 */
public final class Constraint implements Supplier<TokenConstraint> {
    private static final String MAIN = "main";
    private static final String SCHEMA = "schema";
    private static final int MAX_CHOICES = 10_000;

    private final Vocabulary vocabulary;
    private final States states;
    private final Masks masks;
    private final State start;

    private Constraint(Vocabulary vocabulary, Map<String, Pattern> rules) {
        this.vocabulary = vocabulary;
        Automaton automaton = new Automaton(rules, MAIN);
        states = new States(automaton, new Endings(automaton, vocabulary));
        masks = new Masks(vocabulary, states);
        start = states.start();
    }

    static Constraint of(Vocabulary vocabulary, Pattern main, Map<String, Pattern> rules) {
        Map<String, Pattern> all = new HashMap<>(rules);
        all.put(MAIN, main);
        return new Constraint(vocabulary, all);
    }

    /**
     * One of {@code choices}, exactly.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Constraint choice(Vocabulary vocabulary, List<String> choices) {
        if (choices.size() > MAX_CHOICES) {
            throw new IllegalArgumentException(
                    "at most " + MAX_CHOICES + " choices are possible, not " + choices.size());
        }
        Pattern main = new Pattern.Choice(choices.stream().map(Pattern::literal).toList());
        return of(vocabulary, main, Map.of());
    }

    /**
     * A text that {@code regex} matches as a whole.
     *
     * @throws IllegalArgumentException if it is damaged, or uses what is not supported
     */
    public static Constraint regex(Vocabulary vocabulary, String regex) {
        return of(vocabulary, RegexParser.parse(regex, false, CharSet::utf8), Map.of());
    }

    /** A JSON object, whatever it holds. */
    public static Constraint json(Vocabulary vocabulary) {
        return of(vocabulary, new Pattern.Reference(JsonGrammar.OBJECT), JsonGrammar.rules());
    }

    /**
     * JSON that is valid by {@code schema}.
     *
     * @throws IllegalArgumentException if nothing is, or the schema uses what is not supported, which the message names
     */
    public static Constraint jsonSchema(Vocabulary vocabulary, JsonNode schema) {
        Map<String, Pattern> rules = JsonGrammar.rules();
        return of(vocabulary, SchemaCompiler.compile(schema, SCHEMA, rules), rules);
    }

    /**
     * Calls of tools as a model writes them, with arguments that are valid by the tools' schemas.
     *
     * @param tools     what may be called, at least one
     * @param several   whether there may be more than one call; a model of {@link ToolCallFormat#LLAMA} writes one in any case
     * @param otherwise a schema that the text may be valid by instead, or null where there must be a call
     * @throws IllegalArgumentException if a schema uses what is not supported, which the message names
     */
    public static Constraint toolCalls(
            Vocabulary vocabulary,
            ToolCallFormat format,
            List<ToolDefinition> tools,
            boolean several,
            @Nullable JsonNode otherwise) {
        Map<String, Pattern> rules = JsonGrammar.rules();
        Pattern main = ToolCallGrammar.calls(format, tools, several, rules);
        if (otherwise != null) {
            main = Pattern.choice(main, SchemaCompiler.compile(otherwise, SCHEMA, rules));
        }
        return of(vocabulary, main, rules);
    }

    @Override
    public Walk get() {
        return new Walk();
    }

    /** Forbids the tokens that end {@code mark}, of which {@code written} bytes are there, and go on as no text of this constraint begins. */
    synchronized void forbidMisfits(byte[] mark, int written, float[] logits) {
        int place = vocabulary.find(mark, written);
        if (place >= 0) {
            states.allowWork(Integer.MAX_VALUE);
            forbidMisfits(place, start, logits);
        }
    }

    /** Those below {@code at}, where {@code state} is null for all of them. */
    private void forbidMisfits(int at, @Nullable State state, float[] logits) {
        for (int child = vocabulary.firstChild(at); child >= 0; child = vocabulary.nextSibling(child)) {
            State next = state == null ? null : states.next(state, vocabulary.value(child));
            for (int token = vocabulary.firstToken(child); token >= 0; token = vocabulary.nextToken(token)) {
                if (next == null && token < logits.length) {
                    logits[token] = Float.NEGATIVE_INFINITY;
                }
            }
            forbidMisfits(child, next, logits);
        }
    }

    /** One text. */
    final class Walk implements TokenConstraint {
        private State state = start;
        private boolean ended;
        private boolean cutShort;

        @Override
        public void mask(float[] logits, int left) {
            Masks.Allowed possible;
            synchronized (Constraint.this) {
                possible = masks.allowed(state, state.toEnd <= left ? left - 1 : Integer.MAX_VALUE);
            }
            BitSet allowed = possible.inTime();
            if (state.accepts) {
                for (int end : vocabulary.ends()) {
                    allowed.set(end);
                }
            }
            if (allowed.isEmpty()) {
                throw new IllegalStateException(
                        "the vocabulary has no token with which the constrained text could go on");
            }
            cutShort |= !possible.late().isEmpty() && greatest(logits, possible.late()) > greatest(logits, allowed);
            for (int i = 0; i < logits.length; i = allowed.nextSetBit(i) + 1) {
                int next = allowed.nextSetBit(i);
                int until = next < 0 || next > logits.length ? logits.length : next;
                Arrays.fill(logits, i, until, Float.NEGATIVE_INFINITY);
                if (until == logits.length) {
                    return;
                }
            }
        }

        @Override
        public void accept(int token) {
            if (vocabulary.isEnd(token)) {
                ended = true;
                return;
            }
            if (!take(vocabulary.bytes(token), 0)) {
                throw new IllegalArgumentException("token " + token + " does not fit the constrained text");
            }
        }

        /** Goes on with the bytes from {@code from} on, or tells that they do not fit. */
        boolean take(byte[] bytes, int from) {
            synchronized (Constraint.this) {
                states.allowWork(Integer.MAX_VALUE);
                State reached = state;
                for (int i = from; i < bytes.length; i++) {
                    State next = states.next(reached, bytes[i] & 0xFF);
                    if (next == null) {
                        return false;
                    }
                    reached = next;
                }
                state = reached;
                return true;
            }
        }

        private static float greatest(float[] logits, BitSet tokens) {
            float greatest = Float.NEGATIVE_INFINITY;
            for (int i = tokens.nextSetBit(0); i >= 0 && i < logits.length; i = tokens.nextSetBit(i + 1)) {
                greatest = Math.max(greatest, logits[i]);
            }
            return greatest;
        }

        @Override
        public boolean complete() {
            return ended || (state.accepts && state.places.isEmpty());
        }

        @Override
        public boolean cutShort() {
            return cutShort;
        }
    }
}
