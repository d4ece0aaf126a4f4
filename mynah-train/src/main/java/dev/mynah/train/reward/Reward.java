package dev.mynah.train.reward;

import dev.mynah.data.Ranking;
import dev.mynah.files.DurableFiles;
import dev.mynah.model.ScalarModel;
import dev.mynah.tensor.Autograd;
import dev.mynah.tensor.DType;
import dev.mynah.tensor.Device;
import dev.mynah.tensor.Generator;
import dev.mynah.tensor.Scope;
import dev.mynah.tensor.Tensor;
import dev.mynah.train.Datasets;
import dev.mynah.train.Ranks;
import dev.mynah.train.RunOptions;
import dev.mynah.train.TrainingStoppedException;
import dev.mynah.train.chat.ChatBase;
import dev.mynah.train.chat.ChatData;
import dev.mynah.train.chat.EncodedRanking;
import dev.mynah.train.config.RewardConfig;
import dev.mynah.train.config.TrainSection;
import dev.mynah.train.loop.BatchShare;
import dev.mynah.train.loop.Journal;
import dev.mynah.train.loop.Optimizer;
import dev.mynah.train.loop.RowOrder;
import dev.mynah.train.loop.StageCheckpoints;
import dev.mynah.train.loop.StageRun;
import dev.mynah.train.loop.TrainingLoop;
import dev.mynah.train.loop.TrainingState;
import dev.mynah.train.loop.Weights;
import dev.mynah.train.objective.RankingLoss;
import dev.mynah.train.run.Monitor;
import dev.mynah.train.run.RunFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * The reward model, second step of InstructGPT (Ouyang et al. 2022): a model that says, at the end of an answer, how much people like it. It learns from rankings; all answers to a prompt go
 * through the model together, and all pairs of them count as one example.
 *
 * <p>At the end a number is taken off, so that the best-ranked answers of the training data are worth zero on average.
 */
public final class Reward implements TrainingLoop.Stage {

    /** Reliability bins and the rest of the last evaluation, in the run's folder. */
    private static final String EVALUATION = "evaluation.json";

    private final RewardConfig config;
    private final TrainSection train;
    private final Device device;
    private final Ranks ranks;
    private final Datasets datasets;
    private final RunFiles files;
    private final Monitor monitor;
    private final BatchShare share;
    private final ChatBase base;
    private final ChatData.Splits<EncodedRanking> data;
    private final RowOrder order;
    private final DType compute;
    private final ScalarModel model;
    private final Optimizer optimizer;

    /**
     * Trains, or goes on training, until the last step.
     *
     * @param ranks the processes that train together; this one is closed by the caller
     * @throws IllegalArgumentException for a configuration, rankings, a model or a checkpoint that do not fit
     * @throws TrainingStoppedException if the loss is no number or has leapt up; the checkpoints stay
     */
    public static void run(RewardConfig config, RunOptions options, Ranks ranks, Monitor monitor) throws IOException {
        StageRun.of(
                config.train(),
                options,
                ranks,
                () -> new Reward(config, options, ranks, monitor).train(options.resume()));
    }

    private Reward(RewardConfig config, RunOptions options, Ranks ranks, Monitor monitor) throws IOException {
        this.config = config;
        this.train = config.train();
        this.device = options.device();
        this.ranks = ranks;
        this.datasets = options.datasets();
        this.files = new RunFiles(options.out());
        this.monitor = monitor;
        this.share = BatchShare.of(train, ranks);
        this.base = ChatBase.open(config.model(), config.seed());
        this.data = ChatData.rankings(
                config.data(), options.datasets(), base.format(), base.context(), config.seed(), monitor);
        this.order = new RowOrder(data.train().size(), config.seed());
        this.compute = train.compute();
        this.model = ScalarModel.on(base.load(device, DType.F32), new Generator(config.seed()));
        model.parameters().values().forEach(parameter -> parameter.requiresGrad(true));
        this.optimizer = new Optimizer(model.parameters(), train, ranks);
    }

    private void train(boolean resume) throws IOException {
        TrainingLoop loop = new TrainingLoop(this, optimizer, train, ranks, files, monitor);
        TrainingState state = loop.start(resume);
        Journal.keep(subject(), files, ranks.isFirst(), state.step(), monitor, journal -> {
            monitor.notice("%,d rankings with %,d pairs, %,d held out, %.1f epochs"
                    .formatted(
                            data.train().size(),
                            pairs(data.train()),
                            data.validation().size(),
                            (double) train.steps()
                                    * train.batch()
                                    / data.train().size()));
            loop.run(state, journal);
            if (ranks.isFirst()) {
                ScalarModel normalised = model.withOffset(meanOfBest());
                save(normalised, files.model());
                monitor.notice("The best-ranked answers were worth %.4f on average, which is taken off all rewards"
                        .formatted(normalised.offset()));
                journal.finished();
            }
            ranks.barrier();
        });
    }

