package dev.mynah.train.ppo;

import dev.mynah.model.ScalarModel;
import dev.mynah.tensor.DType;
import dev.mynah.tensor.Device;
import dev.mynah.tensor.Generator;
import dev.mynah.tensor.Tensor;
import dev.mynah.train.chat.AnswerRows;
import dev.mynah.train.chat.ChatBase;
import dev.mynah.train.config.PolicySection.Learned;
import dev.mynah.train.loop.Weights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** What a policy's answer is expected to be worth at each of its tokens: a network of its own, in fp32, that begins as the reward model, or else as the policy with a new head. */
record ValueModel(ScalarModel model) {

    static ValueModel create(ChatBase base, @Nullable Learned reward, Device device, long seed) throws IOException {
        ScalarModel model = reward == null
                ? ScalarModel.on(base.load(device, DType.F32), new Generator(seed))
                : ScalarModel.load(reward.path(), device, DType.F32);
        model.parameters().values().forEach(parameter -> parameter.requiresGrad(true));
        return new ValueModel(model);
    }

    /** F32 {@code [tokens]}, with its graph where gradients are recorded. */
    Tensor values(AnswerRows rows, DType compute) {
        return model.values(rows.hidden(model.backbone(), compute));
    }

    SequencedMap<String, Tensor> parameters() {
        return model.parameters();
    }

    void save(Path folder, ChatBase base) throws IOException {
        model.save(folder, base.generation(), base.padId());
    }

    /**
     * Takes the weights from a folder that {@link #save} wrote.
     *
     * @throws IllegalArgumentException if it is damaged or of a model of another shape
     */
    void restore(Path folder) throws IOException {
        Weights.restore(model, folder);
    }
}
