package dev.mynah.text;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.PrimitiveIterator;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Distinct pieces of text and how often each occurs: a hash table with open addressing over one array that holds all
 * their bytes.
 */
final class WordCounts {

    /**
     * Longer pieces are counted as several: they come from data, not language, and would make each merge in them slow.
     */
    private static final int MAX_PIECE = 1024;

    /** Characters that a thread takes at a time. */
    private static final int BATCH = 1 << 18;

    private byte[] bytes = new byte[1 << 16];
    private int[] ends = new int[1 << 12];
    private long[] counts = new long[1 << 12];
    private int size;

    /** Indices of words plus one; 0 is free. At most half full. */
    private int[] slots = new int[1 << 13];

    /** Counts the pieces of all {@code texts} on several threads; with {@code separateHan} each Chinese character is a piece. */
    static WordCounts count(Iterator<String> texts, Pretokenizer pretokenizer, boolean separateHan, int threads) {
        Batches batches = new Batches(texts);
        Callable<WordCounts> work = () -> {
            WordCounts words = new WordCounts();
            for (List<String> batch = batches.next(); !batch.isEmpty(); batch = batches.next()) {
                batch.forEach(text -> words.addPieces(text, pretokenizer, separateHan));
            }
            return words;
        };
        WordCounts all = new WordCounts();
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            for (Future<WordCounts> part : pool.invokeAll(Collections.nCopies(threads, work))) {
                all.addAll(part.get());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while counting words.", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        }
        return all;
    }

    /** Hands out texts to several threads. */
    private static final class Batches {
        private final Iterator<String> texts;
        private boolean failed;

        Batches(Iterator<String> texts) {
            this.texts = texts;
        }

        /** Some texts; none at the end, nor after a failure, which one thread reports. */
        synchronized List<String> next() {
            List<String> batch = new ArrayList<>();
            if (failed) {
                return batch;
            }
            failed = true;
            for (long length = 0; length < BATCH && texts.hasNext(); ) {
                String text = texts.next();
                length += text.length();
                batch.add(text);
            }
            failed = false;
            return batch;
        }
    }

    private void addPieces(String text, Pretokenizer pretokenizer, boolean separateHan) {
        byte[] utf8 = Utf8.wellFormed(text).getBytes(StandardCharsets.UTF_8);
        int at = 0;
        while (at < utf8.length) {
            int end = pretokenizer.next(utf8, at, utf8.length);
            if (separateHan) {
                addSeparated(utf8, at, end);
            } else {
                addPiece(utf8, at, end);
            }
            at = end;
        }
    }

    private void addPiece(byte[] utf8, int from, int to) {
        for (int part = from; part < to; part += MAX_PIECE) {
            add(utf8, part, Math.min(to, part + MAX_PIECE), 1);
        }
    }

    /** Adds each Chinese character, and what stands between them. */
    private void addSeparated(byte[] utf8, int from, int to) {
        int start = from;
        int at = from;
        for (PrimitiveIterator.OfInt codePoints = new String(utf8, from, to - from, StandardCharsets.UTF_8)
                        .codePoints()
                        .iterator();
                codePoints.hasNext(); ) {
            int codePoint = codePoints.nextInt();
            int next = at + Utf8.length(codePoint);
            if (Character.isIdeographic(codePoint)) {
                addPiece(utf8, start, at);
                addPiece(utf8, at, next);
                start = next;
            }
            at = next;
        }
        addPiece(utf8, start, to);
    }

    private void addAll(WordCounts other) {
        for (int word = 0; word < other.size; word++) {
            add(other.bytes, other.start(word), other.end(word), other.count(word));
        }
    }

    private void add(byte[] text, int from, int to, long count) {
        int slot = slotOf(text, from, to);
        if (slots[slot] == 0) {
            slots[slot] = append(text, from, to) + 1;
            if (size * 2 > slots.length) {
                rehash();
                slot = slotOf(text, from, to);
            }
        }
        counts[slots[slot] - 1] += count;
    }

    private int append(byte[] text, int from, int to) {
        int start = size == 0 ? 0 : ends[size - 1];
        int end = start + to - from;
        if (end < 0) {
            throw new IllegalArgumentException(
                    "The text has more than 2 GiB of distinct pieces; train on a part of it.");
        }
        if (end > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 8, Math.max(end, bytes.length * 3L / 2)));
        }
        if (size == ends.length) {
            ends = Arrays.copyOf(ends, size * 2);
            counts = Arrays.copyOf(counts, size * 2);
        }
        System.arraycopy(text, from, bytes, start, to - from);
        ends[size] = end;
        return size++;
    }

    private int slotOf(byte[] text, int from, int to) {
        int mask = slots.length - 1;
        int slot = TokenTable.hash(text, from, to) & mask;
        while (slots[slot] != 0
                && !Arrays.equals(bytes, start(slots[slot] - 1), end(slots[slot] - 1), text, from, to)) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private void rehash() {
        slots = new int[slots.length * 2];
        for (int word = 0; word < size; word++) {
            slots[slotOf(bytes, start(word), end(word))] = word + 1;
        }
    }

    /** Number of distinct words; they are known by index. */
    int size() {
        return size;
    }

    int start(int word) {
        return word == 0 ? 0 : ends[word - 1];
    }

    int end(int word) {
        return ends[word];
    }

    byte byteAt(int position) {
        return bytes[position];
    }

    long count(int word) {
        return counts[word];
    }
}
