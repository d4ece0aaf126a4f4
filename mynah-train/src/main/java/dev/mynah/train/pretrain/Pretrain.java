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
import dev.mynah.train.Datasets;
import dev.mynah.train.Ranks;
import dev.mynah.train.RunOptions;
import dev.mynah.train.TrainingStoppedException;
import dev.mynah.train.config.PretrainConfig;
import dev.mynah.train.config.TrainSection;
import dev.mynah.train.loop.Batch;
import dev.mynah.train.loop.BatchShare;
import dev.mynah.train.loop.Journal;
import dev.mynah.train.loop.Loss;
import dev.mynah.train.loop.ModelInput;
import dev.mynah.train.loop.Optimizer;
import dev.mynah.train.loop.Samples;
import dev.mynah.train.loop.StageCheckpoints;
import dev.mynah.train.loop.StageRun;
import dev.mynah.train.loop.TrainedModel;
import dev.mynah.train.loop.TrainingLoop;
import dev.mynah.train.loop.TrainingState;
import dev.mynah.train.run.MachineInfo;
import dev.mynah.train.run.Monitor;
import dev.mynah.train.run.RunFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Pretraining from the configuration to the finished model folder: tokenizer, token shards, network, loop, checkpoints, report.
 *
 * <p>Weights are kept in fp32 and cast to the type of the computation in the forward pass. Each rank takes its share of every batch in micro-batches; gradients are sums over the step's
 * tokens divided by their number, whatever the division into ranks and micro-batches. Everything random is a function of seed and step, so a resumed run repeats the losses of one
 * that was never interrupted, on a CPU bit for bit.
 */
public final class Pretrain implements TrainingLoop.Stage {

    private final PretrainConfig config;
    private final TrainSection train;
    private final Device device;
    private final Ranks ranks;
    private final Datasets datasets;
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
        this.datasets = options.datasets();
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
                shape.context(),
                text -> beginning(tokenizer, text));
    }

    /** What a text goes on from: an empty one, where the tokenizer puts nothing before a text, from the end of the document before. */
    private static int[] beginning(Tokenizer tokenizer, String text) {
        int[] ids = tokenizer.encodeForModel(text);
        return ids.length > 0 ? ids : new int[] {tokenizer.eosId()};
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
        TrainingLoop loop = new TrainingLoop(this, optimizer, train, ranks, files, monitor);
        TrainingState state = loop.start(resume);
        Journal.keep(subject(), files, ranks.isFirst(), state.step(), monitor, journal -> {
            monitor.notice("%,d parameters, %,d tokens to train on, %d steps"
                    .formatted(
                            trained.model().config().parameterCount(),
                            corpus.split(Split.TRAIN).tokenCount(),
                            train.steps()));
            loop.run(state, journal);
            if (ranks.isFirst()) {
                trained.save(files.model());
                journal.finished();
            }
            ranks.barrier();
        });
    }

    private Journal.Subject subject() {
        ModelConfig shape = trained.model().config();
        return new Journal.Subject(
                "pretrain",
                config,
                datasets,
                train,
                device,
                ranks.size(),
                shape.parameterCount(),
                shape.flopsPerToken(context),
                Sources.described(corpus.manifest()));
    }

    @Override
    public double backward(int step) {
        double tokens = tokens(step);
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

    @Override
    public long tokens(int step) {
        return (long) train.batch() * context;
    }

    @Override
    public void look(int step, Journal journal) throws IOException {
        if (evaluation != null && train.isDue(step, train.evalEvery())) {
            journal.evaluated(evaluation.run(trained.model(), input, step));
        }
        if (train.isDue(step, train.sampleEvery())) {
            samples.draw(step, journal);
        }
    }

    @Override
    public void save(Path folder) throws IOException {
        trained.save(folder.resolve(StageCheckpoints.MODEL));
    }

    @Override
    public void restore(Path folder) throws IOException {
        trained.restore(folder.resolve(StageCheckpoints.MODEL));
    }
}