    @Override
    public double backward(int step) {
        double loss = 0;
        for (int done = 0; done < share.rows(); done += share.microBatch()) {
            try (Scope scope = Scope.open()) {
                List<EncodedRanking> prompts = new ArrayList<>();
                for (int row : order.range(share.firstRow(step) + done, share.microBatch())) {
                    prompts.add(data.train().get(row));
                }
                Tensor sum = lossSum(prompts);
                sum.mul(1.0 / train.batch()).backward();
                loss += sum.item();
            }
        }
        return ranks.sum(loss) / train.batch();
    }

    private Tensor lossSum(List<EncodedRanking> prompts) {
        List<int[]> rows =
                prompts.stream().flatMap(prompt -> prompt.rows().stream()).toList();
        Tensor rewards = AnswerRewards.of(model, rows, base.padId(), compute);
        Tensor sum = Tensor.zeros(DType.F32, device);
        long from = 0;
        for (EncodedRanking prompt : prompts) {
            int answers = prompt.rows().size();
            sum = sum.add(RankingLoss.of(
                    rewards.narrow(0, from, answers), prompt.ranking().pairs()));
            from += answers;
        }
        return sum;
    }

    /** Evaluates the held-out rankings: on the way as many as {@code train.eval_tokens} allows, at the end all. */
    @Override
    public void look(int step, Journal journal) throws IOException {
        if (data.validation().isEmpty() || !train.isDue(step, train.evalEvery())) {
            return;
        }
        List<Double> margins = new ArrayList<>();
        List<Double> lengths = new ArrayList<>();
        List<EncodedRanking> looked = step < train.steps()
                ? EncodedRanking.sample(data.validation(), train.evalTokens(), config.seed())
                : data.validation();
        for (EncodedRanking ranking : looked) {
            double[] rewards = rewards(ranking.rows());
            for (Ranking.Pair pair : ranking.ranking().pairs()) {
                margins.add(rewards[pair.better()] - rewards[pair.worse()]);
                lengths.add((double) ranking.answerLength(pair.better()) - ranking.answerLength(pair.worse()));
            }
        }
        PairStatistics statistics = PairStatistics.of(array(margins), array(lengths));
        RewardMetrics metrics = RewardMetrics.of(step, statistics);
        journal.measured(
                metrics,
                Map.of(
                        "validation/loss", metrics.valLoss(),
                        "validation/pair_accuracy", metrics.pairAccuracy(),
                        "validation/calibration_error", metrics.calibrationError(),
                        "validation/length_correlation", metrics.lengthCorrelation()),
                metrics.sentence());
        DurableFiles.write(
                files.folder().resolve(EVALUATION),
                JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(statistics) + "\n");
    }

    private static double[] array(List<Double> numbers) {
        return numbers.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private double[] rewards(List<int[]> rows) {
        try (Scope scope = Scope.open();
                Autograd.Mode mode = Autograd.noGrad()) {
            float[] rewards =
                    AnswerRewards.of(model, rows, base.padId(), compute).toFloats();
            double[] numbers = new double[rewards.length];
            Arrays.setAll(numbers, i -> rewards[i]);
            return numbers;
        }
    }

    /** The mean reward of the answers that people ranked first, over as many training rankings as {@code train.eval_tokens} allows. */
    private double meanOfBest() {
        double sum = 0;
        int count = 0;
        for (EncodedRanking ranking : EncodedRanking.sample(data.train(), train.evalTokens(), config.seed())) {
            List<Integer> given = ranking.ranking().ranks();
            int best = given.indexOf(given.stream().min(Integer::compare).orElseThrow());
            sum += rewards(List.of(ranking.rows().get(best)))[0];
            count++;
        }
        return sum / count;
    }

    /** That of guessing: with few pairs in a step, smaller ones leap to a multiple of themselves. */
    @Override
    public double calmLoss() {
        return Math.log(2);
    }

    @Override
    public void save(Path folder) throws IOException {
        save(model, folder.resolve(StageCheckpoints.MODEL));
    }

    @Override
    public void restore(Path folder) throws IOException {
        Weights.restore(model, folder.resolve(StageCheckpoints.MODEL));
    }

    private void save(ScalarModel scalar, Path folder) throws IOException {
        scalar.save(folder, base.generation(), base.padId());
        base.tokenizer().save(folder);
    }

    private Journal.Subject subject() {
        return new Journal.Subject(
                "reward",
                config,
                datasets,
                train,
                device,
                ranks.size(),
                base.shape().parameterCount(),
                base.shape().flopsPerToken(base.context()),
                List.of(data.described(
                        config.data(), EncodedRanking.tokens(data.train()), EncodedRanking.tokens(data.validation()))));
    }

    @Override
    public long tokens(int step) {
        return Arrays.stream(order.range((long) (step - 1) * train.batch(), train.batch()))
                .mapToLong(row -> data.train().get(row).tokens())
                .sum();
    }

    private static long pairs(List<EncodedRanking> rankings) {
        return rankings.stream()
                .mapToLong(ranking -> ranking.ranking().pairs().size())
                .sum();
    }
}
