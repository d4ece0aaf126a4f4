package dev.mynah.train.pretrain;

import dev.mynah.data.CleaningOptions;
import dev.mynah.data.CleaningOptions.Normalization;
import dev.mynah.data.Corpus;
import dev.mynah.data.CorpusConfig;
import dev.mynah.data.DedupOptions;
import dev.mynah.data.ShardManifest;
import dev.mynah.data.Skipped;
import dev.mynah.data.SourceSpec;
import dev.mynah.data.Split;
import dev.mynah.data.SplitFractions;
import dev.mynah.data.StepCount;
import dev.mynah.data.TextSplit;
import dev.mynah.data.TokenCorpus;
import dev.mynah.files.Digests;
import dev.mynah.text.BpeTrainer;
import dev.mynah.text.Tokenizer;
import dev.mynah.text.TokenizerConfig;
import dev.mynah.text.Tokenizers;
import dev.mynah.train.Datasets;
import dev.mynah.train.config.DataSection;
import dev.mynah.train.config.TokenizerSection;
import dev.mynah.train.config.TokenizerSection.TrainTokenizer;
import dev.mynah.train.run.Monitor;
import dev.mynah.train.run.RunFiles;
import dev.mynah.train.run.RunInfo.DataSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Turns the {@code tokenizer} and {@code data} sections of a configuration into a tokenizer and token shards in the run's folder, and finds them there again. */
final class Sources {

    private Sources() {}

    /** The tokenizer that the section names, or null where one is to be trained. */
    static @Nullable Tokenizer loaded(TokenizerSection section) throws IOException {
        return section instanceof TokenizerSection.Loaded loaded ? Tokenizers.load(loaded.path()) : null;
    }

    /** The size that the run's vocabulary will have. */
    static int vocabSize(TokenizerSection section, @Nullable Tokenizer loaded) {
        return section instanceof TokenizerSection.Trained trained
                ? trained.train().vocabSize()
                : Objects.requireNonNull(loaded).vocabSize();
    }

    /**
     * Refuses a corpus that is too short for one sequence of {@code context} tokens, and reads no more of it than it takes to know.
     */
    static void requireLength(CorpusConfig corpus, int context) throws IOException {
        // A token is at least a byte, and one ends each document.
        long tokens = 0;
        try (Stream<String> texts = Corpus.texts(corpus)) {
            for (Iterator<String> each = texts.iterator(); each.hasNext() && tokens <= context; ) {
                tokens += each.next().getBytes(StandardCharsets.UTF_8).length + 1;
            }
        }
        if (tokens <= context) {
            throw new IllegalArgumentException(
                    "the corpus has at most " + tokens + " tokens to train on, fewer than one sequence of " + context
                            + " (model.context) and its last target");
        }
    }

    /** The run's tokenizer: the one in its folder, or else the loaded one or a trained one, which is written there. */
    static Tokenizer tokenizer(
            TokenizerSection section, @Nullable Tokenizer loaded, CorpusConfig corpus, RunFiles files, Monitor monitor)
            throws IOException {
        Path folder = files.tokenizer();
        if (Files.exists(folder.resolve("tokenizer.json"))) {
            Tokenizer tokenizer = Tokenizers.load(folder);
            if (section instanceof TokenizerSection.Trained trained) {
                checkSize(tokenizer, trained.train(), folder);
            }
            return tokenizer;
        }
        Tokenizer tokenizer = section instanceof TokenizerSection.Trained trained
                ? train(trained.train(), corpus, monitor)
                : Objects.requireNonNull(loaded);
        if (tokenizer.eosId() < 0) {
            throw new IllegalArgumentException(
                    "the tokenizer names no token that ends a document (eos_token in tokenizer_config.json)");
        }
        Files.createDirectories(folder);
        tokenizer.save(folder);
        return tokenizer;
    }

    private static void checkSize(Tokenizer tokenizer, TrainTokenizer options, Path folder) {
        if (tokenizer.vocabSize() != options.vocabSize()) {
            throw new IllegalArgumentException(folder + " holds a tokenizer of " + tokenizer.vocabSize()
                    + " tokens, but tokenizer.train.vocab_size is " + options.vocabSize()
                    + "; set it back, or give another --out");
        }
    }

