package dev.mynah.data;

import java.util.List;

/**
 * What a corpus is made of and how it is prepared.
 *
 * @param sources files, folders and globs, read in this order
 * @param textField field (JSONL) or column (Parquet) that holds the text
 * @param textSplit what one document is in a plain text file
 * @param cleaning cleaning steps
 * @param dedup which duplicates are dropped
 * @param split fractions of train, validation and test
 * @param seed seed of the split
 * @param strict whether the first record that cannot be read is an error; else such records are counted and reported
 */
public record CorpusConfig(
        List<SourceSpec> sources,
        String textField,
        TextSplit textSplit,
        CleaningOptions cleaning,
        DedupOptions dedup,
        SplitFractions split,
        long seed,
        boolean strict) {

    public CorpusConfig {
        sources = List.copyOf(sources);
    }

    /** The defaults: field {@code text}, whole files, NFC, near-duplicates dropped, 98/1/1, seed 1, not strict. */
    public static CorpusConfig of(List<String> paths) {
        return ofSources(paths.stream().map(SourceSpec::of).toList());
    }

    /** As {@link #of}, for sources that say where they come from. */
    public static CorpusConfig ofSources(List<SourceSpec> sources) {
        return new CorpusConfig(
                sources,
                "text",
                TextSplit.FILE,
                CleaningOptions.DEFAULT,
                DedupOptions.DEFAULT,
                SplitFractions.PRETRAINING,
                1,
                false);
    }

    public CorpusConfig withTextField(String textField) {
        return new CorpusConfig(sources, textField, textSplit, cleaning, dedup, split, seed, strict);
    }

    public CorpusConfig withTextSplit(TextSplit textSplit) {
        return new CorpusConfig(sources, textField, textSplit, cleaning, dedup, split, seed, strict);
    }

    public CorpusConfig withCleaning(CleaningOptions cleaning) {
        return new CorpusConfig(sources, textField, textSplit, cleaning, dedup, split, seed, strict);
    }

    public CorpusConfig withDedup(DedupOptions dedup) {
        return new CorpusConfig(sources, textField, textSplit, cleaning, dedup, split, seed, strict);
    }

    public CorpusConfig withSplit(SplitFractions split) {
        return new CorpusConfig(sources, textField, textSplit, cleaning, dedup, split, seed, strict);
    }

    public CorpusConfig withSeed(long seed) {
        return new CorpusConfig(sources, textField, textSplit, cleaning, dedup, split, seed, strict);
    }

    public CorpusConfig withStrict(boolean strict) {
        return new CorpusConfig(sources, textField, textSplit, cleaning, dedup, split, seed, strict);
    }
}
