package dev.mynah.train.chat;

import dev.mynah.model.Transformer;
import dev.mynah.tensor.DType;
import dev.mynah.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Where the tokens of some answers stand in a rectangle of rows, one answer after the other.
 *
 * @param padded the rectangle
 * @param places in it of the tokens before each of the answers' tokens
 * @param targets the answers' tokens, I64 {@code [tokens]}, on the CPU
 * @param lengths tokens of each answer
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record AnswerRows(PaddedRows padded, long[] places, Tensor targets, List<Integer> lengths) {

    /**
     * Lays out answers.
     *
     * @param rows prompts with their answers
     * @param promptLengths tokens of each row that belong to its prompt
     * @param padId any token
     */
    public static AnswerRows of(List<int[]> rows, List<Integer> promptLengths, int padId) {
        PaddedRows padded = PaddedRows.of(rows, padId);
        LongStream.Builder places = LongStream.builder();
        LongStream.Builder targets = LongStream.builder();
        List<Integer> lengths = new ArrayList<>();
        for (int row = 0; row < rows.size(); row++) {
            int[] ids = rows.get(row);
            int promptLength = promptLengths.get(row);
            for (int i = promptLength; i < ids.length; i++) {
                places.add(padded.place(row, i - 1));
                targets.add(ids[i]);
            }
            lengths.add(ids.length - promptLength);
        }
        return new AnswerRows(
                padded, places.build().toArray(), Tensor.of(targets.build().toArray()), List.copyOf(lengths));
    }

    /** The states {@code [tokens, width]} that the answers' tokens are predicted from, with their graph where gradients are recorded. */
    public Tensor hidden(Transformer model, DType compute) {
        return padded.hidden(model, places, compute);
    }

    /** A number a token, cut into answers. */
    public List<float[]> cut(Tensor tokens) {
        float[] all = tokens.toFloats();
        List<float[]> answers = new ArrayList<>();
        int from = 0;
        for (int length : lengths) {
            answers.add(Arrays.copyOfRange(all, from, from + length));
            from += length;
        }
        return answers;
    }

    /** A number a token, summed up by answer: {@code [answers]}, with its graph where gradients are recorded. */
    public Tensor sums(Tensor tokens) {
        long[] sizes = lengths.stream().mapToLong(Integer::longValue).toArray();
        return Tensor.cat(
                tokens.split(0, sizes).stream()
                        .map(answer -> answer.sum().reshape(1))
                        .toList(),
                0);
    }
}
