package dev.mynah.server.provider;

import dev.mynah.engine.TextCodec;
import dev.mynah.engine.TokenConstraint;
import dev.mynah.engine.constrain.Constraint;
import dev.mynah.engine.constrain.StrictCalls;
import dev.mynah.engine.constrain.Vocabulary;
import dev.mynah.text.chat.ToolCallFormat;
import dev.mynah.text.chat.ToolDefinition;
import java.util.LinkedHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Holds a model to the forms that answers are asked for in. What was computed for a form serves those who ask for the same. */
final class Constraints {
    private static final int KEPT = 64;

    private final TextCodec text;
    private final ToolCallFormat format;
    private final LinkedHashMap<AnswerForm, Supplier<TokenConstraint>> known = new LinkedHashMap<>(KEPT, 0.75f, true);
    private @Nullable Vocabulary vocabulary;

    Constraints(TextCodec text, ToolCallFormat format) {
        this.text = text;
        this.format = format;
    }

    /**
     * Makes the constraints of answers, or null where anything may be written.
     *
     * @throws IllegalArgumentException if a schema uses what is not supported, which the message names
     */
    @Nullable
    Supplier<TokenConstraint> of(AnswerForm form) {
        if (form.schema() == null && !form.mustCall() && form.tools().stream().noneMatch(ToolDefinition::strict)) {
            return null;
        }
        Supplier<TokenConstraint> constraint = find(form);
        if (constraint == null) {
            // Not while others wait: a large schema takes a second.
            constraint = compile(form, vocabulary());
            keep(form, constraint);
        }
        return constraint;
    }

    private synchronized @Nullable Supplier<TokenConstraint> find(AnswerForm form) {
        return known.get(form);
    }

    private synchronized void keep(AnswerForm form, Supplier<TokenConstraint> constraint) {
        known.put(form, constraint);
        if (known.size() > KEPT) {
            known.pollFirstEntry();
        }
    }

    private synchronized Vocabulary vocabulary() {
        if (vocabulary == null) {
            vocabulary = new Vocabulary(text.tokenizer(), text.endIds());
        }
        return vocabulary;
    }

    private Supplier<TokenConstraint> compile(AnswerForm form, Vocabulary vocabulary) {
        if (form.schema() == null && !form.mustCall()) {
            return new StrictCalls(vocabulary, format, form.tools());
        }
        if (form.tools().isEmpty() && form.schema() != null) {
            return Constraint.jsonSchema(vocabulary, form.schema());
        }
        return Constraint.toolCalls(
                vocabulary, format, form.tools(), form.parallel(), form.mustCall() ? null : form.schema());
    }
}
