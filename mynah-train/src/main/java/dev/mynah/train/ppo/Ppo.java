package dev.mynah.train.ppo;

import dev.mynah.data.Message;
import dev.mynah.model.Transformer;
import dev.mynah.tensor.Autograd;
import dev.mynah.tensor.DType;
import dev.mynah.tensor.Device;
import dev.mynah.tensor.Scope;
import dev.mynah.tensor.Tensor;
import dev.mynah.train.Ranks;
import dev.mynah.train.RunOptions;
import dev.mynah.train.TrainingStoppedException;
import dev.mynah.train.chat.ChatBase;
import dev.mynah.train.chat.ChatData;
import dev.mynah.train.chat.EncodedPrompt;
import dev.mynah.train.config.Config;
import dev.mynah.train.config.PpoConfig;
import dev.mynah.train.config.PpoConfig.PpoSection;
import dev.mynah.train.config.TrainSection;
import dev.mynah.train.loop.Journal;
import dev.mynah.train.loop.Optimizer;
import dev.mynah.train.loop.RowOrder;
import dev.mynah.train.loop.SpikeDetector;
import dev.mynah.train.loop.StageRun;
import dev.mynah.train.loop.Throughput;
import dev.mynah.train.loop.TrainedModel;
import dev.mynah.train.loop.TrainingState;
import dev.mynah.train.objective.Kl;
import dev.mynah.train.objective.TokenLogProbs;
import dev.mynah.train.run.Checkpoints;
import dev.mynah.train.run.Monitor;
import dev.mynah.train.run.RunFiles;
import dev.mynah.train.run.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/**
 * Proximal policy optimisation (Schulman et al. 2017), the third step of InstructGPT (Ouyang et al. 2022): the policy answers prompts, its answers are rewarded, and it learns to write more of what
 * was worth more than expected, while each nat by which it leaves the model that it began as has its price.
 *
 * <p>A step is one batch of answers, written by the engine over the weights as they are. All log-probabilities, those of the policy that answered too, are computed by the same network at the
 * temperature that sampled, so that the first divergence is zero. Which prompts a step answers, and how, are functions of seed and step.
 */
public final class Ppo {

    private static final String POLICY = "model";
    private static final String VALUE = "value";
    private static final String POLICY_OPTIMIZER = "optimizer.safetensors";
    private static final String VALUE_OPTIMIZER = "value-optimizer.safetensors";
    private static final String STATE = "state.json";
    private static final String PENALTY = "kl.json";

    private final PpoConfig config;
    private final PpoSection ppo;
    private final TrainSection train;
    private final Device device;
    private final RunFiles files;
    private final Monitor monitor;
    private final ChatBase base;
    private final ChatData.Splits<EncodedPrompt> data;
    private final RowOrder order;
    private final DType compute;
    private final TrainedModel trained;
    private final Transformer reference;
    private final ValueModel values;
    private final Optimizer policyOptimizer;
    private final Optimizer valueOptimizer;
    private final Rollouts rollouts;
    private final Scores scores;
    private final Improvement improvement;
    private final Checkpoints checkpoints;

    private Kl.Controller penalty;

    /**
     * Trains, or goes on training, until the last step.
     *
     * @param ranks this process alone
     * @throws IllegalArgumentException for a configuration, prompts, a model or a checkpoint that do not fit, or several processes
     * @throws TrainingStoppedException if the loss is no number; the checkpoints stay
     */
    public static void run(PpoConfig config, RunOptions options, Ranks ranks, Monitor monitor) throws IOException {
        if (ranks.size() > 1) {
            throw new IllegalArgumentException("ppo runs in one process; start it without launch");
        }
        StageRun.of(
                config.train(), options, ranks, () -> new Ppo(config, options, ranks, monitor).train(options.resume()));
    }

