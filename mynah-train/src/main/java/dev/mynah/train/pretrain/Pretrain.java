package dev.mynah.train.pretrain;

import dev.mynah.data.CorpusConfig;
import dev.mynah.data.Split;
import dev.mynah.data.TokenCorpus;
import dev.mynah.model.GenerationConfig;
import dev.mynah.model.ModelConfig;
import dev.mynah.model.Transformer;
import dev.mynah.tensor.AdamW;
import dev.mynah.tensor.DType;
import dev.mynah.tensor.Device;
import dev.mynah.tensor.Gradients;
import dev.mynah.tensor.Scope;
import dev.mynah.tensor.Tensor;
import dev.mynah.tensor.TensorException;
import dev.mynah.tensor.Torch;
import dev.mynah.text.BpeTokenizer;
import dev.mynah.train.Datasets;
import dev.mynah.train.Ranks;
import dev.mynah.train.TrainingStoppedException;
import dev.mynah.train.config.PretrainConfig;
import dev.mynah.train.config.TrainSection;
import dev.mynah.train.run.Checkpoints;
import dev.mynah.train.run.MachineInfo;
import dev.mynah.train.run.Monitor;
import dev.mynah.train.run.RunFiles;
import dev.mynah.train.run.RunFolder;
import dev.mynah.train.run.Schedule;
import dev.mynah.train.run.SpikeDetector;
import dev.mynah.train.run.Throughput;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Pretraining from the configuration to the finished model folder: tokenizer, token shards, network, loop, checkpoints, report.
 *
 * <p>Weights are kept in fp32 and cast to the type of the computation in the forward pass. Each rank takes its share of every batch in micro-batches; gradients are sums over the step's
 * tokens divided by their number, whatever the division into ranks and micro-batches. Everything random is a function of seed and step, so a resumed run repeats the losses of one
 * that was never interrupted, on a CPU bit for bit.
 */
public final class Pretrain {

    private static final int THROUGHPUT_WINDOW = 20;

    private final PretrainConfig config;
    private final TrainSection train;
    private final Ranks ranks;

    /** Sequences of a step that this rank takes, and those of one pass. */
    private final int rankBatch;

    private final int microBatch;
    private final Device device;
    private final Datasets datasets;
    private final RunFiles files;
    private final Monitor monitor;

    private Pretrain(PretrainConfig config, Options options, Ranks ranks, Monitor monitor) {
        this.config = config;
        this.train = config.train();
        this.ranks = ranks;
        this.rankBatch = share(train.batch(), ranks.size(), "train.batch", "ranks");
        this.microBatch = train.microBatch() == null ? rankBatch : train.microBatch();
        share(rankBatch, microBatch, "the batch of a rank", "train.micro_batch");
        this.device = options.device;
        this.datasets = options.datasets;
        this.files = new RunFiles(options.out);
        this.monitor = monitor;
    }

    /**
     * Where a run is and what it may use.
     *
     * @param out the run's folder; see {@link RunFiles}
     * @param resume whether to go on from the newest checkpoint in {@code out}; without one, training begins at the start
     */
    public record Options(Path out, boolean resume, Device device, Datasets datasets) {}

    /**
     * Trains, or goes on training, until the last step.
     *
     * @param ranks the processes that train together; this one is closed by the caller
     * @throws IllegalArgumentException for a configuration, corpus, tokenizer or checkpoint that does not fit
     * @throws TrainingStoppedException if the loss is no number or has leapt up; the checkpoints stay
     */
    public static void run(PretrainConfig config, Options options, Ranks ranks, Monitor monitor) throws IOException {
        if (config.train().threads() != null) {
            Torch.setThreads(config.train().threads());
        }
        // The first rank alone writes files. The others wait until it has made those that all read.
        try (RunFolder folder = ranks.isFirst() ? RunFolder.open(options.out, options.resume) : null;
                Scope scope = Scope.open()) {
            new Pretrain(config, options, ranks, monitor).run(options.resume);
        } catch (TensorException e) {
            throw ranks.size() == 1 ? e : new TrainingStoppedException(ranks.lost(e), e);
        }
    }

    private void run(boolean resume) throws IOException {
        ModelConfig shape = Models.shape(config.model(), Sources.vocabSize(config.tokenizer()));
        if (!device.isCuda()) {
            Models.requireMemory(shape, MachineInfo.detect().memoryBytes());
        }
        CorpusConfig corpusConfig = Sources.corpusConfig(config.data(), datasets, config.seed());
        if (!ranks.isFirst()) {
            ranks.barrier();
        }
        BpeTokenizer tokenizer = Sources.tokenizer(config.tokenizer(), corpusConfig, files, monitor);
        try (TokenCorpus corpus = Sources.corpus(corpusConfig, tokenizer, files, monitor)) {
            if (ranks.isFirst()) {
                ranks.barrier();
            }
            train(resume, tokenizer, shape, corpus);
        }
    }

