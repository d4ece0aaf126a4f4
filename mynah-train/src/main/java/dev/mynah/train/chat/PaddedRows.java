package dev.mynah.train.chat;

import dev.mynah.tensor.Tensor;
import java.util.List;

/**
 * Rows of tokens of different length as one rectangle. Short rows are filled up behind their end, where causal attention cannot look.
 *
 * @param ids I64 {@code [rows, width]}, on the CPU
 * @param width tokens of the longest row
 */
public record PaddedRows(Tensor ids, int width) {

    /** @param padId any token */
    public static PaddedRows of(List<int[]> rows, int padId) {
        int width = rows.stream().mapToInt(row -> row.length).max().orElse(1);
        long[] ids = new long[rows.size() * width];
        for (int r = 0; r < rows.size(); r++) {
            int[] row = rows.get(r);
            for (int i = 0; i < width; i++) {
                ids[r * width + i] = i < row.length ? row[i] : padId;
            }
        }
        return new PaddedRows(Tensor.of(ids, rows.size(), width), width);
    }

    /** Where a token stands when the rectangle is laid out row after row. */
    public long place(int row, int position) {
        return (long) row * width + position;
    }
}
