package dev.mynah.train.config;

import dev.mynah.files.config.Default;
import dev.mynah.files.config.Doc;
import dev.mynah.files.config.Input;
import dev.mynah.files.config.Range;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Conversations or rankings: where they are, and how they are divided. */
public record ChatDataSection(
        @Doc("Files, folders or globs (.jsonl, .json; .gz too), relative to the working directory; dataset:NAME is"
                + " a set of recipes/datasets.yaml.")
        @Input
        List<String> paths,

        @Doc("Files whose records are all kept for validation, named as in paths.") @Default("[]") @Input
        List<String> validationPaths,

        @Doc("Public name or address of the data, for the report.") @Nullable
        String source,

        @Doc("Licence of the data, for the report.") @Nullable
        String licence,

        @Doc("Share of the records kept for validation; records that begin with the same words of the user stay"
                + " together.")
        @Default("0.05")
        @Range(min = 0, max = 0.5)
        double validation,

        @Doc("Whether records that cannot be used are counted, listed and left out; otherwise the first one stops"
                + " the run before it begins.")
        @Default("false")
        boolean skipBad) {

    public ChatDataSection {
        if (paths.isEmpty()) {
            throw new IllegalArgumentException("paths is empty; it takes at least one file, folder or glob");
        }
    }

    /** The files of all records, those for validation alone too. */
    public List<String> allPaths() {
        return Stream.concat(paths.stream(), validationPaths.stream()).toList();
    }
}
