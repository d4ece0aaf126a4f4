package dev.mynah.train.dpo;

import dev.mynah.data.Ranking;
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
import dev.mynah.train.chat.AnswerRows;
import dev.mynah.train.chat.ChatBase;
import dev.mynah.train.chat.ChatData;
import dev.mynah.train.chat.EncodedRanking;
import dev.mynah.train.chat.Tuning;
import dev.mynah.train.config.DpoConfig;
import dev.mynah.train.config.TrainSection;
import dev.mynah.train.loop.BatchShare;
import dev.mynah.train.loop.Journal;
import dev.mynah.train.loop.Optimizer;
import dev.mynah.train.loop.RowOrder;
import dev.mynah.train.loop.StageCheckpoints;
import dev.mynah.train.loop.StageRun;
import dev.mynah.train.loop.TrainingLoop;
import dev.mynah.train.loop.TrainingState;
import dev.mynah.train.objective.DpoLoss;
import dev.mynah.train.objective.TokenLogProbs;
import dev.mynah.train.run.Monitor;
import dev.mynah.train.run.RunFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedSet;

/**
 * Direct preference optimisation (Rafailov et al. 2023): the policy is moved towards the answers that people preferred and away from the others, held to the model that it began as. All pairs of
 * a prompt's answers count as one example.
 *
 * <p>What the reference thinks of the answers is computed once, before the first step, while the policy still is the reference: no second model is kept.
 */
public final class Dpo implements TrainingLoop.Stage {

    private final DpoConfig config;
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

    /** The held-out rankings that evaluations look at. */
    private final List<EncodedRanking> heldOut;

    private final DType compute;
    private final Tuning tuning;
    private final Optimizer optimizer;

    /** Log-probability of each answer under the reference, by ranking. */
    private final IdentityHashMap<EncodedRanking, float[]> reference = new IdentityHashMap<>();

    /**
     * Trains, or goes on training, until the last step.
     *
     * @param ranks the processes that train together; this one is closed by the caller
     * @throws IllegalArgumentException for a configuration, rankings, a model or a checkpoint that do not fit
     * @throws TrainingStoppedException if the loss is no number or has leapt up; the checkpoints stay
     */
    public static void run(DpoConfig config, RunOptions options, Ranks ranks, Monitor monitor) throws IOException {
        StageRun.of(
                config.train(), options, ranks, () -> new Dpo(config, options, ranks, monitor).train(options.resume()));
    }

    private Dpo(DpoConfig config, RunOptions options, Ranks ranks, Monitor monitor) throws IOException {
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
        this.heldOut = ranks.isFirst() && train.evalEvery() > 0
                ? EncodedRanking.sample(data.validation(), train.evalTokens(), config.seed())
                : List.of();
        this.compute = train.compute();
        this.tuning = Tuning.of(base, config.dpo().lora(), device, compute, config.seed());
        this.optimizer = new Optimizer(tuning.parameters(), train, ranks);
    }

    private void train(boolean resume) throws IOException {
        askReference();
        TrainingLoop loop = new TrainingLoop(this, optimizer, train, ranks, files, monitor);
        TrainingState state = loop.start(resume);
        Journal.keep(subject(), files, ranks.isFirst(), state.step(), monitor, journal -> {
            monitor.notice("%,d rankings, %,d held out, %,d of %,d parameters trained, %.1f epochs"
                    .formatted(
                            data.train().size(),
                            data.validation().size(),
                            tuning.parameterCount(),
                            base.shape().parameterCount(),
                            (double) train.steps()
                                    * train.batch()
                                    / data.train().size()));
            loop.run(state, journal);
            if (ranks.isFirst()) {
                tuning.saveResult(files);
                journal.finished();
            }
            ranks.barrier();
        });
    }

    /** About the rankings that this rank will learn from, and those that it will look at. */
    private void askReference() {
        SequencedSet<Integer> rows = new LinkedHashSet<>();
        for (int step = 1; step <= train.steps(); step++) {
            Arrays.stream(order.range(share.firstRow(step), share.rows())).forEach(rows::add);
        }
        List<EncodedRanking> asked =
                new ArrayList<>(rows.stream().map(data.train()::get).toList());
        asked.addAll(heldOut);
        for (int from = 0; from < asked.size(); from += share.microBatch()) {
            List<EncodedRanking> some = asked.subList(from, Math.min(from + share.microBatch(), asked.size()));
            List<float[]> logProbs = logProbs(some);
            for (int i = 0; i < some.size(); i++) {
                reference.put(some.get(i), logProbs.get(i));
            }
            monitor.preparing("Asking the reference", from + some.size(), asked.size());
        }
    }

