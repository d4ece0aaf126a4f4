package dev.mynah.train.ppo;

import dev.mynah.model.Transformer;
import dev.mynah.tensor.DType;
import dev.mynah.tensor.Tensor;
import dev.mynah.train.chat.PaddedRows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Where the tokens of some answers stand in a rectangle of rows, one answer after the other.
 *
 * @param padded the rectangle
 * @param places in it of the tokens before each of the answers' tokens
 * @param targets the answers' tokens, I64 {@code [tokens]}
 * @param lengths tokens of each answer
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record AnswerRows(PaddedRows padded, long[] places, Tensor targets, List<Integer> lengths) {

    /** @param padId any token */
    public static AnswerRows of(List<Rollout> rollouts, int padId) {
        PaddedRows padded = PaddedRows.of(rollouts.stream().map(Rollout::row).toList(), padId);
        LongStream.Builder places = LongStream.builder();
        LongStream.Builder targets = LongStream.builder();
        for (int row = 0; row < rollouts.size(); row++) {
            int[] ids = rollouts.get(row).row();
            for (int i = rollouts.get(row).promptLength(); i < ids.length; i++) {
                places.add(padded.place(row, i - 1));
                targets.add(ids[i]);
            }
        }
        return new AnswerRows(
                padded,
                places.build().toArray(),
                Tensor.of(targets.build().toArray()),
                rollouts.stream().map(Rollout::length).toList());
    }

    /** The states {@code [tokens, width]} that the answers' tokens are predicted from, with their graph where gradients are recorded. */
    public Tensor hidden(Transformer model, DType compute) {
        return padded.hidden(model, places, compute);
    }

    /** A number a token, cut into answers. */
    List<float[]> cut(Tensor tokens) {
        float[] all = tokens.toFloats();
        List<float[]> answers = new ArrayList<>();
        int from = 0;
        for (int length : lengths) {
            answers.add(Arrays.copyOfRange(all, from, from + length));
            from += length;
        }
        return answers;
    }
}
