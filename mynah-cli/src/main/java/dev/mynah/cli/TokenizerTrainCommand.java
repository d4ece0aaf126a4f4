package dev.mynah.cli;

import dev.mynah.data.Corpus;
import dev.mynah.data.CorpusConfig;
import dev.mynah.data.DedupOptions;
import dev.mynah.data.SplitFractions;
import dev.mynah.text.BpeTokenizer;
import dev.mynah.text.BpeTrainer;
import dev.mynah.text.Pretokenizer;
import dev.mynah.text.TokenizerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code mynah tokenizer train}: learns a byte-level BPE vocabulary. */
@Command(
        name = "train",
        description = "Train a byte-level BPE tokenizer, and write it as tokenizer.json.",
        footer = {
            "",
            "Example:",
            "  mynah tokenizer train corpus.jsonl.gz --vocab-size 16384 --pattern gpt2 --out tokenizer"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class TokenizerTrainCommand implements Callable<Integer> {
    private static final int MIN_FREQUENCY = 2;

    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "1..*",
            paramLabel = "FILE",
            description = "Texts: files, folders or globs (.txt, .jsonl, .parquet; .gz too).")
    private List<String> files;

    @Option(
            names = "--vocab-size",
            required = true,
            paramLabel = "N",
            description = "Tokens in the vocabulary, the 256 bytes and the special tokens included.")
    private int vocabSize;

    @Option(
            names = "--pattern",
            defaultValue = "cl100k",
            paramLabel = "P",
            description =
                    "How text is cut before merging, as a known model does: gpt2, cl100k (GPT-4 and Llama 3), qwen2, o200k "
                            + "(default: ${DEFAULT-VALUE}).")
    private String pattern;

    @Option(
            names = "--special",
            defaultValue = "<|endoftext|>",
            paramLabel = "TOKEN",
            description =
                    "A special token; may be given several times; the first ends a document (default: ${DEFAULT-VALUE}).")
    private List<String> specials;

    @Option(
            names = "--separate-han",
            description = "Let no token reach across a Chinese character, so that each is a token of its own.")
    private boolean separateHan;

    @Option(
            names = "--text-field",
            defaultValue = "text",
            paramLabel = "NAME",
            description = "The field of a JSONL or Parquet record that holds its text (default: ${DEFAULT-VALUE}).")
    private String textField;

    @Mixin
    private StrictOption strict;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "The folder to write to.")
    private Path out;

    @Option(names = "--force", description = "Replace the tokenizer that DIR holds.")
    private boolean force;

    @Option(names = "--json", description = "Print one JSON object: {\"path\", \"vocab_size\"}.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        if (Files.exists(out) && !Files.isDirectory(out)) {
            throw new IllegalArgumentException(out + " is a file; a tokenizer needs a folder");
        }
        if (!force && Files.exists(out.resolve("tokenizer.json"))) {
            throw new IllegalArgumentException(
                    out + " holds a tokenizer already; give --force to replace it, or another folder");
        }
        int threads = Runtime.getRuntime().availableProcessors();
        BpeTrainer trainer =
                new BpeTrainer(Pretokenizer.named(pattern), vocabSize, specials, MIN_FREQUENCY, threads, separateHan);
        BpeTokenizer tokenizer;
        try (Stream<String> texts = Corpus.texts(corpus())) {
            tokenizer = trainer.train(texts);
        }
        String endOfDocument = specials.getFirst();
        Files.createDirectories(out);
        tokenizer
                .withConfig(new TokenizerConfig(endOfDocument, endOfDocument, 0, null))
                .beginningWith(endOfDocument)
                .save(out);
        spec.commandLine().getErr().println("Wrote a tokenizer of " + tokenizer.vocabSize() + " tokens to " + out);
        if (json) {
            spec.commandLine()
                    .getOut()
                    .println(JsonMapper.shared()
                            .createObjectNode()
                            .put("path", out.toString())
                            .put("vocab_size", tokenizer.vocabSize()));
        }
        return 0;
    }

    /** All of the text: nothing is kept for validation. */
    private CorpusConfig corpus() {
        return CorpusConfig.of(files)
                .withTextField(textField)
                .withStrict(strict.isGiven())
                .withDedup(new DedupOptions(DedupOptions.Mode.EXACT, DedupOptions.DEFAULT.threshold()))
                .withSplit(new SplitFractions(1, 0, 0));
    }
}
