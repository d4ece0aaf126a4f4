package dev.mynah.train.sft;

import dev.mynah.data.Message;
import dev.mynah.data.Role;
import dev.mynah.engine.TextGenerator;
import dev.mynah.tensor.Autograd;
import dev.mynah.tensor.Device;
import dev.mynah.tensor.Generator;
import dev.mynah.tensor.Scope;
import dev.mynah.tensor.Tensor;
import dev.mynah.train.Ranks;
import dev.mynah.train.RunOptions;
import dev.mynah.train.TrainingStoppedException;
import dev.mynah.train.chat.ChatBase;
import dev.mynah.train.chat.ChatData;
import dev.mynah.train.chat.ChatFormat;
import dev.mynah.train.chat.Tuning;
import dev.mynah.train.config.Config;
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
import dev.mynah.train.loop.SpikeDetector;
import dev.mynah.train.loop.StageRun;
import dev.mynah.train.loop.Throughput;
import dev.mynah.train.loop.TrainingState;
import dev.mynah.train.run.Checkpoints;
import dev.mynah.train.run.EvalMetrics;
import dev.mynah.train.run.Monitor;
import dev.mynah.train.run.RunFiles;
import java.io.IOException;
import java.nio.file.Path;
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
public final class Sft {

    private static final String WEIGHTS = "model";
    private static final String OPTIMIZER = "optimizer.safetensors";
    private static final String STATE = "state.json";
    private static final String BEST = "best.json";

    private final SftConfig config;
    private final TrainSection train;
    private final Device device;
    private final Ranks ranks;
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
    private final Checkpoints checkpoints;
    private final Checkpoints bestWeights;

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
                prompt -> format.prompt(List.of(new Message(Role.USER, prompt))));
        this.checkpoints = Checkpoints.open(files.checkpoints(), train.keepCheckpoints(), monitor::notice);
        this.bestWeights = Checkpoints.open(files.best(), 1, monitor::notice);
    }

    private void train(boolean resume) throws IOException {
        TrainingState state = TrainingState.START;
        EarlyStopping stopping = EarlyStopping.START;
        Optional<Checkpoints.Checkpoint> checkpoint = resume ? checkpoints.toResume(train.steps()) : Optional.empty();
        if (checkpoint.isPresent()) {
            Path folder = checkpoint.get().folder();
            tuning.restore(folder.resolve(WEIGHTS));
            optimizer.restore(folder.resolve(OPTIMIZER));
            state = TrainingState.read(folder.resolve(STATE));
            stopping = EarlyStopping.read(folder.resolve(BEST));
            monitor.notice("Resuming after step " + state.step());
        }
        try (Journal journal = Journal.open(subject(), files, ranks.isFirst(), state.step(), monitor)) {
            monitor.notice(
                    "%,d conversations in %,d rows, %,d tokens to learn, %,d of %,d parameters trained, %.1f epochs"
                            .formatted(
                                    data.train().size(),
                                    rows.rows(),
                                    rows.learned(),
                                    tuning.parameterCount(),
                                    base.shape().parameterCount(),
                                    (double) train.steps() * train.batch() / rows.rows()));
            stopping = loop(state, stopping, journal);
            if (ranks.isFirst()) {
                finish(stopping);
                journal.finished();
            }
            ranks.barrier();
        }
    }

    private EarlyStopping loop(TrainingState start, EarlyStopping before, Journal journal) throws IOException {
        EarlyStopping stopping = before;
        SpikeDetector detector = new SpikeDetector(train.spikeFactor(), train.spikeWindow(), start.recentLosses());
        Throughput throughput = Throughput.since(start);
        boolean over = stopping.isOver(config.sft().patience());
        for (int step = start.step() + 1; step <= train.steps() && !over; step++) {
            optimizer.clearGradients();
            double loss = backward(step);
            double norm = optimizer.gatherGradients();
            String problem = detector.problem(step, loss, norm);
            if (problem != null) {
                throw journal.stopped(problem, checkpoints.latestValid());
            }
            double learningRate = optimizer.step(step);
            detector = detector.after(loss);
            throughput.add((long) train.batch() * base.context());
            journal.step(step, loss, learningRate, norm, throughput);

            if (ranks.isFirst()) {
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
            over = ranks.sum(stopping.isOver(config.sft().patience()) ? 1 : 0) > 0;
            if (ranks.isFirst() && (over || step == train.steps() || train.isDue(step, train.checkpointEvery()))) {
                save(new TrainingState(step, throughput.tokens(), throughput.seconds(), detector.recent()), stopping);
                journal.checkpointed();
            }
            throughput.skipPause();
        }
        return stopping;
    }

    /** Adds up the gradients of this rank's part of a step; returns the mean loss of all the tokens that the step learns, in nats. */
    private double backward(int step) {
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

    /** The loss on the first validation rows, as many as {@code train.eval_tokens} allows. */
    private EvalMetrics evaluate(PackedRows held, int step) {
        int count = Math.clamp(train.evalTokens() / base.context(), 1, held.rows());
        double nats = 0;
        long tokens = 0;
        long bytes = 0;
        for (int from = 0; from < count; from += share.microBatch()) {
            try (Scope scope = Scope.open();
                    Autograd.Mode mode = Autograd.noGrad()) {
                Batch batch = held.batch(IntStream.range(from, Math.min(from + share.microBatch(), count))
                        .toArray());
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

    private void save(TrainingState state, EarlyStopping stopping) throws IOException {
        checkpoints.save(state.step(), folder -> {
            tuning.save(folder.resolve(WEIGHTS));
            optimizer.save(folder.resolve(OPTIMIZER));
            state.save(folder.resolve(STATE));
            stopping.save(folder.resolve(BEST));
        });
    }

    /** Writes the result: the last weights, or with early stopping those of the best evaluation. */
    private void finish(EarlyStopping stopping) throws IOException {
        if (config.sft().patience() > 0 && stopping.bestStep() > 0) {
            Optional<Checkpoints.Checkpoint> best = bestWeights.latestValid();
            if (best.isPresent() && best.get().step() == stopping.bestStep()) {
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
                Config.toYaml(config),
                train,
                device,
                ranks.size(),
                base.shape().parameterCount(),
                base.shape().flopsPerToken(base.context()),
                List.of(data.described(config.data(), rows.learned(), validation == null ? 0 : validation.learned())));
    }
}