    /** The log-probability of each answer to some prompts under the policy as it is now. */
    private List<float[]> logProbs(List<EncodedRanking> prompts) {
        try (Scope scope = Scope.open();
                Autograd.Mode mode = Autograd.noGrad()) {
            AnswerRows rows = EncodedRanking.answerRows(prompts, base.padId());
            Tensor tokens = TokenLogProbs.of(
                    tuning.model(),
                    rows.hidden(tuning.model(), compute),
                    rows.targets().to(device),
                    1);
            float[] all = rows.sums(tokens).toFloats();
            List<float[]> logProbs = new ArrayList<>();
            int from = 0;
            for (EncodedRanking prompt : prompts) {
                int end = from + prompt.rows().size();
                logProbs.add(Arrays.copyOfRange(all, from, end));
                from = end;
            }
            return logProbs;
        }
    }

    @Override
    public double backward(int step) {
        double loss = 0;
        for (int done = 0; done < share.rows(); done += share.microBatch()) {
            try (Scope scope = Scope.open()) {
                long first = share.firstRow(step) + done;
                tuning.dropBy(new Generator(config.seed() ^ first));
                List<EncodedRanking> prompts = Arrays.stream(order.range(first, share.microBatch()))
                        .mapToObj(data.train()::get)
                        .toList();
                AnswerRows rows = EncodedRanking.answerRows(prompts, base.padId());
                TokenLogProbs logProbs = new TokenLogProbs(
                        tuning.model(),
                        rows.hidden(tuning.model(), compute),
                        rows.targets().to(device),
                        1);
                Tensor sum = lossSum(prompts, rows.sums(logProbs.values()));
                sum.mul(1.0 / train.batch()).backward();
                logProbs.backward();
                loss += sum.item();
                tuning.dropBy(null);
            }
        }
        return ranks.sum(loss) / train.batch();
    }

    /** The sum over the prompts of the mean loss of their pairs; {@code policy} has the log-probabilities of all their answers. */
    private Tensor lossSum(List<EncodedRanking> prompts, Tensor policy) {
        Tensor sum = Tensor.zeros(DType.F32, device);
        long from = 0;
        for (EncodedRanking prompt : prompts) {
            int answers = prompt.rows().size();
            Tensor held =
                    Tensor.of(Objects.requireNonNull(reference.get(prompt))).to(device);
            Tensor rewards = DpoLoss.rewards(
                    policy.narrow(0, from, answers), held, config.dpo().beta());
            List<Ranking.Pair> pairs = prompt.ranking().pairs();
            long[] better = pairs.stream().mapToLong(Ranking.Pair::better).toArray();
            long[] worse = pairs.stream().mapToLong(Ranking.Pair::worse).toArray();
            sum = sum.add(DpoLoss.of(
                            rewards.indexSelect(0, Tensor.of(better).to(device)),
                            rewards.indexSelect(0, Tensor.of(worse).to(device)),
                            config.dpo().labelSmoothing())
                    .mean());
            from += answers;
        }
        return sum;
    }

    /** Evaluates the held-out rankings, as many as {@code train.eval_tokens} allows. */
    @Override
    public void look(int step, Journal journal) throws IOException {
        if (heldOut.isEmpty() || !train.isDue(step, train.evalEvery())) {
            return;
        }
        List<Double> better = new ArrayList<>();
        List<Double> worse = new ArrayList<>();
        for (EncodedRanking ranking : heldOut) {
            float[] policy = logProbs(List.of(ranking)).getFirst();
            float[] held = Objects.requireNonNull(reference.get(ranking));
            for (Ranking.Pair pair : ranking.ranking().pairs()) {
                better.add(config.dpo().beta() * (policy[pair.better()] - held[pair.better()]));
                worse.add(config.dpo().beta() * (policy[pair.worse()] - held[pair.worse()]));
            }
        }
        DpoMetrics metrics = DpoMetrics.of(step, better, worse);
        journal.measured(
                metrics,
                Map.of(
                        "validation/loss", metrics.valLoss(),
                        "validation/pair_accuracy", metrics.pairAccuracy(),
                        "validation/chosen_reward", metrics.chosenReward(),
                        "validation/rejected_reward", metrics.rejectedReward()),
                metrics.sentence());
    }

    /** That of guessing: with few pairs in a step, smaller ones leap to a multiple of themselves. */
    @Override
    public double calmLoss() {
        return Math.log(2);
    }

    @Override
    public void save(Path folder) throws IOException {
        tuning.save(folder.resolve(StageCheckpoints.MODEL));
    }

    @Override
    public void restore(Path folder) throws IOException {
        tuning.restore(folder.resolve(StageCheckpoints.MODEL));
    }

    private Journal.Subject subject() {
        return new Journal.Subject(
                "dpo",
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
}
