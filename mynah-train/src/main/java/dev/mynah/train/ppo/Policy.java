package dev.mynah.train.ppo;

import dev.mynah.model.SamplingDefaults;
import dev.mynah.model.Transformer;
import dev.mynah.tensor.Autograd;
import dev.mynah.tensor.DType;
import dev.mynah.tensor.Device;
import dev.mynah.tensor.Scope;
import dev.mynah.tensor.Tensor;
import dev.mynah.train.RunOptions;
import dev.mynah.train.chat.AnswerRows;
import dev.mynah.train.chat.ChatBase;
import dev.mynah.train.chat.ChatData;
import dev.mynah.train.chat.EncodedPrompt;
import dev.mynah.train.chat.PaddedRows;
import dev.mynah.train.config.PolicyConfig;
import dev.mynah.train.config.PolicySection;
import dev.mynah.train.loop.RowOrder;
import dev.mynah.train.loop.TrainedModel;
import dev.mynah.train.objective.TokenLogProbs;
import dev.mynah.train.ppo.Scores.Score;
import dev.mynah.train.run.Monitor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A policy with the prompts that it answers and the model that it began as.
 *
 * <p>All log-probabilities, those of the policy that answered too, are computed by the training network at the temperature that sampled, so that the first divergence is zero. Which prompts a step
 * answers, and how, are functions of seed and step.
 */
final class Policy {

    private final PolicyConfig config;
    private final Device device;
    private final ChatBase base;
    private final ChatData.Splits<EncodedPrompt> data;
    private final RowOrder order;
    private final TrainedModel trained;
    private final Transformer reference;
    private final Rollouts rollouts;

    /** Loads the model twice and reads the prompts; the memory belongs to the open scope. */
    Policy(PolicyConfig config, RunOptions options, Monitor monitor) throws IOException {
        this.config = config;
        this.device = options.device();
        this.base = ChatBase.open(config.model(), config.seed());
        this.data = ChatData.prompts(
                config.data(), options.datasets(), base.format(), base.context(), config.seed(), monitor);
        this.order = new RowOrder(data.train().size(), config.seed());
        Transformer model = base.load(device, DType.F32);
        model.parameters().values().forEach(parameter -> parameter.requiresGrad(true));
        SamplingDefaults sampling = SamplingDefaults.at(section().temperature());
        this.trained =
                new TrainedModel(model, base.tokenizer(), base.generation().withSampling(sampling));
        this.reference = base.load(device, DType.F32);
        this.rollouts = new Rollouts(
                model,
                base.tokenizer(),
                Set.copyOf(base.generation().eosIds()),
                base.format().endId(),
                compute(),
                base.context(),
                section().maxTokens(),
                section().temperature());
    }

    PolicyConfig config() {
        return config;
    }

    PolicySection section() {
        return config.policy();
    }

    Device device() {
        return device;
    }

    ChatBase base() {
        return base;
    }

    ChatData.Splits<EncodedPrompt> data() {
        return data;
    }

    TrainedModel trained() {
        return trained;
    }

    Transformer model() {
        return trained.model();
    }

    /** Element type of the computation. */
    DType compute() {
        return config.train().compute();
    }

    /** Answers in one pass. */
    int microBatch() {
        Integer asked = config.train().microBatch();
        return asked == null ? config.train().batch() / section().minibatches() : asked;
    }

    /** The answers of a step, those to one prompt one after the other. */
    List<Rollout> answer(int step, int answersPerPrompt) throws IOException {
        int count = config.train().batch() / answersPerPrompt;
        List<EncodedPrompt> prompts = new ArrayList<>();
        for (int row : order.range((long) (step - 1) * count, count)) {
            for (int k = 0; k < answersPerPrompt; k++) {
                prompts.add(data.train().get(row));
            }
        }
        return rollouts.answer(prompts, config.seed() ^ ((long) step << 20));
    }

    /** The answers to held-out prompts, the same ones every time. */
    List<Rollout> answerHeldOut() throws IOException {
        int count = Math.min(section().evalPrompts(), data.validation().size());
        return rollouts.answer(data.validation().subList(0, count), config.seed());
    }

    /** What the policy, the reference and the judge say of answers. */
    List<Judged> judged(int step, List<Rollout> answers, Judge judge) throws IOException {
        List<Score> scores = judge.of(step, answers);
        Judged[] judged = new Judged[answers.size()];
        for (List<Integer> group : groups(answers)) {
            try (Scope scope = Scope.open();
                    Autograd.Mode mode = Autograd.noGrad()) {
                AnswerRows rows =
                        Rollout.answerRows(group.stream().map(answers::get).toList(), base.padId());
                List<float[]> now = rows.cut(logProbs(model(), rows));
                List<float[]> held = rows.cut(logProbs(reference, rows));
                for (int i = 0; i < group.size(); i++) {
                    int answer = group.get(i);
                    judged[answer] = new Judged(answers.get(answer), scores.get(answer), now.get(i), held.get(i));
                }
            }
        }
        return List.of(judged);
    }

    /** Which answers to compute in one pass. */
    List<List<Integer>> groups(List<Rollout> answers) {
        return PaddedRows.groups(answers.stream().mapToInt(a -> a.row().length).toArray(), microBatch());
    }

    private Tensor logProbs(Transformer model, AnswerRows rows) {
        return TokenLogProbs.of(
                model,
                rows.hidden(model, compute()),
                rows.targets().to(device),
                section().temperature());
    }

    /** F32 {@code [tokens]} of all answers, one after the other, where the policy computes. */
    Tensor joined(List<float[]> answers) {
        int tokens = answers.stream().mapToInt(answer -> answer.length).sum();
        float[] all = new float[tokens];
        int at = 0;
        for (float[] answer : answers) {
            System.arraycopy(answer, 0, all, at, answer.length);
            at += answer.length;
        }
        return Tensor.of(all).to(device);
    }

    /** As {@link #joined}. */
    Tensor joinedDoubles(List<double[]> answers) {
        return joined(answers.stream().map(Policy::floats).toList());
    }

    private static float[] floats(double[] numbers) {
        float[] floats = new float[numbers.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) numbers[i];
        }
        return floats;
    }
}
