package dev.mynah.train.config;

import dev.mynah.files.config.Default;
import dev.mynah.files.config.Doc;
import dev.mynah.files.config.Input;
import dev.mynah.files.config.Range;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The documents of a run: where they are, how they are cleaned and how they are divided. */
public record DataSection(
        @Doc(
                "Files, folders or globs (.txt, .jsonl, .parquet; .gz too), relative to the working directory; dataset:NAME is a set of recipes/datasets.yaml.")
        @Input
        List<String> paths,

        @Doc("The field of a JSONL or Parquet record that holds its text.") @Default("text")
        String textField,

        @Doc("What one document of a plain text file is: the file, a line, or what stands between blank lines.")
        @Default("file")
        TextSplit textSplit,

        @Doc("Public name or address of the data, for the manifest.") @Nullable
        String source,

        @Doc("Licence of the data, for the manifest.") @Nullable
        String licence,

        @Doc("Shares of training, validation and test documents: pretrain is 98/1/1, classic is 60/20/20.")
        @Default("pretrain")
        Split split,

        @Doc("Share of documents kept for validation, instead of the split's own.") @Nullable @Range(min = 0, max = 0.5)
        Double validation,

        @Doc("Share of documents kept for testing, instead of the split's own.") @Nullable @Range(min = 0, max = 0.5)
        Double test,

        @Doc("Unicode normalisation of the text.") @Default("nfc")
        Normalize normalize,

        @Doc("Documents with fewer characters (code points) are left out.") @Default("1") @Range(min = 1)
        int minChars,

        @Doc("Documents with more characters (code points) are left out; without it there is no limit.")
        @Nullable
        @Range(min = 1)
        Integer maxChars,

        @Doc("Which repeated documents are left out: exact copies, near copies (MinHash) too, or none.")
        @Default("exact")
        Dedup dedup,

        @Doc("Jaccard similarity of the shingles of five characters from which a document is a near copy.")
        @Default("0.8")
        @Range(above = 0, max = 1)
        double nearThreshold,

        @Doc("Whether a corrupt line stops the run; otherwise it is counted, reported and left out.") @Default("false")
        boolean strict) {

    public DataSection {
        validation = validation == null ? split.validation : validation;
        test = test == null ? split.test : test;
        if (paths.isEmpty()) {
            throw new IllegalArgumentException("paths is empty; it takes at least one file, folder or glob");
        }
        if (maxChars != null && maxChars < minChars) {
            throw new IllegalArgumentException("max_chars is " + maxChars + ", less than min_chars " + minChars);
        }
    }

    /** Share of documents used for validation, in {@code [0, 0.5]}. */
    public double validationShare() {
        return Objects.requireNonNull(validation);
    }

    /** Share of documents used for testing, in {@code [0, 0.5]}. */
    public double testShare() {
        return Objects.requireNonNull(test);
    }

    /** What one document of a plain text file is. */
    public enum TextSplit {
        FILE,
        LINE,
        BLANK_LINE
    }

    /** Named shares of training, validation and test documents. */
    public enum Split {
        PRETRAIN(0.01, 0.01),
        CLASSIC(0.20, 0.20);

        private final double validation;
        private final double test;

        Split(double validation, double test) {
            this.validation = validation;
            this.test = test;
        }
    }

    /** Unicode normalisation forms. */
    public enum Normalize {
        NFC,
        NFKC,
        NONE
    }

    /** Which repeated documents are left out. */
    public enum Dedup {
        EXACT,
        NEAR,
        NONE
    }
}
