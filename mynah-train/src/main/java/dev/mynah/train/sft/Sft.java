package dev.mynah.train.sft;

import dev.mynah.data.Message;
import dev.mynah.data.Role;
import dev.mynah.engine.TextGenerator;
import dev.mynah.tensor.Autograd;
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
import dev.mynah.train.chat.ChatFormat;
import dev.mynah.train.chat.Tuning;
import dev.mynah.train.config.SftConfig;
import dev.mynah.train.config.TrainSection;
import dev.mynah.train.loop.Batch;
import dev.mynah.train.loop.BatchShare;
import dev.mynah.train.loop.EarlyStopping;
import dev.mynah.train.loop.Journal;
import dev.mynah.train.loop.Loss;
import dev.mynah.train.loop.ModelInput;
import dev.mynah.train.loop.Optimizer;
import dev.mynah.train.loop.RowOrder;
import dev.mynah.train.loop.Samples;
import dev.mynah.train.loop.StageCheckpoints;
import dev.mynah.train.loop.StageRun;
import dev.mynah.train.loop.TrainingLoop;
import dev.mynah.train.loop.TrainingState;
import dev.mynah.train.run.Checkpoints;
import dev.mynah.train.run.EvalMetrics;
import dev.mynah.train.run.Monitor;
import dev.mynah.train.run.RunFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Supervised fine-tuning, the first step of InstructGPT (Ouyang et al. 2022): the model learns to write what the assistant wrote in example conversations, given all that stood before.
 *
 * <p>The loss is the mean negative log-likelihood of the assistant's tokens of a step, ends of turns included; what others wrote is only read. Several conversations share a row and do not see each
 * other. Order, dropout and new weights are functions of seed and step, so a resumed run repeats the losses of one that was never interrupted.
 */
public final class Sft implements TrainingLoop.Stage {

    private static final String BEST = "best.json";

    private final SftConfig config;
    private final TrainSection train;
    private final Device device;
    private final Ranks ranks;
    private final Datasets datasets;
    private final RunFiles files;
    private final Monitor monitor;
    private final BatchShare share;
    private final ChatBase base;
    private final ChatData.Splits<ChatFormat.Encoded> data;
    private final PackedRows rows;
    private final @Nullable PackedRows validation;
    private final RowOrder order;
    private final ModelInput input;
    private final Tuning tuning;
    private final Optimizer optimizer;
    private final Samples samples;
    private final Checkpoints bestWeights;
    private EarlyStopping stopping = EarlyStopping.START;

    /**
     * Trains, or goes on training, until the last step or until the validation loss has stopped falling.
     *
     * @param ranks the processes that train together; this one is closed by the caller
     * @throws IllegalArgumentException for a configuration, conversations, a model or a checkpoint that do not fit
     * @throws TrainingStoppedException if the loss is no number or has leapt up; the checkpoints stay
     */
    public static void run(SftConfig config, RunOptions options, Ranks ranks, Monitor monitor) throws IOException {
        StageRun.of(
                config.train(), options, ranks, () -> new Sft(config, options, ranks, monitor).train(options.resume()));
    }

    private Sft(SftConfig config, RunOptions options, Ranks ranks, Monitor monitor) throws IOException {
        this.config = config;
        this.train = config.train();
        this.device = options.device();
        this.ranks = ranks;
        this.datasets = options.datasets();
        this.files = new RunFiles(options.out());
        this.monitor = monitor;
        this.share = BatchShare.of(train, ranks);
        this.base = ChatBase.open(config.model(), config.seed());
        ChatFormat format = base.format();
        this.data = ChatData.conversations(
                config.data(), options.datasets(), format, base.context(), config.seed(), monitor);
        this.rows = new PackedRows(data.train(), base.context(), base.padId());
        this.validation =
                data.validation().isEmpty() ? null : new PackedRows(data.validation(), base.context(), base.padId());
        if (validation == null && config.sft().patience() > 0) {
            throw new IllegalArgumentException("sft.patience needs evaluations, but none of the "
                    + data.train().size()
                    + " conversations is held out; raise data.validation, or name data.validation_paths");
        }
        this.order = new RowOrder(rows.rows(), config.seed());
        this.input = new ModelInput(train.compute(), true);
        this.tuning = Tuning.of(base, config.sft().lora(), device, train.compute(), config.seed());
        this.optimizer = new Optimizer(tuning.parameters(), train, ranks);
        this.samples = new Samples(
                train,
                config.seed(),
                new TextGenerator(
                        tuning.model(),
                        base.tokenizer(),
                        Set.copyOf(base.generation().eosIds()),
                        train.compute()),
                base.shape().context(),
                prompt -> format.prompt(List.of(new Message(Role.USER, prompt))));
        this.bestWeights = Checkpoints.open(files.best(), 1, monitor::notice);
    }

