package dev.mynah.train.ppo;

import dev.mynah.tensor.Tensor;
import dev.mynah.train.Ranks;
import dev.mynah.train.chat.AnswerRows;
import dev.mynah.train.config.PpoConfig;
import dev.mynah.train.config.PpoConfig.PpoSection;
import dev.mynah.train.loop.Optimizer;
import dev.mynah.train.objective.PpoLoss;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The value model and how it learns what answers turned out to be worth. */
final class ValueLearning {

    private static final String VALUE = "value";
    private static final String OPTIMIZER = "value-optimizer.safetensors";

    private final PpoSection ppo;
    private final Policy policy;
    private final ValueModel model;
    private final Optimizer optimizer;

    private ValueLearning(PpoSection ppo, Policy policy, ValueModel model, Optimizer optimizer) {
        this.ppo = ppo;
        this.policy = policy;
        this.model = model;
        this.optimizer = optimizer;
    }

    static ValueLearning create(PpoConfig config, Policy policy, Ranks ranks) throws IOException {
        ValueModel model = ValueModel.create(policy.base(), config.ppo().reward(), policy.device(), config.seed());
        return new ValueLearning(config.ppo(), policy, model, new Optimizer(model.parameters(), config.train(), ranks));
    }

    /** F32 {@code [tokens]}, with its graph where gradients are recorded. */
    Tensor values(AnswerRows rows) {
        return model.values(rows, policy.compute());
    }

    void clearGradients() {
        optimizer.clearGradients();
    }

    /** Adds the gradients of some answers of a minibatch with {@code tokens} tokens; returns the sum of their losses. */
    double backward(List<Experience> answers, AnswerRows rows, double tokens) {
        Tensor old = policy.joined(answers.stream().map(Experience::values).toList());
        Tensor returns =
                policy.joinedDoubles(answers.stream().map(Experience::returns).toList());
        Tensor loss = PpoLoss.value(values(rows), old, returns, ppo.valueClip()).sum();
        loss.mul(1 / tokens).backward();
        return loss.item();
    }

    double gatherGradients() {
        return optimizer.gatherGradients();
    }

    void step(int step) {
        optimizer.step(step, ppo.valueRate());
    }

    void save(Path folder) throws IOException {
        model.save(folder.resolve(VALUE), policy.base());
        optimizer.save(folder.resolve(OPTIMIZER));
    }

    void restore(Path folder) throws IOException {
        model.restore(folder.resolve(VALUE));
        optimizer.restore(folder.resolve(OPTIMIZER));
    }
}
