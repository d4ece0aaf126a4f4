package dev.mynah.train.ppo;

import dev.mynah.data.Message;
import dev.mynah.train.Datasets;
import dev.mynah.train.Ranks;
import dev.mynah.train.RunOptions;
import dev.mynah.train.chat.ChatBase;
import dev.mynah.train.chat.EncodedPrompt;
import dev.mynah.train.config.PolicyConfig;
import dev.mynah.train.config.TrainSection;
import dev.mynah.train.loop.Journal;
import dev.mynah.train.loop.SpikeDetector;
import dev.mynah.train.loop.StageCheckpoints;
import dev.mynah.train.loop.Throughput;
import dev.mynah.train.loop.TrainingState;
import dev.mynah.train.run.Monitor;
import dev.mynah.train.run.RunFiles;
import dev.mynah.train.run.Sample;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The loop that PPO, GRPO and TAMER share: the policy answers a batch of prompts, by the engine over the weights as they are; a judge says what the answers are worth; the learner changes the policy.
 * What is logged, evaluated and kept in checkpoints is the same.
 */
final class PolicyStage implements StageCheckpoints.Contents {

    private final String name;
    private final PolicyConfig config;
    private final TrainSection train;
    private final Datasets datasets;
    private final RunFiles files;
    private final Monitor monitor;
    private final Policy policy;
    private final Judge judge;
    private final Learner learner;
    private final StageCheckpoints checkpoints;

    /** @param name of the stage */
    PolicyStage(String name, Policy policy, Judge judge, Learner learner, RunOptions options, Monitor monitor)
            throws IOException {
        this.name = name;
        this.config = policy.config();
        this.train = config.train();
        this.datasets = options.datasets();
        this.files = new RunFiles(options.out());
        this.monitor = monitor;
        this.policy = policy;
        this.judge = judge;
        this.learner = learner;
        this.checkpoints = new StageCheckpoints(files, train, this, monitor);
    }

    /** @throws IllegalArgumentException for several processes */
    static void requireAlone(String name, Ranks ranks) {
        if (ranks.size() > 1) {
            throw new IllegalArgumentException(name + " runs in one process; start it without launch");
        }
    }

    void train(boolean resume) throws IOException {
        TrainingState state = resume ? checkpoints.resume(train.steps()) : TrainingState.START;
        Journal.keep(subject(), files, true, state.step(), monitor, journal -> {
            int prompts = policy.data().train().size();
            monitor.notice("%,d prompts, %,d held out, %.1f epochs"
                    .formatted(
                            prompts,
                            policy.data().validation().size(),
                            (double) train.steps() * train.batch() / learner.answersPerPrompt() / prompts));
            loop(state, journal);
            policy.trained().save(files.model());
            journal.finished();
        });
    }

    private void loop(TrainingState start, Journal journal) throws IOException {
        SpikeDetector detector = SpikeDetector.fresh(0, train.spikeWindow());
        Throughput throughput = Throughput.since(start);
        FailureModes failureModes = FailureModes.read(files.metrics());
        for (int step = start.step() + 1; step <= train.steps(); step++) {
            long began = System.nanoTime();
            List<Rollout> answers = policy.answer(step, learner.answersPerPrompt());
            long answered = System.nanoTime();
            List<Judged> batch = policy.judged(step, answers, judge);
            double price = learner.klCoefficient();
            Improvement.Outcome outcome = learner.learn(step, batch);
            String problem = detector.problem(step, outcome.loss(), outcome.gradNorm());
            if (problem != null) {
                throw journal.stopped(problem, checkpoints.latestValid());
            }
            double share = (double) (answered - began) / (System.nanoTime() - began);
            PolicyMetrics metrics = PolicyMetrics.of(step, batch, price, outcome, share);
            throughput.add(
                    answers.stream().mapToLong(answer -> answer.row().length).sum());
            journal.step(step, outcome.loss(), outcome.learningRate(), outcome.gradNorm(), throughput);
            journal.measured(metrics, metrics.curves(), metrics.sentence());
            for (String failure : failureModes.after(metrics)) {
                monitor.notice("Step " + step + ", " + failure);
            }

            if (isEvaluated() && train.isDue(step, train.evalEvery())) {
                evaluate(step, journal);
            }
            if (step == train.steps() || train.isDue(step, train.checkpointEvery())) {
                checkpoints.save(new TrainingState(step, throughput.tokens(), throughput.seconds(), List.of()));
                journal.checkpointed();
            }
            throughput.skipPause();
        }
    }

    private boolean isEvaluated() {
        return policy.section().evalPrompts() > 0 && !policy.data().validation().isEmpty();
    }

    /** Answers held-out prompts and keeps what was written. */
    private void evaluate(int step, Journal journal) throws IOException {
        List<Judged> answers = policy.judged(0, policy.answerHeldOut(), judge);
        PolicyEvaluation evaluation = PolicyEvaluation.of(step, answers);
        journal.measured(evaluation, evaluation.curves(), evaluation.sentence());
        for (Judged answer : answers) {
            String asked =
                    answer.rollout().messages().stream().map(Message::content).collect(Collectors.joining("\n"));
            journal.sample(new Sample(step, asked + "\n", answer.rollout().text()));
        }
    }

    @Override
    public void save(Path folder) throws IOException {
        policy.trained().save(folder.resolve(StageCheckpoints.MODEL));
        learner.save(folder);
    }

    @Override
    public void restore(Path folder) throws IOException {
        policy.trained().restore(folder.resolve(StageCheckpoints.MODEL));
        learner.restore(folder);
    }

    private Journal.Subject subject() {
        ChatBase base = policy.base();
        return new Journal.Subject(
                name,
                (Record) config,
                datasets,
                train,
                policy.device(),
                1,
                base.shape().parameterCount(),
                base.shape().flopsPerToken(base.context()),
                List.of(policy.data()
                        .described(
                                config.data(),
                                tokens(policy.data().train()),
                                tokens(policy.data().validation()))));
    }

    private static long tokens(List<EncodedPrompt> prompts) {
        return prompts.stream().mapToLong(prompt -> prompt.ids().length).sum();
    }
}
