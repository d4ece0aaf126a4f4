package dev.mynah.train.reward;

import dev.mynah.model.ScalarModel;
import dev.mynah.tensor.DType;
import dev.mynah.tensor.Tensor;
import dev.mynah.train.chat.PaddedRows;
import java.util.List;
import java.util.stream.IntStream;

/** Rewards of whole answers: what a model says at the token that ends them. */
final class AnswerRewards {

    private AnswerRewards() {}

    /**
     * One number for each row, F32 {@code [rows]}, with its graph where gradients are recorded.
     *
     * @param rows prompts with their answers, each to the end of the answer's turn; short ones are padded behind it, where causal attention cannot look
     * @param padId any token
     */
    static Tensor of(ScalarModel model, List<int[]> rows, int padId, DType compute) {
        PaddedRows padded = PaddedRows.of(rows, padId);
        long[] ends = IntStream.range(0, rows.size())
                .mapToLong(row -> padded.place(row, rows.get(row).length - 1))
                .toArray();
        return model.values(padded.hidden(model.backbone(), ends, compute));
    }
}
