package dev.mynah.train.config;

import dev.mynah.files.config.Default;
import dev.mynah.files.config.Doc;
import dev.mynah.files.config.Input;
import dev.mynah.files.config.Range;
import dev.mynah.text.Pretokenizer;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;

/** The tokenizer of a run: {@code {train: {vocab_size: 4096}}} or {@code {path: DIR-or-tokenizer.json}}. */
public sealed interface TokenizerSection {

    /** A byte-level BPE tokenizer trained on the run's own data. */
    @Doc("trained")
    record Trained(
            @Doc("A byte-level BPE tokenizer trained on the run's data.")
            TrainTokenizer train) implements TokenizerSection {}

    /** A tokenizer that exists. */
    @Doc("loaded")
    record Loaded(
            @Doc("A tokenizer.json, or a folder that holds one.") @Input
            Path path) implements TokenizerSection {}

    /** How a tokenizer is trained. */
    record TrainTokenizer(
            @Doc("Tokens in the vocabulary, the 256 bytes and the special tokens included.")
            @Default("4096")
            @Range(min = 257, max = 1_000_000)
            int vocabSize,

            @Doc("How text is cut before merging: the pattern of a known model; cl100k is GPT-4's and Llama 3's.")
            @Default("cl100k")
            Pretokenizer pattern,

            @Doc("Special tokens, which get the ids after the merges; the first one ends a document.")
            @Default("[<|endoftext|>, <|im_start|>, <|im_end|>]")
            List<String> specialTokens,

            @Doc("Text that the merges are learned from, in bytes from the start of the shuffled data.")
            @Default("100_000_000")
            @Range(min = 1)
            long sampleBytes,

            @Doc("Whether no token reaches across a Chinese character, so that each is a token of its own.")
            @Default("false")
            boolean separateHan) {

        public TrainTokenizer {
            if (specialTokens.isEmpty() || specialTokens.contains("")) {
                throw new IllegalArgumentException("special_tokens needs at least one token, and none that is empty");
            }
            if (new HashSet<>(specialTokens).size() < specialTokens.size()) {
                throw new IllegalArgumentException("special_tokens names a token twice");
            }
            if (vocabSize < 256 + specialTokens.size()) {
                throw new IllegalArgumentException("vocab_size is " + vocabSize + "; 256 bytes and "
                        + specialTokens.size() + " special tokens need at least " + (256 + specialTokens.size()));
            }
        }
    }
}
