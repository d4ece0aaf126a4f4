package dev.mynah.data;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * A MinHash signature (Broder 1997) over shingles of {@value #SHINGLE} characters, which suit languages written without spaces as well as those with them. The share of equal places in
 * two signatures estimates the Jaccard similarity J of the two sets of shingles, with standard error sqrt(J(1-J)/{@value #SIZE}): 0.035 at J = 0.8.
 */
final class MinHash {

    /** Places of a signature. */
    static final int SIZE = 128;

    /** Characters (code points) of a shingle; a shorter text is one shingle. */
    static final int SHINGLE = 5;

    /** Base of the rolling hash of a shingle, odd and large (from xxHash64). */
    private static final long BASE = 0x9E3779B185EBCA87L;

    private static final int[] XOR = new int[SIZE];
    private static final int[] MULTIPLY = new int[SIZE];

    static {
        // Any fixed values do; signatures live no longer than one run.
        SplittableRandom random = new SplittableRandom(0x6D796E6168L);
        for (int i = 0; i < SIZE; i++) {
            XOR[i] = random.nextInt();
            MULTIPLY[i] = random.nextInt() | 1;
        }
    }

    private final int[] places = new int[SIZE];

    /** The signature of a folded text ({@link TextHash#fold}). */
    MinHash(String folded) {
        int[] points = codePoints(folded);
        Arrays.fill(places, Integer.MAX_VALUE);
        int count = Math.max(1, points.length - SHINGLE + 1);
        for (int start = 0; start < count; start++) {
            long hash = 0;
            for (int i = start; i < Math.min(start + SHINGLE, points.length); i++) {
                hash = (hash + points[i] + 1) * BASE;
                hash ^= hash >>> 29;
            }
            lower(places, (int) (hash >>> 32));
        }
    }

    private static int[] codePoints(String text) {
        int[] points = new int[text.codePointCount(0, text.length())];
        for (int i = 0, at = 0; i < points.length; i++) {
            points[i] = text.codePointAt(at);
            at += Character.charCount(points[i]);
        }
        return points;
    }

    /** Takes one shingle in: each place keeps the least value of its own hash function. The loop compiles to vector instructions. */
    private static void lower(int[] places, int shingle) {
        for (int i = 0; i < SIZE; i++) {
            int h = (shingle ^ XOR[i]) * MULTIPLY[i];
            h = (h ^ h >>> 15) * 0x2C1B3C6D;
            places[i] = Math.min(places[i], h);
        }
    }

    int place(int i) {
        return places[i];
    }

    /** The estimated Jaccard similarity, 0 to 1. */
    double similarity(MinHash other) {
        int equal = 0;
        for (int i = 0; i < SIZE; i++) {
            equal += places[i] == other.places[i] ? 1 : 0;
        }
        return (double) equal / SIZE;
    }
}
