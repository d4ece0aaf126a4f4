package dev.mynah.train.pretrain;

import dev.mynah.data.CorpusConfig;
import dev.mynah.data.Split;
import dev.mynah.data.TokenCorpus;
import dev.mynah.engine.TextGenerator;
import dev.mynah.model.GenerationConfig;
import dev.mynah.model.ModelConfig;
import dev.mynah.model.Transformer;
import dev.mynah.tensor.Device;
import dev.mynah.tensor.Scope;
import dev.mynah.tensor.Tensor;
import dev.mynah.text.Tokenizer;
import dev.mynah.train.Ranks;
import dev.mynah.train.RunOptions;
import dev.mynah.train.TrainingStoppedException;
import dev.mynah.train.config.Config;
import dev.mynah.train.config.PretrainConfig;
import dev.mynah.train.config.TrainSection;
import dev.mynah.train.loop.Batch;
import dev.mynah.train.loop.BatchShare;
import dev.mynah.train.loop.Journal;
import dev.mynah.train.loop.Loss;
import dev.mynah.train.loop.ModelInput;
import dev.mynah.train.loop.Optimizer;
import dev.mynah.train.loop.Samples;
import dev.mynah.train.loop.SpikeDetector;
import dev.mynah.train.loop.StageRun;
import dev.mynah.train.loop.Throughput;
import dev.mynah.train.loop.TrainedModel;
import dev.mynah.train.loop.TrainingState;
import dev.mynah.train.run.Checkpoints;
import dev.mynah.train.run.MachineInfo;
import dev.mynah.train.run.Monitor;
import dev.mynah.train.run.RunFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Pretraining from the configuration to the finished model folder: tokenizer, token shards, network, loop, checkpoints, report.
 *
 * <p>Weights are kept in fp32 and cast to the type of the computation in the forward pass. Each rank takes its share of every batch in micro-batches; gradients are sums over the step's
 * tokens divided by their number, whatever the division into ranks and micro-batches. Everything random is a function of seed and step, so a resumed run repeats the losses of one
 * that was never interrupted, on a CPU bit for bit.
 */
public final class Pretrain {

    private static final String MODEL = "model";
    private static final String OPTIMIZER = "optimizer.safetensors";
    private static final String STATE = "state.json";

    private final PretrainConfig config;
    private final TrainSection train;
    private final Device device;
    private final Ranks ranks;
    private final RunFiles files;
    private final Monitor monitor;

    private final BatchShare share;

    /** Tokens in a sequence. */
    private final int context;

    private final TokenCorpus corpus;
    private final Batches batches;
    private final ModelInput input;
    private final TrainedModel trained;
    private final Optimizer optimizer;
    private final @Nullable Evaluation evaluation;
    private final Samples samples;
    private final Checkpoints checkpoints;

    /**
     * Trains, or goes on training, until the last step.
     *
     * @param ranks the processes that train together; this one is closed by the caller
     * @throws IllegalArgumentException for a configuration, corpus, tokenizer or checkpoint that does not fit
     * @throws TrainingStoppedException if the loss is no number or has leapt up; the checkpoints stay
     */
    public static void run(PretrainConfig config, RunOptions options, Ranks ranks, Monitor monitor) throws IOException {
        StageRun.of(config.train(), options, ranks, () -> prepareAndTrain(config, options, ranks, monitor));
    }

    /** The first rank makes the files that all read; the others wait for them. */
    private static void prepareAndTrain(PretrainConfig config, RunOptions options, Ranks ranks, Monitor monitor)
            throws IOException {
        Tokenizer loaded = Sources.loaded(config.tokenizer());
        ModelConfig shape = checked(config, Sources.vocabSize(config.tokenizer(), loaded), options.device(), ranks);
        CorpusConfig sources = Sources.corpusConfig(config.data(), options.datasets(), config.seed());
        Sources.requireLength(sources, Models.context(config.model(), shape));
        RunFiles files = new RunFiles(options.out());
        if (!ranks.isFirst()) {
            ranks.barrier();
        }
        Tokenizer tokenizer = Sources.tokenizer(config.tokenizer(), loaded, sources, files, monitor);
        try (TokenCorpus corpus = Sources.corpus(sources, tokenizer, files, monitor)) {
            if (ranks.isFirst()) {
                ranks.barrier();
            }
            new Pretrain(config, options, ranks, monitor, shape, tokenizer, corpus).train(options.resume());
        }
    }

    /** The model's shape, after all that can be known to be wrong before the data is read. */
    private static ModelConfig checked(PretrainConfig config, int vocabSize, Device device, Ranks ranks)
            throws IOException {
        BatchShare.of(config.train(), ranks);
        ModelConfig shape = Models.shape(config.model(), vocabSize);
        if (!device.isCuda()) {
            Models.requireMemory(shape, MachineInfo.detect().memoryBytes());
        }
        return shape;
    }

