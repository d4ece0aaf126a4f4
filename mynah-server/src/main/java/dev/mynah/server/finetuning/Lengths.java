package dev.mynah.server.finetuning;

import java.util.Arrays;
import java.util.stream.IntStream;

/** The lengths of a file's examples in tokens, of which there may be millions. */
final class Lengths {
    private int[] values = new int[1_024];
    private int size;

    void add(int length) {
        if (size == values.length) {
            values = Arrays.copyOf(values, 2 * size);
        }
        values[size++] = length;
    }

    int size() {
        return size;
    }

    IntStream stream() {
        return Arrays.stream(values, 0, size);
    }
}
