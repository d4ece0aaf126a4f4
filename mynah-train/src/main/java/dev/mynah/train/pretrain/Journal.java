package dev.mynah.train.pretrain;

import dev.mynah.data.ShardManifest;
import dev.mynah.data.Split;
import dev.mynah.data.TokenCorpus;
import dev.mynah.files.DurableFiles;
import dev.mynah.model.Transformer;
import dev.mynah.tensor.DType;
import dev.mynah.tensor.Device;
import dev.mynah.train.TrainingStoppedException;
import dev.mynah.train.config.Config;
import dev.mynah.train.config.PretrainConfig;
import dev.mynah.train.config.TrainSection;
import dev.mynah.train.report.Report;
import dev.mynah.train.run.Checkpoints.Checkpoint;
import dev.mynah.train.run.EvalMetrics;
import dev.mynah.train.run.MachineInfo;
import dev.mynah.train.run.Monitor;
import dev.mynah.train.run.Power;
import dev.mynah.train.run.RunFiles;
import dev.mynah.train.run.RunInfo;
import dev.mynah.train.run.RunInfo.DataSource;
import dev.mynah.train.run.RunInfo.Status;
import dev.mynah.train.run.Sample;
import dev.mynah.train.run.StepLog;
import dev.mynah.train.run.StepMetrics;
import dev.mynah.train.run.TensorBoardWriter;
import dev.mynah.train.run.Throughput;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes down what happens in a run, for people and for programs: configuration, run.json, metrics, TensorBoard events, report. All ranks have one; that of the first writes. */
final class Journal implements Closeable {

    /** What is trained on what. */
    record Subject(
            PretrainConfig config,
            Device device,
            int ranks,
            long flopsPerToken,
            Transformer model,
            TokenCorpus corpus) {}

    private final RunFiles files;
    private final Monitor monitor;
    private final int totalSteps;
    private final @Nullable Writers writers;
    private RunInfo info;

    private record Writers(StepLog metrics, StepLog samples, TensorBoardWriter events) {}

    private Journal(RunFiles files, Monitor monitor, int totalSteps, @Nullable Writers writers, RunInfo info) {
        this.files = files;
        this.monitor = monitor;
        this.totalSteps = totalSteps;
        this.writers = writers;
        this.info = info;
    }

    /**
     * Opens the files of a run that has done {@code step} steps, and takes back what was written of later ones.
     *
     * @param writes whether this rank writes; the others only count
     */
    static Journal open(Subject subject, RunFiles files, boolean writes, int step, Monitor monitor) throws IOException {
        int totalSteps = subject.config.train().steps();
        RunInfo info = info(subject, files, step, monitor);
        if (!writes) {
            return new Journal(files, monitor, totalSteps, null, info);
        }
        String config = Config.toYaml(subject.config);
        if (step > 0 && !Files.readString(files.config()).equals(config)) {
            monitor.notice("The configuration is not the one that the run began with");
        }
        DurableFiles.write(files.config(), config);
        info.write(files.info());
        StepLog.cutBackTo(files.metrics(), step);
        StepLog.cutBackTo(files.samples(), step);
        Writers writers = new Writers(
                StepLog.append(files.metrics()),
                StepLog.append(files.samples()),
                TensorBoardWriter.open(files.tensorBoard(), step + 1, Clock.systemUTC()));
        monitor.notice("%,d parameters, %,d tokens to train on, %d steps"
                .formatted(info.parameters(), subject.corpus.split(Split.TRAIN).tokenCount(), totalSteps));
        return new Journal(files, monitor, totalSteps, writers, info);
    }

    private static RunInfo info(Subject subject, RunFiles files, int step, Monitor monitor) throws IOException {
        TrainSection train = subject.config.train();
        DType dtype = train.dtype() == TrainSection.Dtype.BF16 ? DType.BF16 : DType.F32;
        MachineInfo machine = MachineInfo.detect();
        Double peakTflops = train.peakTflops();
        double peak = peakTflops == null ? PeakSpeed.measure(subject.device, dtype) : peakTflops * 1e12;
        int side = PeakSpeed.side(subject.device);
        Power power = Power.of(train.watts(), subject.device.isCuda() ? subject.ranks : 0, machine.cores());
        Instant started = step > 0 ? started(files, monitor) : Instant.now();
        return new RunInfo(
                Status.RUNNING,
                "pretrain",
                Objects.requireNonNullElse(files.folder().toAbsolutePath().getFileName(), Path.of("run"))
                        .toString(),
                null,
                started,
                null,
                train.steps(),
                subject.model.config().parameterCount(),
                subject.flopsPerToken,
                peak * subject.ranks,
                peakTflops == null
                        ? "the best of several %s products of %d x %d matrices, measured at the start, per rank"
                                .formatted(train.dtype(), side, side)
                        : "train.peak_tflops, per rank",
                power.watts(),
                power.source(),
                subject.device.toString(),
                train.dtype().toString(),
                subject.ranks,
                machine,
                dataSources(subject.corpus.manifest()));
    }

