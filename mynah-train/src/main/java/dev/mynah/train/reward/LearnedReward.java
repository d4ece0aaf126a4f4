package dev.mynah.train.reward;

import dev.mynah.model.ScalarModel;
import dev.mynah.tensor.Autograd;
import dev.mynah.tensor.DType;
import dev.mynah.tensor.Device;
import dev.mynah.tensor.Scope;
import dev.mynah.text.Tokenizer;
import dev.mynah.text.Tokenizers;
import dev.mynah.train.chat.ChatFormat;
import dev.mynah.train.chat.PaddedRows;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** The reward that a reward model has learned. Used by the thread that opened it. */
public final class LearnedReward implements RewardFunction {

    private static final int ANSWERS_AT_ONCE = 32;

    private final ScalarModel model;
    private final Tokenizer tokenizer;
    private final ChatFormat format;
    private final DType compute;

    private LearnedReward(ScalarModel model, Tokenizer tokenizer, DType compute) {
        this.model = model;
        this.tokenizer = tokenizer;
        this.format = new ChatFormat(tokenizer);
        this.compute = compute;
    }

    /**
     * Loads the {@code model} folder of a reward run; its memory belongs to the open scope.
     *
     * @throws IllegalArgumentException if it is damaged or no reward model
     */
    public static LearnedReward open(Path folder, Device device, DType compute) throws IOException {
        return new LearnedReward(ScalarModel.load(folder, device, compute), Tokenizers.load(folder), compute);
    }

    /** How the model cuts text: rewards of another model's tokens would mean nothing. */
    public Tokenizer tokenizer() {
        return tokenizer;
    }

    /** The most tokens that it reads. */
    public int context() {
        return model.backbone().config().context();
    }

    @Override
    public double[] rewards(List<Answer> answers) {
        List<int[]> rows = answers.stream()
                .map(answer -> fitted(format.joined(format.prompt(answer.prompt()), answer.text())))
                .toList();
        double[] rewards = new double[rows.size()];
        int[] lengths = rows.stream().mapToInt(row -> row.length).toArray();
        for (List<Integer> group : PaddedRows.groups(lengths, ANSWERS_AT_ONCE)) {
            try (Scope scope = Scope.open();
                    Autograd.Mode mode = Autograd.noGrad()) {
                List<int[]> some = group.stream().map(rows::get).toList();
                float[] numbers =
                        AnswerRewards.of(model, some, format.endId(), compute).toFloats();
                for (int i = 0; i < numbers.length; i++) {
                    rewards[group.get(i)] = numbers[i];
                }
            }
        }
        return rewards;
    }

    /** An answer may take more tokens than it was written with; what the context does not hold of it is left out before its end. */
    private int[] fitted(int[] row) {
        if (row.length <= context()) {
            return row;
        }
        int[] cut = Arrays.copyOf(row, context());
        cut[context() - 1] = format.endId();
        return cut;
    }
}
