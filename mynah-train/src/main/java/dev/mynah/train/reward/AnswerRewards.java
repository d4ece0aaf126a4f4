package dev.mynah.train.reward;

import dev.mynah.model.ScalarModel;
import dev.mynah.tensor.DType;
import dev.mynah.tensor.Device;
import dev.mynah.tensor.Tensor;
import java.util.List;

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
        int longest = rows.stream().mapToInt(row -> row.length).max().orElse(1);
        long[] ids = new long[rows.size() * longest];
        long[] ends = new long[rows.size()];
        for (int r = 0; r < ends.length; r++) {
            int[] row = rows.get(r);
            for (int i = 0; i < longest; i++) {
                ids[r * longest + i] = i < row.length ? row[i] : padId;
            }
            ends[r] = (long) r * longest + row.length - 1;
        }
        Device device = model.backbone().device();
        Tensor hidden =
                model.backbone().hidden(Tensor.of(ids, rows.size(), longest).to(device), compute);
        return model.values(hidden.reshape(-1, hidden.size(-1))
                .indexSelect(0, Tensor.of(ends).to(device)));
    }
}