    private void train(boolean resume, BpeTokenizer tokenizer, ModelConfig shape, TokenCorpus corpus)
            throws IOException {
        int context = Models.context(config.model(), shape);
        Batches batches = new Batches(corpus.split(Split.TRAIN), context, tokenizer.eosId(), config.seed());
        double tokensPerStep = (double) train.batch() * context;
        DType compute = train.dtype() == TrainSection.Dtype.BF16 ? DType.BF16 : DType.F32;

        Transformer model = Models.create(config.model(), shape, device, config.seed());
        GenerationConfig generation = new GenerationConfig(tokenizer.bosId(), List.of(tokenizer.eosId()));
        AdamW optimizer = new AdamW(
                model.parameters(),
                parameter -> parameter.rank() >= 2,
                new AdamW.Settings(train.beta1(), train.beta2(), train.epsilon(), train.weightDecay()));
        Checkpoints checkpoints = Checkpoints.open(files.checkpoints(), train.keepCheckpoints(), monitor::notice);
        TrainingState state = resume ? restored(checkpoints, model, optimizer) : TrainingState.fresh();
        Schedule schedule = Schedule.of(train);
        SpikeDetector detector = new SpikeDetector(train.spikeFactor(), train.spikeWindow(), state.recentLosses());
        ModelInput input = new ModelInput(compute, train.documentMask());
        Evaluation evaluation = evaluation(corpus, tokenizer, context);
        Samples samples = new Samples(train, config.seed(), model, tokenizer, compute);

        try (Journal journal = Journal.open(
                new Journal.Subject(config, device, ranks.size(), shape.flopsPerToken(context), model, corpus),
                files,
                ranks.isFirst(),
                state.step(),
                monitor)) {
            Throughput throughput = new Throughput(System::nanoTime, THROUGHPUT_WINDOW);
            long started = System.nanoTime();
            for (int step = state.step() + 1; step <= train.steps(); step++) {
                double learningRate = schedule.at(step);
                long firstRow = (long) (step - 1) * train.batch() + (long) ranks.rank() * rankBatch;
                double loss = gradients(model, input, batches, firstRow, tokensPerStep);
                double norm = clip(model);
                String problem = detector.problem(step, loss);
                if (problem == null && !Double.isFinite(norm)) {
                    problem = "The norm of the gradients of step " + step + " is " + norm;
                }
                if (problem != null) {
                    throw journal.stopped(problem, checkpoints.latestValid());
                }
                optimizer.step(learningRate);
                detector = detector.after(loss);
                throughput.add((long) tokensPerStep);
                double seconds = state.seconds() + (System.nanoTime() - started) / 1e9;
                journal.step(step, loss, learningRate, norm, throughput, seconds, (long) tokensPerStep);

                if (evaluation != null && ranks.isFirst() && isDue(step, train.evalEvery())) {
                    journal.evaluated(evaluation.run(model, input, step));
                }
                if (ranks.isFirst() && isDue(step, train.sampleEvery())) {
                    samples.draw(step, journal);
                }
                if (ranks.isFirst() && (step == train.steps() || isDue(step, train.checkpointEvery()))) {
                    TrainingState reached = new TrainingState(step, seconds, detector.recent());
                    checkpoints.save(step, folder -> reached.save(folder, model, optimizer, tokenizer, generation));
                    journal.checkpointed();
                }
                throughput.skipPause();
            }
            if (ranks.isFirst()) {
                TrainingState.saveModel(files.model(), model, tokenizer, generation);
                journal.finished();
            }
            ranks.barrier();
        }
    }

    /** Adds up the gradients of a step over this rank's micro-batches and over the ranks; returns the mean loss of the step's tokens in nats. */
    private double gradients(
            Transformer model, ModelInput input, Batches batches, long firstRow, double tokensPerStep) {
        Gradients.clear(model.parameters().values());
        double loss = 0;
        for (int done = 0; done < rankBatch; done += microBatch) {
            try (Scope scope = Scope.open()) {
                Batches.Batch batch = batches.shuffled(firstRow + done, microBatch);
                Tensor hidden = input.hidden(model, batch);
                loss += Loss.backward(model, hidden, batch.targets().to(device), 1 / tokensPerStep)
                        .item();
            }
        }
        try (Scope scope = Scope.open()) {
            ranks.sum(Gradients.of(model.parameters().values()));
        }
        return ranks.sum(loss) / tokensPerStep;
    }

    /** Scales the gradients down to the norm allowed; returns their norm before. */
    private double clip(Transformer model) {
        double maxNorm = train.clipNorm() == 0 ? Double.POSITIVE_INFINITY : train.clipNorm();
        return Gradients.clipNorm(model.parameters().values(), maxNorm);
    }

    private TrainingState restored(Checkpoints checkpoints, Transformer model, AdamW optimizer) throws IOException {
        Optional<Checkpoints.Checkpoint> checkpoint = checkpoints.latestValid();
        if (checkpoint.isEmpty()) {
            return TrainingState.fresh();
        }
        if (checkpoint.get().step() > train.steps()) {
            throw new IllegalArgumentException("the checkpoint "
                    + checkpoint.get().folder() + " is beyond train.steps, " + "which is " + train.steps());
        }
        TrainingState state = TrainingState.restore(checkpoint.get().folder(), model, optimizer);
        monitor.notice("Resuming after step " + state.step());
        return state;
    }

    private @Nullable Evaluation evaluation(TokenCorpus corpus, BpeTokenizer tokenizer, int context) {
        if (corpus.split(Split.VALIDATION).tokenCount() <= context) {
            monitor.notice("No evaluation: the validation documents are shorter than one sequence of " + context);
            return null;
        }
        Batches batches = new Batches(corpus.split(Split.VALIDATION), context, tokenizer.eosId(), config.seed());
        return new Evaluation(batches, context, microBatch, train.evalTokens(), tokenizer);
    }

    /** Every so many steps, and after the last one; 0 is never. */
    private boolean isDue(int step, int every) {
        return every > 0 && (step % every == 0 || step == train.steps());
    }

    private static int share(int whole, int parts, String wholeName, String partsName) {
        if (whole % parts != 0) {
            throw new IllegalArgumentException(
                    wholeName + " (" + whole + ") is not divisible by " + partsName + " (" + parts + ")");
        }
        return whole / parts;
    }
}