    private void train(boolean resume) throws IOException {
        TrainingLoop loop = new TrainingLoop(this, optimizer, train, ranks, files, monitor);
        TrainingState state = loop.start(resume);
        if (ranks.isFirst()) {
            bestWeights.cutBackTo(state.step());
        }
        Journal.keep(subject(), files, ranks.isFirst(), state.step(), monitor, journal -> {
            monitor.notice(
                    "%,d conversations in %,d rows, %,d tokens to learn, %,d of %,d parameters trained, %.1f epochs"
                            .formatted(
                                    data.train().size(),
                                    rows.rows(),
                                    rows.learned(),
                                    tuning.parameterCount(),
                                    base.shape().parameterCount(),
                                    (double) train.steps() * train.batch() / rows.rows()));
            loop.run(state, journal);
            if (ranks.isFirst()) {
                finish();
                journal.finished();
            }
            ranks.barrier();
        });
    }

    /** The loss is the mean over all the tokens that the step learns. */
    @Override
    public double backward(int step) {
        long first = (long) (step - 1) * train.batch();
        double targets = Math.max(
                1,
                IntStream.of(order.range(first, train.batch()))
                        .map(rows::targets)
                        .sum());
        double loss = 0;
        for (int done = 0; done < share.rows(); done += share.microBatch()) {
            try (Scope scope = Scope.open()) {
                long row = share.firstRow(step) + done;
                tuning.dropBy(new Generator(config.seed() ^ row));
                Batch batch = rows.batch(order.range(row, share.microBatch()));
                Tensor hidden = input.hidden(tuning.model(), batch);
                loss += Loss.backward(tuning.model(), hidden, batch.targets().to(device), 1 / targets)
                        .item();
                tuning.dropBy(null);
            }
        }
        return ranks.sum(loss) / targets;
    }

    /** The loss on validation rows, long and short, as many as {@code train.eval_tokens} allows. */
    private EvalMetrics evaluate(PackedRows held, int step) {
        int count = Math.clamp(train.evalTokens() / base.context(), 1, held.rows());
        int[] chosen = held.spread(count);
        double nats = 0;
        long tokens = 0;
        long bytes = 0;
        for (int from = 0; from < count; from += share.microBatch()) {
            try (Scope scope = Scope.open();
                    Autograd.Mode mode = Autograd.noGrad()) {
                Batch batch = held.batch(Arrays.copyOfRange(chosen, from, Math.min(from + share.microBatch(), count)));
                Tensor hidden = input.hidden(tuning.model(), batch);
                nats += Loss.evaluate(tuning.model(), hidden, batch.targets().to(device));
                for (long target : batch.targets().toLongs()) {
                    if (target >= 0) {
                        tokens++;
                        bytes += base.tokenizer().isSpecial((int) target)
                                ? 0
                                : base.tokenizer().bytes((int) target).length;
                    }
                }
            }
        }
        return new EvalMetrics(step, nats / Math.max(1, tokens), nats / Math.log(2) / Math.max(1, bytes));
    }

    @Override
    public long tokens(int step) {
        return (long) train.batch() * base.context();
    }

    @Override
    public void look(int step, Journal journal) throws IOException {
        if (validation != null && train.isDue(step, train.evalEvery())) {
            EvalMetrics metrics = evaluate(validation, step);
            journal.evaluated(metrics);
            stopping = stopping.after(step, metrics.valLoss());
            if (config.sft().patience() > 0 && stopping.isBest(step)) {
                bestWeights.save(step, tuning::save);
            }
        }
        if (train.isDue(step, train.sampleEvery())) {
            samples.draw(step, journal);
        }
    }

    /** Only the first rank evaluates, so the ranks ask each other. */
    @Override
    public boolean isOver() {
        return config.sft().patience() > 0
                && ranks.sum(stopping.isOver(config.sft().patience()) ? 1 : 0) > 0;
    }

    /** A nat a token: what is known by heart leaps to a multiple of itself where a step has few conversations. */
    @Override
    public double calmLoss() {
        return 1;
    }

    @Override
    public void save(Path folder) throws IOException {
        tuning.save(folder.resolve(StageCheckpoints.MODEL));
        stopping.save(folder.resolve(BEST));
    }

    @Override
    public void restore(Path folder) throws IOException {
        tuning.restore(folder.resolve(StageCheckpoints.MODEL));
        stopping = EarlyStopping.read(folder.resolve(BEST));
    }

    /** Writes the result: the last weights, or with early stopping those of the best evaluation. */
    private void finish() throws IOException {
        if (config.sft().patience() > 0 && stopping.bestStep() > 0) {
            Optional<Checkpoints.Checkpoint> best = bestWeights.latestValid();
            if (best.isEmpty() || best.get().step() != stopping.bestStep()) {
                monitor.notice("The weights of step " + stopping.bestStep()
                        + ", whose validation loss was the lowest, are gone; the last ones are kept instead");
            } else {
                tuning.restore(best.get().folder());
                monitor.notice("Keeping the weights of step " + stopping.bestStep() + ", validation loss "
                        + "%.4f".formatted(stopping.bestLoss()));
            }
        }
        tuning.saveResult(files);
    }

    private Journal.Subject subject() {
        return new Journal.Subject(
                "sft",
                config,
                datasets,
                train,
                device,
                ranks.size(),
                base.shape().parameterCount(),
                base.shape().flopsPerToken(base.context()),
                List.of(data.described(config.data(), rows.learned(), validation == null ? 0 : validation.learned())));
    }
}
