package dev.mynah.train.ppo;

import dev.mynah.tensor.Autograd;
import dev.mynah.tensor.Scope;
import dev.mynah.tensor.Tensor;
import dev.mynah.train.Ranks;
import dev.mynah.train.RunOptions;
import dev.mynah.train.TrainingStoppedException;
import dev.mynah.train.chat.AnswerRows;
import dev.mynah.train.config.PpoConfig;
import dev.mynah.train.config.PpoConfig.PpoSection;
import dev.mynah.train.loop.Optimizer;
import dev.mynah.train.loop.StageRun;
import dev.mynah.train.objective.Kl;
import dev.mynah.train.objective.PpoLoss;
import dev.mynah.train.objective.TokenObjective;
import dev.mynah.train.run.Monitor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * Proximal policy optimisation (Schulman et al. 2017), the third step of InstructGPT (Ouyang et al. 2022): the policy learns to write more of what was worth more than its value model expected, while
 * each nat by which it leaves the model that it began as has its price.
 */
public final class Ppo implements Learner {

    private static final String POLICY_OPTIMIZER = "optimizer.safetensors";
    private static final String PENALTY = "kl.json";

    private final PpoSection ppo;
    private final Policy policy;
    private final ValueLearning values;
    private final Optimizer optimizer;
    private final Improvement improvement;

    private Kl.Controller penalty;

    /**
     * Trains, or goes on training, until the last step.
     *
     * @param ranks this process alone
     * @throws IllegalArgumentException for a configuration, prompts, a model or a checkpoint that do not fit, or several processes
     * @throws TrainingStoppedException if the loss is no number; the checkpoints stay
     */
    public static void run(PpoConfig config, RunOptions options, Ranks ranks, Monitor monitor) throws IOException {
        PolicyStage.requireAlone("ppo", ranks);
        StageRun.of(config.train(), options, ranks, () -> {
            Policy policy = new Policy(config, options, monitor);
            Judge judge = Scores.open(policy, options.datasets());
            Ppo ppo = new Ppo(config, policy, options, ranks, monitor);
            new PolicyStage("ppo", policy, judge, ppo, options, monitor).train(options.resume());
        });
    }

    private Ppo(PpoConfig config, Policy policy, RunOptions options, Ranks ranks, Monitor monitor) throws IOException {
        this.ppo = config.ppo();
        this.policy = policy;
        this.values = ValueLearning.create(config, policy, ranks);
        this.optimizer = new Optimizer(policy.model().parameters(), config.train(), ranks);
        MixedIn mix = MixedIn.read(policy, options.datasets(), monitor);
        this.improvement = new Improvement(policy, new Objective(ppo.clip()), optimizer, values, mix);
        Double target = ppo.klTarget();
        this.penalty = new Kl.Controller(
                ppo.klCoefficient(), target == null ? Double.POSITIVE_INFINITY : target, ppo.klHorizon());
    }

    /** The clipped loss, of which every token of a minibatch has the same part. */
    private record Objective(double clip) implements TokenObjective {
        @Override
        public Tensor losses(Tensor logProbs, Tensor oldLogProbs, Tensor referenceLogProbs, Tensor advantages) {
            return PpoLoss.policy(logProbs, oldLogProbs, advantages, clip);
        }

        @Override
        public double weight(int length, double tokens, int answers) {
            return 1 / tokens;
        }
    }

    @Override
    public int answersPerPrompt() {
        return 1;
    }

    @Override
    public double klCoefficient() {
        return penalty.coefficient();
    }

    @Override
    public Improvement.Outcome learn(int step, List<Judged> answers) {
        Improvement.Outcome outcome = improvement.learn(step, Experience.whitened(experience(answers)));
        if (ppo.klTarget() != null) {
            penalty = penalty.after(PolicyMetrics.mean(answers, Judged::kl), answers.size());
        }
        return outcome;
    }

    /** What the value model makes of answers. */
    private List<Experience> experience(List<Judged> answers) {
        List<Rollout> rollouts = answers.stream().map(Judged::rollout).toList();
        Experience[] batch = new Experience[answers.size()];
        for (List<Integer> group : policy.groups(rollouts)) {
            try (Scope scope = Scope.open();
                    Autograd.Mode mode = Autograd.noGrad()) {
                AnswerRows rows = Rollout.answerRows(
                        group.stream().map(rollouts::get).toList(),
                        policy.base().padId());
                List<float[]> expected = rows.cut(values.values(rows));
                for (int i = 0; i < group.size(); i++) {
                    int answer = group.get(i);
                    batch[answer] = Experience.of(
                            answers.get(answer), expected.get(i), penalty.coefficient(), ppo.gamma(), ppo.lambda());
                }
            }
        }
        return List.of(batch);
    }

    @Override
    public void save(Path folder) throws IOException {
        values.save(folder);
        optimizer.save(folder.resolve(POLICY_OPTIMIZER));
        Files.writeString(
                folder.resolve(PENALTY),
                JsonMapper.shared().writeValueAsString(Map.of("coefficient", penalty.coefficient())));
    }

    @Override
    public void restore(Path folder) throws IOException {
        values.restore(folder);
        optimizer.restore(folder.resolve(POLICY_OPTIMIZER));
        double coefficient = JsonMapper.shared()
                .readTree(Files.readString(folder.resolve(PENALTY)))
                .path("coefficient")
                .asDouble();
        penalty = new Kl.Controller(coefficient, penalty.target(), penalty.horizon());
    }
}
