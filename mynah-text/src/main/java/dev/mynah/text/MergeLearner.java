package dev.mynah.text;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * Learns merges from counted words. Counts of pairs are kept up to date: a merge touches only the words that have its
 * pair. The heap of candidates is not; a candidate whose count has
 * changed is put back when it comes up, which is enough, as counts grow only when a pair is pushed anew.
 */
final class MergeLearner {

    private record Candidate(PairTable.Pair pair, long count) {}

    private static final Comparator<Candidate> MOST_FREQUENT_FIRST = Comparator.comparingLong(
                    (Candidate candidate) -> -candidate.count)
            .thenComparingLong(candidate -> candidate.pair.key());

    private final long minFrequency;

    /** The ids of all words one after the other; a word becomes shorter within its place. */
    private final int[] ids;

    private final int[] starts;
    private final int[] lengths;
    private final long[] counts;

    private final PairTable pairs = new PairTable();
    private final PriorityQueue<Candidate> heap = new PriorityQueue<>(1 << 16, MOST_FREQUENT_FIRST);
    private final List<String> tokens = new ArrayList<>();
    private final Map<String, Integer> idOfToken = new HashMap<>();
    private final List<BpeSpec.Merge> merges = new ArrayList<>();
    private final Set<PairTable.Pair> merged = new HashSet<>();

    /** Pairs that have come up in the present merge. */
    private final Set<PairTable.Pair> fresh = new HashSet<>();

    MergeLearner(WordCounts words, long minFrequency) {
        this.minFrequency = minFrequency;
        int size = words.size();
        ids = new int[size == 0 ? 0 : words.end(size - 1)];
        starts = new int[size];
        lengths = new int[size];
        counts = new long[size];
        int[] idOfByte = addBytes();
        for (int i = 0; i < ids.length; i++) {
            ids[i] = idOfByte[words.byteAt(i) & 0xFF];
        }
        for (int word = 0; word < size; word++) {
            starts[word] = words.start(word);
            lengths[word] = words.end(word) - words.start(word);
            counts[word] = words.count(word);
            countPairs(word);
        }
        pairs.pairs().forEach(this::push);
    }

    /** Gives the bytes their ids, in the order of their letters. */
    private int[] addBytes() {
        for (int b = 0; b < 256; b++) {
            tokens.add(String.valueOf(ByteAlphabet.charOf(b)));
        }
        Collections.sort(tokens);
        int[] idOfByte = new int[256];
        for (int id = 0; id < 256; id++) {
            idOfToken.put(tokens.get(id), id);
        }
        for (int b = 0; b < 256; b++) {
            idOfByte[b] = tokens.indexOf(String.valueOf(ByteAlphabet.charOf(b)));
        }
        return idOfByte;
    }

    private void countPairs(int word) {
        int start = starts[word];
        for (int i = start; i + 1 < start + lengths[word]; i++) {
            PairTable.Pair pair = pairs.pair(ids[i], ids[i + 1]);
            pair.count += counts[word];
            pair.addWord(word);
        }
    }

    private void push(PairTable.Pair pair) {
        if (pair.count >= minFrequency) {
            heap.add(new Candidate(pair, pair.count));
        }
    }

    /** Merges until there are {@code wanted} tokens, bytes included, or no pair is frequent enough. */
    void learn(int wanted) {
        while (tokens.size() < wanted && !heap.isEmpty()) {
            Candidate candidate = heap.remove();
            PairTable.Pair pair = candidate.pair;
            if (candidate.count == pair.count) {
                merge(pair);
            } else {
                push(pair);
            }
        }
    }

    private void merge(PairTable.Pair pair) {
        int result = tokenOf(pair);
        for (int word : pair.takeWords()) {
            merge(word, pair, result);
        }
        pair.count = 0;
        fresh.forEach(this::push);
        fresh.clear();
    }

    /**
     * The token that {@code pair} forms. Two pairs may form the same token, and a pair may come up again after its
     * merge.
     */
    private int tokenOf(PairTable.Pair pair) {
        String token = tokens.get(pair.left) + tokens.get(pair.right);
        Integer known = idOfToken.putIfAbsent(token, tokens.size());
        if (known == null) {
            tokens.add(token);
        }
        int id = known == null ? tokens.size() - 1 : known;
        if (merged.add(pair)) {
            merges.add(new BpeSpec.Merge(pair.left, pair.right, id));
        }
        return id;
    }

    private void merge(int word, PairTable.Pair pair, int result) {
        int start = starts[word];
        int end = start + lengths[word];
        int from = start;
        int to = start;
        while (from < end) {
            if (ids[from] != pair.left || from + 1 == end || ids[from + 1] != pair.right) {
                ids[to++] = ids[from++];
                continue;
            }
            if (to > start) {
                change(ids[to - 1], pair.left, ids[to - 1], result, word);
            }
            from += 2;
            if (from < end) {
                change(pair.right, ids[from], result, ids[from], word);
            }
            ids[to++] = result;
        }
        lengths[word] = to - start;
    }

    /** In {@code word}, one pair has given way to another. */
    private void change(int oldLeft, int oldRight, int newLeft, int newRight, int word) {
        pairs.pair(oldLeft, oldRight).count -= counts[word];
        PairTable.Pair made = pairs.pair(newLeft, newRight);
        made.count += counts[word];
        made.addWord(word);
        fresh.add(made);
    }

    /** Tokens by id, in the {@link ByteAlphabet}. */
    List<String> tokens() {
        return tokens;
    }

    List<BpeSpec.Merge> merges() {
        return merges;
    }
}
