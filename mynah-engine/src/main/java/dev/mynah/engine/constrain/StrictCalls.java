package dev.mynah.engine.constrain;

import dev.mynah.engine.TokenConstraint;
import dev.mynah.text.chat.ToolCallFormat;
import dev.mynah.text.chat.ToolDefinition;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Free text in which calls of tools are held to their schemas: nothing is forbidden until the text begins a call as the model's format has it, from there to the call's end all is that does not fit
 * (what llama.cpp calls a lazy grammar). For tools that are {@link ToolDefinition#strict()}; where their format has one mark for all calls, a call of another tool has a JSON object for its arguments.
 */
public final class StrictCalls implements Supplier<TokenConstraint> {

    /**
     * What begins a call.
     *
     * @param mark       its first byte stands nowhere else in it, so that it cannot begin within itself
     * @param atStart    whether it counts at the beginning of the text only, blanks aside
     * @param after      what follows it
     * @param endsAnswer whether nothing may follow that
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Trigger(byte[] mark, boolean atStart, Constraint after, boolean endsAnswer) {}

    private final Vocabulary vocabulary;
    private final List<Trigger> triggers = new ArrayList<>();

    /**
     * For a model that writes calls as {@code format} says.
     *
     * @throws IllegalArgumentException if a strict tool's schema uses what is not supported, which the message names
     */
    public StrictCalls(Vocabulary vocabulary, ToolCallFormat format, List<ToolDefinition> tools) {
        this.vocabulary = vocabulary;
        Map<String, Pattern> rules = JsonGrammar.rules();
        Constraint begun = Constraint.of(vocabulary, ToolCallGrammar.begun(format, tools, rules), rules);
        boolean several = format == ToolCallFormat.HERMES;
        triggers.add(new Trigger(bytes(format.opening()), false, begun, !several));
        if (format == ToolCallFormat.LLAMA) {
            tools.stream().filter(ToolDefinition::strict).forEach(this::addUnmarked);
        }
    }

    /** Llama 3's calls mostly have no mark: an answer that begins like a call of the tool is one. */
    private void addUnmarked(ToolDefinition tool) {
        Map<String, Pattern> rules = JsonGrammar.rules();
        Constraint rest = Constraint.of(vocabulary, ToolCallGrammar.rest(tool, rules), rules);
        byte[] mark = bytes(ToolCallGrammar.beginning(ToolCallFormat.LLAMA, tool));
        triggers.add(new Trigger(mark, true, rest, true));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public TokenConstraint get() {
        return new Walk();
    }

    /** One text. */
    private final class Walk implements TokenConstraint {
        private static final int NEVER = -1;

        /** With how many bytes of each trigger's mark the text ends. */
        private final int[] written = new int[triggers.size()];

        private boolean blank = true;
        private boolean endsAnswer;
        private boolean cutShort;
        private Constraint.@Nullable Walk call;

        @Override
        public void mask(float[] logits, int left) {
            if (call != null) {
                call.mask(logits, left);
                cutShort |= call.cutShort();
                return;
            }
            for (int i = 0; i < written.length; i++) {
                if (written[i] != NEVER) {
                    triggers.get(i).after.forbidMisfits(triggers.get(i).mark, written[i], logits);
                }
            }
        }

        @Override
        public void accept(int token) {
            if (call != null) {
                call.accept(token);
                leaveWhereComplete();
            } else if (token < vocabulary.size()) {
                read(vocabulary.bytes(token));
            }
        }

        private void read(byte[] bytes) {
            for (int i = 0; i < bytes.length; i++) {
                Trigger trigger = read(bytes[i]);
                if (trigger != null) {
                    Constraint.Walk begun = trigger.after.get();
                    // A token that has a mark in its middle, and goes on otherwise, is text.
                    if (begun.take(bytes, i + 1)) {
                        call = begun;
                        endsAnswer = trigger.endsAnswer;
                        leaveWhereComplete();
                        return;
                    }
                }
            }
        }

        /** The trigger that {@code value} completes, or null. */
        private @Nullable Trigger read(byte value) {
            if (blank && Character.isWhitespace(value)) {
                return null;
            }
            blank = false;
            Trigger complete = null;
            for (int i = 0; i < written.length; i++) {
                Trigger trigger = triggers.get(i);
                if (written[i] != NEVER) {
                    written[i] = trigger.mark[written[i]] == value ? written[i] + 1 : begin(trigger, value);
                }
                if (written[i] == trigger.mark.length) {
                    complete = trigger;
                    written[i] = trigger.atStart ? NEVER : 0;
                }
            }
            return complete;
        }

        private static int begin(Trigger trigger, byte value) {
            if (trigger.atStart) {
                return NEVER;
            }
            return trigger.mark[0] == value ? 1 : 0;
        }

        private void leaveWhereComplete() {
            if (call != null && call.complete() && !endsAnswer) {
                call = null;
                Arrays.setAll(written, i -> triggers.get(i).atStart ? NEVER : 0);
            }
        }

        @Override
        public boolean complete() {
            return call != null && call.complete();
        }

        @Override
        public boolean cutShort() {
            return cutShort;
        }
    }
}