    /** When the run began; no reason not to go on where that can no longer be read. */
    private static Instant started(RunFiles files, Monitor monitor) throws IOException {
        try {
            return RunInfo.read(files.info()).started();
        } catch (IllegalArgumentException | NoSuchFileException e) {
            monitor.notice("It is not known when the run began: " + e.getMessage());
            return Instant.now();
        }
    }

    private static List<DataSource> dataSources(ShardManifest manifest) {
        long train = tokens(manifest, Split.TRAIN);
        long validation = tokens(manifest, Split.VALIDATION);
        long dropped = manifest.skipped().count()
                + manifest.duplicates().exact()
                + manifest.duplicates().near()
                + manifest.cleaning().stream().mapToLong(step -> step.dropped()).sum();
        return manifest.sources().stream()
                .map(source -> new DataSource(
                        source.name(),
                        source.path(),
                        source.licence(),
                        source.documents(),
                        source.bytes(),
                        train,
                        validation,
                        dropped))
                .toList();
    }

    private static long tokens(ShardManifest manifest, Split split) {
        return Objects.requireNonNull(manifest.splits().get(split.key())).tokens();
    }

    /** An optimiser step is done. */
    void step(
            int step,
            double loss,
            double learningRate,
            double gradNorm,
            Throughput throughput,
            double seconds,
            long tokensPerStep)
            throws IOException {
        if (writers == null) {
            return;
        }
        double speed = throughput.tokensPerSecond();
        double mfu = speed * info.flopsPerToken() / Objects.requireNonNull(info.peakFlops());
        StepMetrics metrics =
                new StepMetrics(step, loss, learningRate, gradNorm, speed, mfu, step * tokensPerStep, seconds);
        writers.metrics.append(metrics);
        writers.events.scalar(step, "train/loss", loss);
        writers.events.scalar(step, "train/lr", learningRate);
        writers.events.scalar(step, "train/grad_norm", gradNorm);
        writers.events.scalar(step, "train/tok_s", speed);
        writers.events.scalar(step, "train/mfu", mfu);
        monitor.step(metrics, totalSteps, throughput.eta((totalSteps - step) * tokensPerStep));
    }

    void evaluated(EvalMetrics metrics) throws IOException {
        if (writers != null) {
            writers.metrics.append(metrics);
            writers.events.scalar(metrics.step(), "validation/loss", metrics.valLoss());
            writers.events.scalar(metrics.step(), "validation/bpb", metrics.valBpb());
            monitor.notice("Step %d: validation loss %.4f, %.4f bits a byte"
                    .formatted(metrics.step(), metrics.valLoss(), metrics.valBpb()));
        }
    }

    void sample(Sample sample) throws IOException {
        if (writers != null) {
            writers.samples.append(sample);
            writers.events.text(sample.step(), "sample", sample.prompt() + sample.text());
            monitor.sample(sample);
        }
    }

    void checkpointed() throws IOException {
        Report.write(files, true);
    }

    void finished() throws IOException {
        end(Status.FINISHED, null);
    }

    /** The exception to throw for a loss with a {@code problem}. */
    TrainingStoppedException stopped(String problem, Optional<Checkpoint> checkpoint) throws IOException {
        String message = problem
                + checkpoint
                        .map(last -> "; the last good checkpoint is that of step " + last.step() + ", " + last.folder())
                        .orElse("; there is no checkpoint yet");
        end(Status.STOPPED, message);
        return new TrainingStoppedException(message, null);
    }

    private void end(Status status, @Nullable String message) throws IOException {
        if (writers != null) {
            info = info.with(status, message, Instant.now());
            info.write(files.info());
            Report.write(files, true);
        }
    }

    @Override
    public void close() throws IOException {
        if (writers != null) {
            writers.metrics.close();
            writers.samples.close();
            writers.events.close();
        }
    }
}