    private Ppo(PpoConfig config, RunOptions options, Ranks ranks, Monitor monitor) throws IOException {
        this.config = config;
        this.ppo = config.ppo();
        this.train = config.train();
        this.device = options.device();
        this.files = new RunFiles(options.out());
        this.monitor = monitor;
        this.base = ChatBase.open(config.model(), config.seed());
        this.data = ChatData.prompts(
                config.data(), options.datasets(), base.format(), base.context(), config.seed(), monitor);
        this.order = new RowOrder(data.train().size(), config.seed());
        this.compute = train.compute();
        Transformer policy = base.load(device, DType.F32);
        policy.parameters().values().forEach(parameter -> parameter.requiresGrad(true));
        this.trained = new TrainedModel(policy, base.tokenizer(), base.generation());
        this.reference = base.load(device, DType.F32);
        this.values = ValueModel.create(base, ppo.reward(), device, config.seed());
        this.policyOptimizer = new Optimizer(policy.parameters(), train, ranks);
        this.valueOptimizer = new Optimizer(values.parameters(), train, ranks);
        this.rollouts = new Rollouts(
                policy,
                base.tokenizer(),
                Set.copyOf(base.generation().eosIds()),
                base.format().endId(),
                compute,
                base.context(),
                ppo.maxTokens(),
                ppo.temperature());
        this.scores = Scores.open(ppo, promptFiles(config, options), base, device, compute);
        MixedIn mix =
                ppo.mix() == null ? null : MixedIn.read(ppo.mix(), config, options.datasets(), base, policy, monitor);
        this.improvement = new Improvement(config, policy, values, policyOptimizer, valueOptimizer, mix, base.padId());
        this.checkpoints = Checkpoints.open(files.checkpoints(), train.keepCheckpoints(), monitor::notice);
        Double target = ppo.klTarget();
        this.penalty = new Kl.Controller(
                ppo.klCoefficient(), target == null ? Double.POSITIVE_INFINITY : target, ppo.klHorizon());
    }

    private static List<Path> promptFiles(PpoConfig config, RunOptions options) throws IOException {
        List<Path> paths = new ArrayList<>();
        for (String path : config.data().paths()) {
            options.datasets().resolve(path).forEach(source -> paths.add(Path.of(source.path())));
        }
        return paths;
    }

    private void train(boolean resume) throws IOException {
        TrainingState state = resume ? restored() : TrainingState.START;
        try (Journal journal = Journal.open(subject(), files, true, state.step(), monitor)) {
            monitor.notice("%,d prompts, %,d held out, %.1f epochs"
                    .formatted(
                            data.train().size(),
                            data.validation().size(),
                            (double) train.steps()
                                    * train.batch()
                                    / data.train().size()));
            loop(state, journal);
            trained.save(files.model());
            journal.finished();
        }
    }

    private void loop(TrainingState start, Journal journal) throws IOException {
        SpikeDetector detector = SpikeDetector.fresh(0, train.spikeWindow());
        Throughput throughput = Throughput.since(start);
        FailureModes failureModes = FailureModes.read(files.metrics());
        for (int step = start.step() + 1; step <= train.steps(); step++) {
            long began = System.nanoTime();
            List<Rollout> answers = rollouts.answer(prompts(step), config.seed() ^ ((long) step << 20));
            long answered = System.nanoTime();
            List<Experience> batch = experience(answers);
            Improvement.Outcome outcome = improvement.learn(step, batch);
            String problem = detector.problem(step, outcome.loss(), outcome.gradNorm());
            if (problem != null) {
                throw journal.stopped(problem, checkpoints.latestValid());
            }
            double share = (double) (answered - began) / (System.nanoTime() - began);
            PpoMetrics metrics = PpoMetrics.of(step, batch, penalty.coefficient(), outcome, share);
            if (ppo.klTarget() != null) {
                penalty = penalty.after(metrics.kl(), batch.size());
            }
            throughput.add(
                    answers.stream().mapToLong(answer -> answer.row().length).sum());
            journal.step(step, outcome.loss(), outcome.learningRate(), outcome.gradNorm(), throughput);
            journal.measured(metrics, metrics.curves(), metrics.sentence());
            for (String failure : failureModes.after(metrics)) {
                monitor.notice("Step " + step + ", " + failure);
            }

            if (!data.validation().isEmpty() && train.isDue(step, train.evalEvery())) {
                evaluate(step, journal);
            }
            if (step == train.steps() || train.isDue(step, train.checkpointEvery())) {
                save(new TrainingState(step, throughput.tokens(), throughput.seconds(), List.of()));
                journal.checkpointed();
            }
            throughput.skipPause();
        }
    }

