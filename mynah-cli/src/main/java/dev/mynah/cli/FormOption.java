package dev.mynah.cli;

import dev.mynah.engine.TextCodec;
import dev.mynah.engine.constrain.Constraint;
import dev.mynah.engine.constrain.Vocabulary;
import dev.mynah.files.JsonFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a generated text must look like: one of these, or anything. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class FormOption {
    @Option(names = "--json-object", description = "Write a JSON object, and nothing else.")
    private boolean object;

    @Option(
            names = "--json-schema",
            paramLabel = "FILE",
            description = "Write JSON that is valid by the JSON Schema in FILE.")
    private @Nullable Path schema;

    @Option(names = "--regex", paramLabel = "R", description = "Write a text that R matches as a whole.")
    private @Nullable String regex;

    @Option(names = "--choice", paramLabel = "TEXT", description = "Write one of these texts; given once for each.")
    private @Nullable List<String> choices;

    /**
     * The constraint for a model's tokens.
     *
     * @throws IllegalArgumentException if the form is damaged, or uses what is not supported
     */
    Constraint of(TextCodec codec) throws IOException {
        Vocabulary vocabulary = new Vocabulary(codec.tokenizer(), codec.endIds());
        if (schema != null) {
            return Constraint.jsonSchema(vocabulary, JsonFiles.read(schema));
        }
        if (regex != null) {
            return Constraint.regex(vocabulary, regex);
        }
        return object
                ? Constraint.json(vocabulary)
                : Constraint.choice(vocabulary, choices == null ? List.of() : choices);
    }
}
