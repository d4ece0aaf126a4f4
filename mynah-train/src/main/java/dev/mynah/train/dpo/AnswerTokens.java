package dev.mynah.train.dpo;

import dev.mynah.model.Transformer;
import dev.mynah.tensor.DType;
import dev.mynah.tensor.Tensor;
import dev.mynah.train.chat.EncodedRanking;
import dev.mynah.train.chat.PaddedRows;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/**
 * The tokens of all answers to some prompts, one after the other, as a model predicts them.
 *
 * @param hidden the states that predict them, {@code [tokens, width]}, with their graph where gradients are recorded
 * @param targets I64 {@code [tokens]}
 * @param lengths tokens of each answer, in the order of the prompts and of their answers
 */
record AnswerTokens(Tensor hidden, Tensor targets, List<Integer> lengths) {

    static AnswerTokens of(Transformer model, List<EncodedRanking> prompts, int padId, DType compute) {
        List<int[]> rows =
                prompts.stream().flatMap(prompt -> prompt.rows().stream()).toList();
        PaddedRows padded = PaddedRows.of(rows, padId);
        LongStream.Builder places = LongStream.builder();
        LongStream.Builder targets = LongStream.builder();
        List<Integer> lengths = new ArrayList<>();
        int row = 0;
        for (EncodedRanking prompt : prompts) {
            for (int[] ids : prompt.rows()) {
                for (int i = prompt.promptLength(); i < ids.length; i++) {
                    places.add(padded.place(row, i - 1));
                    targets.add(ids[i]);
                }
                lengths.add(ids.length - prompt.promptLength());
                row++;
            }
        }
        return new AnswerTokens(
                padded.hidden(model, places.build().toArray(), compute),
                Tensor.of(targets.build().toArray()).to(model.device()),
                lengths);
    }

    /** Sums {@code [answers]} of {@code [tokens]}. */
    Tensor sums(Tensor tokens) {
        long[] sizes = lengths.stream().mapToLong(Integer::longValue).toArray();
        return Tensor.cat(
                tokens.split(0, sizes).stream()
                        .map(answer -> answer.sum().reshape(1))
                        .toList(),
                0);
    }
}
