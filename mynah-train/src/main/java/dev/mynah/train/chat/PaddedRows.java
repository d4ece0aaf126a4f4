package dev.mynah.train.chat;

import dev.mynah.model.Transformer;
import dev.mynah.tensor.DType;
import dev.mynah.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

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

    /**
     * Which rows to compute together: those of like length, so that little is padded.
     *
     * @param lengths of the rows
     * @param most    rows of a group
     * @return the numbers of the rows, short ones first
     */
    public static List<List<Integer>> groups(int[] lengths, int most) {
        List<Integer> order = IntStream.range(0, lengths.length)
                .boxed()
                .sorted(Comparator.comparingInt(row -> lengths[row]))
                .toList();
        List<List<Integer>> groups = new ArrayList<>();
        for (int from = 0; from < lengths.length; from += most) {
            groups.add(order.subList(from, Math.min(from + most, lengths.length)));
        }
        return groups;
    }

    /**
     * The final hidden states {@code [places, width]} of a model at some places, with their graph where gradients are recorded.
     *
     * @param places as {@link #place} numbers them
     */
    public Tensor hidden(Transformer model, long[] places, DType compute) {
        int first =
                (int) Arrays.stream(places).map(place -> place % width).min().orElse(0);
        int kept = width - first;
        long[] among = Arrays.stream(places)
                .map(place -> place / width * kept + place % width - first)
                .toArray();
        Tensor hidden = model.hidden(ids.to(model.device()), first, compute);
        return hidden.reshape(-1, hidden.size(-1))
                .indexSelect(0, Tensor.of(among).to(model.device()));
    }

    /** Where a token stands when the rectangle is laid out row after row. */
    public long place(int row, int position) {
        return (long) row * width + position;
    }
}
