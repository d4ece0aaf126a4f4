package dev.mynah.text;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Trains a byte-level byte-pair encoding (Sennrich et al. 2016; bytes as in GPT-2). Ids are given in this order: the
 * 256 bytes in the order of GPT-2's alphabet, one token for each
 * merge, the special tokens.
 *
 * <p>The pair of tokens that stands together most often is merged next; of pairs equally frequent, the one whose left
 * id is smaller, then whose right id is smaller. So the same text
 * gives the same tokenizer, whatever the order of its parts and the number of threads, and the same as the Hugging Face
 * trainer. Special tokens that stand in the text are plain text.
 *
 * @param pretokenizer how text is cut into the pieces within which merges happen
 * @param vocabSize number of tokens in all, special ones included
 * @param specialTokens texts of the special tokens
 * @param minFrequency how often a pair has to stand in the text to be merged, at least 1
 * @param threads how many threads count pieces
 * @param separateHan whether no merge reaches across a Chinese character, so that no token is longer than one: a model
 *     that has to count characters learns it more easily
 */
public record BpeTrainer(
        Pretokenizer pretokenizer,
        int vocabSize,
        List<String> specialTokens,
        long minFrequency,
        int threads,
        boolean separateHan) {

    private static final int BYTES = 256;

    public BpeTrainer {
        specialTokens = List.copyOf(specialTokens);
        Set<String> seen = new HashSet<>();
        for (String token : specialTokens) {
            if (token.isEmpty() || !seen.add(token)) {
                throw new IllegalArgumentException("The special token \"" + token + "\" is empty or given twice.");
            }
        }
        int least = BYTES + specialTokens.size();
        if (vocabSize < least) {
            throw new IllegalArgumentException("A vocabulary of " + vocabSize + " is too small: the " + BYTES
                    + " bytes and " + specialTokens.size() + " special tokens need at least " + least + ".");
        }
        if (vocabSize > MergeTable.MAX_TOKENS) {
            throw new IllegalArgumentException(
                    "A vocabulary of " + vocabSize + " is too large: at most " + MergeTable.MAX_TOKENS + " tokens.");
        }
        if (minFrequency < 1 || threads < 1) {
            throw new IllegalArgumentException(
                    "minFrequency " + minFrequency + " and threads " + threads + " must be at least 1.");
        }
    }

    /** Trains with GPT-4's pattern, a minimum frequency of 2, and a thread for each processor. */
    public BpeTrainer(int vocabSize, List<String> specialTokens) {
        this(
                Pretokenizer.CL100K,
                vocabSize,
                specialTokens,
                2,
                Runtime.getRuntime().availableProcessors(),
                false);
    }

    /** Trains on {@code texts}, which is read once and then closed. */
    public BpeTokenizer train(Stream<String> texts) {
        try (texts) {
            return train(texts.iterator());
        }
    }

    /**
     * Trains on {@code texts}, which is iterated once, by one thread at a time.
     *
     * @throws IllegalArgumentException where the texts have too few pairs for the vocabulary asked for; the message
     *     names the largest one possible
     */
    public BpeTokenizer train(Iterable<String> texts) {
        return train(texts.iterator());
    }

    private BpeTokenizer train(Iterator<String> texts) {
        WordCounts words = WordCounts.count(texts, pretokenizer, separateHan, threads);
        MergeLearner learner = new MergeLearner(words, minFrequency);
        int wanted = vocabSize - specialTokens.size();
        learner.learn(wanted);
        List<String> vocabulary = new ArrayList<>(learner.tokens());
        if (vocabulary.size() < wanted) {
            throw new IllegalArgumentException("The text is too small for a vocabulary of " + vocabSize
                    + ": with pairs that occur at least " + minFrequency + " times the largest possible is "
                    + (vocabulary.size() + specialTokens.size()) + ".");
        }
        return new BpeTokenizer(spec(vocabulary, learner.merges()), TokenizerConfig.NONE);
    }

    private BpeSpec spec(List<String> vocabulary, List<BpeSpec.Merge> merges) {
        List<AddedToken> added = new ArrayList<>();
        for (String token : specialTokens) {
            if (vocabulary.contains(token)) {
                throw new IllegalArgumentException("The special token \"" + token
                        + "\" is an ordinary token of this text, too; choose another text for it.");
            }
            added.add(AddedToken.special(vocabulary.size() + added.size(), token));
        }
        return new BpeSpec(false, pretokenizer, false, false, vocabulary, merges, added, List.of(), List.of());
    }
}