    private static Tokenizer train(TrainTokenizer options, CorpusConfig corpus, Monitor monitor) throws IOException {
        int threads = Runtime.getRuntime().availableProcessors();
        String endOfDocument = options.specialTokens().getFirst();
        try (Stream<String> texts = limited(Corpus.texts(corpus), options.sampleBytes())) {
            monitor.notice("Training a tokenizer of " + options.vocabSize() + " tokens");
            return new BpeTrainer(
                            options.pattern(),
                            options.vocabSize(),
                            options.specialTokens(),
                            2,
                            threads,
                            options.separateHan())
                    .train(texts)
                    .withConfig(new TokenizerConfig(endOfDocument, endOfDocument, 0, null))
                    .beginningWith(endOfDocument);
        }
    }

    private static Stream<String> limited(Stream<String> texts, long bytes) {
        AtomicLong left = new AtomicLong(bytes);
        return texts.takeWhile(text -> left.getAndAdd(-text.getBytes(StandardCharsets.UTF_8).length) > 0);
    }

    /** The token shards in the run's folder, made if need be. A notice says what of the corpus could not be read. */
    static TokenCorpus corpus(CorpusConfig config, Tokenizer tokenizer, RunFiles files, Monitor monitor)
            throws IOException {
        TokenCorpus corpus = Corpus.prepare(
                config,
                tokenizer,
                Digests.ofFile(files.tokenizer().resolve("tokenizer.json")),
                files.shards(),
                (read, total, documents, tokens) -> monitor.preparing("Packing the corpus", read, total));
        report(corpus, monitor);
        return corpus;
    }

    /** Tells what of the corpus is not used, and why. */
    private static void report(TokenCorpus corpus, Monitor monitor) {
        ShardManifest manifest = corpus.manifest();
        Skipped skipped = manifest.skipped();
        if (skipped.count() > 0) {
            monitor.notice("%,d corrupt records of the corpus are left out, the first: %s (the first %d stand in %s)"
                    .formatted(
                            skipped.count(),
                            skipped.first().getFirst(),
                            Skipped.LISTED,
                            corpus.folder().resolve("manifest.json")));
        }
        for (StepCount step : manifest.cleaning()) {
            if (step.dropped() > 0) {
                monitor.notice("Left out %,d documents: %s".formatted(step.dropped(), step.step()));
            }
        }
        long duplicates = manifest.duplicates().exact() + manifest.duplicates().near();
        if (duplicates > 0) {
            monitor.notice("Left out %,d duplicates".formatted(duplicates));
        }
    }

    static CorpusConfig corpusConfig(DataSection data, Datasets datasets, long seed) throws IOException {
        List<SourceSpec> sources = new ArrayList<>();
        for (String path : data.paths()) {
            for (SourceSpec spec : datasets.resolve(path)) {
                sources.add(new SourceSpec(
                        spec.path(),
                        Objects.requireNonNullElse(data.source(), spec.name()),
                        Objects.requireNonNullElse(data.licence(), spec.licence())));
            }
        }
        double validation = data.validationShare();
        double test = data.testShare();
        return CorpusConfig.ofSources(sources)
                .withTextField(data.textField())
                .withTextSplit(TextSplit.valueOf(data.textSplit().name()))
                .withCleaning(new CleaningOptions(
                        Normalization.valueOf(data.normalize().name()),
                        true,
                        true,
                        data.minChars(),
                        Objects.requireNonNullElse(data.maxChars(), Integer.MAX_VALUE)))
                .withDedup(
                        new DedupOptions(DedupOptions.Mode.valueOf(data.dedup().name()), data.nearThreshold()))
                .withSplit(new SplitFractions(1 - validation - test, validation, test))
                .withSeed(seed)
                .withStrict(data.strict());
    }

    /** What the run's description says of its data. */
    static List<DataSource> described(ShardManifest manifest) {
        long train = tokens(manifest, Split.TRAIN);
        long validation = tokens(manifest, Split.VALIDATION);
        long dropped = manifest.skipped().count()
                + manifest.duplicates().exact()
                + manifest.duplicates().near()
                + manifest.cleaning().stream().mapToLong(StepCount::dropped).sum();
        return manifest.sources().stream()
                .map(source -> new DataSource(
                        source.name(),
                        source.path(),
                        source.licence(),
                        source.documents(),
                        source.bytes(),
                        train,
                        validation,
                        dropped))
                .toList();
    }

    private static long tokens(ShardManifest manifest, Split split) {
        return Objects.requireNonNull(manifest.splits().get(split.key())).tokens();
    }
}