    private Pretrain(
            PretrainConfig config,
            RunOptions options,
            Ranks ranks,
            Monitor monitor,
            ModelConfig shape,
            Tokenizer tokenizer,
            TokenCorpus corpus)
            throws IOException {
        this.config = config;
        this.train = config.train();
        this.device = options.device();
        this.ranks = ranks;
        this.files = new RunFiles(options.out());
        this.monitor = monitor;
        this.share = BatchShare.of(train, ranks);
        this.context = Models.context(config.model(), shape);
        this.corpus = corpus;
        this.batches = new Batches(corpus.split(Split.TRAIN), context, tokenizer.eosId(), config.seed());
        this.input = new ModelInput(train.compute(), train.documentMask());

        Transformer model = Models.create(config.model(), shape, device, config.seed());
        this.trained =
                new TrainedModel(model, tokenizer, new GenerationConfig(tokenizer.bosId(), List.of(tokenizer.eosId())));
        this.optimizer = new Optimizer(model.parameters(), train, ranks);
        this.evaluation = evaluation();
        this.samples = new Samples(
                train,
                config.seed(),
                new TextGenerator(model, tokenizer, Set.of(tokenizer.eosId()), train.compute()),
                tokenizer::encodeForModel);
        this.checkpoints = Checkpoints.open(files.checkpoints(), train.keepCheckpoints(), monitor::notice);
    }

    private @Nullable Evaluation evaluation() {
        Tokenizer tokenizer = trained.tokenizer();
        if (corpus.split(Split.VALIDATION).tokenCount() <= context) {
            monitor.notice("No evaluation: the validation documents are shorter than one sequence of " + context);
            return null;
        }
        Batches rows = new Batches(corpus.split(Split.VALIDATION), context, tokenizer.eosId(), config.seed());
        return new Evaluation(rows, context, share.microBatch(), train.evalTokens(), tokenizer);
    }

    private void train(boolean resume) throws IOException {
        TrainingState state = resume ? restored() : TrainingState.START;
        try (Journal journal = Journal.open(subject(), files, ranks.isFirst(), state.step(), monitor)) {
            monitor.notice("%,d parameters, %,d tokens to train on, %d steps"
                    .formatted(
                            trained.model().config().parameterCount(),
                            corpus.split(Split.TRAIN).tokenCount(),
                            train.steps()));
            loop(state, journal);
            if (ranks.isFirst()) {
                trained.save(files.model());
                journal.finished();
            }
            ranks.barrier();
        }
    }

    private TrainingState restored() throws IOException {
        Optional<Checkpoints.Checkpoint> checkpoint = checkpoints.toResume(train.steps());
        if (checkpoint.isEmpty()) {
            return TrainingState.START;
        }
        Path folder = checkpoint.get().folder();
        trained.restore(folder.resolve(MODEL));
        optimizer.restore(folder.resolve(OPTIMIZER));
        TrainingState state = TrainingState.read(folder.resolve(STATE));
        monitor.notice("Resuming after step " + state.step());
        return state;
    }

    private Journal.Subject subject() {
        ModelConfig shape = trained.model().config();
        return new Journal.Subject(
                "pretrain",
                Config.toYaml(config),
                train,
                device,
                ranks.size(),
                shape.parameterCount(),
                shape.flopsPerToken(context),
                Sources.described(corpus.manifest()));
    }

    private void loop(TrainingState start, Journal journal) throws IOException {
        SpikeDetector detector = new SpikeDetector(train.spikeFactor(), train.spikeWindow(), start.recentLosses());
        Throughput throughput = Throughput.since(start);
        for (int step = start.step() + 1; step <= train.steps(); step++) {
            optimizer.clearGradients();
            double loss = backward(step);
            double norm = optimizer.gatherGradients();
            String problem = detector.problem(step, loss, norm);
            if (problem != null) {
                throw journal.stopped(problem, checkpoints.latestValid());
            }
            double learningRate = optimizer.step(step);
            detector = detector.after(loss);
            throughput.add(stepTokens());
            journal.step(step, loss, learningRate, norm, throughput);

            if (ranks.isFirst()) {
                if (evaluation != null && train.isDue(step, train.evalEvery())) {
                    journal.evaluated(evaluation.run(trained.model(), input, step));
                }
                if (train.isDue(step, train.sampleEvery())) {
                    samples.draw(step, journal);
                }
                if (step == train.steps() || train.isDue(step, train.checkpointEvery())) {
                    save(new TrainingState(step, throughput.tokens(), throughput.seconds(), detector.recent()));
                    journal.checkpointed();
                }
            }
            throughput.skipPause();
        }
    }

    /** Adds up the gradients of this rank's part of a step; returns the mean loss of all the step's tokens in nats. */
    private double backward(int step) {
        double tokens = stepTokens();
        double loss = 0;
        for (int done = 0; done < share.rows(); done += share.microBatch()) {
            try (Scope scope = Scope.open()) {
                Batch batch = batches.shuffled(share.firstRow(step) + done, share.microBatch());
                Tensor hidden = input.hidden(trained.model(), batch);
                loss += Loss.backward(trained.model(), hidden, batch.targets().to(device), 1 / tokens)
                        .item();
            }
        }
        return ranks.sum(loss) / tokens;
    }

    private void save(TrainingState state) throws IOException {
        checkpoints.save(state.step(), folder -> {
            trained.save(folder.resolve(MODEL));
            optimizer.save(folder.resolve(OPTIMIZER));
            state.save(folder.resolve(STATE));
        });
    }

    /** Tokens of a step, over all ranks. */
    private long stepTokens() {
        return (long) train.batch() * context;
    }
}