    private List<EncodedPrompt> prompts(int step) {
        return Arrays.stream(order.range((long) (step - 1) * train.batch(), train.batch()))
                .mapToObj(data.train()::get)
                .toList();
    }

    /** What the policy, the reference, the value model and the rewards say of answers. */
    private List<Experience> experience(List<Rollout> answers) {
        Integer asked = train.microBatch();
        int microBatch = asked == null ? train.batch() / ppo.minibatches() : asked;
        List<Experience> batch = new ArrayList<>();
        for (int from = 0; from < answers.size(); from += microBatch) {
            List<Rollout> some = answers.subList(from, Math.min(from + microBatch, answers.size()));
            try (Scope scope = Scope.open();
                    Autograd.Mode mode = Autograd.noGrad()) {
                AnswerRows rows = AnswerRows.of(some, base.padId());
                List<float[]> policy = rows.cut(logProbs(trained.model(), rows));
                List<float[]> held = rows.cut(logProbs(reference, rows));
                List<float[]> expected = rows.cut(values.values(rows, compute));
                for (int i = 0; i < some.size(); i++) {
                    batch.add(Experience.of(
                            some.get(i),
                            scores.of(some.get(i)),
                            policy.get(i),
                            held.get(i),
                            expected.get(i),
                            penalty.coefficient(),
                            ppo.gamma(),
                            ppo.lambda()));
                }
            }
        }
        return batch;
    }

    private Tensor logProbs(Transformer model, AnswerRows rows) {
        return TokenLogProbs.of(
                model, rows.hidden(model, compute), rows.targets().to(device), ppo.temperature());
    }

    /** Answers held-out prompts, the same ones every time, and keeps what was written. */
    private void evaluate(int step, Journal journal) throws IOException {
        List<EncodedPrompt> held = data.validation()
                .subList(0, Math.min(ppo.evalPrompts(), data.validation().size()));
        List<Experience> answers = experience(rollouts.answer(held, config.seed()));
        PpoEvaluation evaluation = PpoEvaluation.of(step, answers);
        journal.measured(evaluation, evaluation.curves(), evaluation.sentence());
        for (Experience answer : answers) {
            String asked =
                    answer.rollout().messages().stream().map(Message::content).collect(Collectors.joining("\n"));
            journal.sample(new Sample(step, asked + "\n", answer.rollout().text()));
        }
    }

    private TrainingState restored() throws IOException {
        Optional<Checkpoints.Checkpoint> checkpoint = checkpoints.toResume(train.steps());
        if (checkpoint.isEmpty()) {
            return TrainingState.START;
        }
        Path folder = checkpoint.get().folder();
        trained.restore(folder.resolve(POLICY));
        values.restore(folder.resolve(VALUE));
        policyOptimizer.restore(folder.resolve(POLICY_OPTIMIZER));
        valueOptimizer.restore(folder.resolve(VALUE_OPTIMIZER));
        double coefficient = JsonMapper.shared()
                .readTree(Files.readString(folder.resolve(PENALTY)))
                .path("coefficient")
                .asDouble();
        penalty = new Kl.Controller(coefficient, penalty.target(), penalty.horizon());
        TrainingState state = TrainingState.read(folder.resolve(STATE));
        monitor.notice("Resuming after step " + state.step());
        return state;
    }

    private void save(TrainingState state) throws IOException {
        checkpoints.save(state.step(), folder -> {
            trained.save(folder.resolve(POLICY));
            values.save(folder.resolve(VALUE), base);
            policyOptimizer.save(folder.resolve(POLICY_OPTIMIZER));
            valueOptimizer.save(folder.resolve(VALUE_OPTIMIZER));
            Files.writeString(
                    folder.resolve(PENALTY),
                    JsonMapper.shared().writeValueAsString(Map.of("coefficient", penalty.coefficient())));
            state.save(folder.resolve(STATE));
        });
    }

    private Journal.Subject subject() {
        return new Journal.Subject(
                "ppo",
                Config.toYaml(config),
                train,
                device,
                1,
                base.shape().parameterCount(),
                base.shape().flopsPerToken(base.context()),
                List.of(data.described(config.data(), tokens(data.train()), tokens(data.validation()))));
    }

    private static long tokens(List<EncodedPrompt> prompts) {
        return prompts.stream().mapToLong(prompt -> prompt.ids().length).sum();
    }
}
