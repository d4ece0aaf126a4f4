package dev.mynah.train.loop;

import dev.mynah.files.DurableFiles;
import dev.mynah.files.config.Config;
import dev.mynah.tensor.Device;
import dev.mynah.train.Datasets;
import dev.mynah.train.TrainingStoppedException;
import dev.mynah.train.config.TrainSection;
import dev.mynah.train.report.Report;
import dev.mynah.train.run.Checkpoints.Checkpoint;
import dev.mynah.train.run.EvalMetrics;
import dev.mynah.train.run.MachineInfo;
import dev.mynah.train.run.Monitor;
import dev.mynah.train.run.Power;
import dev.mynah.train.run.Provenance;
import dev.mynah.train.run.RunFiles;
import dev.mynah.train.run.RunInfo;
import dev.mynah.train.run.RunInfo.DataSource;
import dev.mynah.train.run.RunInfo.Status;
import dev.mynah.train.run.Sample;
import dev.mynah.train.run.StepLine;
import dev.mynah.train.run.StepLog;
import dev.mynah.train.run.StepMetrics;
import dev.mynah.train.run.TensorBoardWriter;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes down what happens in a run, for people and for programs: configuration, run.json, metrics, TensorBoard events, report. All ranks have one; that of the first writes. */
public final class Journal implements Closeable {

    /**
     * What is trained on what.
     *
     * @param stage {@code pretrain}, {@code sft}, ...
     * @param config the resolved configuration
     * @param datasets in which its data are found
     * @param train the part of it that all stages have
     * @param ranks processes that train together
     * @param parameters parameters of the model
     * @param flopsPerToken floating-point operations of training on one token, forward and backward
     */
    public record Subject(
            String stage,
            Record config,
            Datasets datasets,
            TrainSection train,
            Device device,
            int ranks,
            long parameters,
            long flopsPerToken,
            List<DataSource> data) {}

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

    /** What is done while a journal is kept. */
    public interface Work {
        void run(Journal journal) throws IOException;
    }

    /**
     * Does {@code work} over the files of a run that has done {@code step} steps; what was written of later ones is taken back. If the work fails, the journal says so: a run that fails before leaves what
     * an earlier one wrote as it was.
     *
     * @param writes whether this rank writes; the others only count
     */
    public static void keep(Subject subject, RunFiles files, boolean writes, int step, Monitor monitor, Work work)
            throws IOException {
        try (Journal journal = open(subject, files, writes, step, monitor)) {
            try {
                work.run(journal);
            } catch (IOException | RuntimeException e) {
                journal.failed(e);
                throw e;
            }
        }
    }

    private static Journal open(Subject subject, RunFiles files, boolean writes, int step, Monitor monitor)
            throws IOException {
        int totalSteps = subject.train.steps();
        RunInfo info = info(subject, files, step, monitor);
        if (!writes) {
            return new Journal(files, monitor, totalSteps, null, info);
        }
        Provenance provenance = Inputs.provenance(subject.stage, subject.config, subject.datasets);
        String config = Config.toYaml(subject.config);
        if (step > 0 && !Files.readString(files.config()).equals(config)) {
            monitor.notice("The configuration is not the one that the run began with");
        }
        DurableFiles.write(files.config(), config);
        writeProvenance(provenance, files, step, monitor);
        info.write(files.info());
        StepLog.cutBackTo(files.metrics(), step);
        StepLog.cutBackTo(files.samples(), step);
        Writers writers = new Writers(
                StepLog.append(files.metrics()),
                StepLog.append(files.samples()),
                TensorBoardWriter.open(files.tensorBoard(), step + 1, Clock.systemUTC()));
        return new Journal(files, monitor, totalSteps, writers, info);
    }

    /** What the run began with stays written down when it goes on with something else. */
    private static void writeProvenance(Provenance now, RunFiles files, int step, Monitor monitor) throws IOException {
        Provenance all = now;
        if (step > 0 && Files.exists(files.provenance())) {
            all = Provenance.read(files.provenance()).and(now);
            if (all.inputs().size() > now.inputs().size()) {
                monitor.notice("The data or the models are not those that the run began with");
            }
        }
        all.write(files.provenance());
    }

    private static RunInfo info(Subject subject, RunFiles files, int step, Monitor monitor) throws IOException {
        TrainSection train = subject.train;
        MachineInfo machine = MachineInfo.detect();
        Double peakTflops = train.peakTflops();
        double peak = peakTflops == null ? PeakSpeed.measure(subject.device, train.compute()) : peakTflops * 1e12;
        int side = PeakSpeed.side(subject.device);
        Power power = Power.of(train.watts(), subject.device.isCuda() ? subject.ranks : 0, machine.cores());
        Instant started = step > 0 ? started(files, monitor) : Instant.now();
        return new RunInfo(
                Status.RUNNING,
                subject.stage,
                Objects.requireNonNullElse(files.folder().toAbsolutePath().getFileName(), Path.of("run"))
                        .toString(),
                null,
                started,
                null,
                train.steps(),
                subject.parameters,
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
                subject.data);
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

    /**
     * An optimiser step is done.
     *
     * @param throughput has counted it
     */
    public void step(int step, double loss, double learningRate, double gradNorm, Throughput throughput)
            throws IOException {
        if (writers == null) {
            return;
        }
        double speed = throughput.tokensPerSecond();
        double mfu = speed * info.flopsPerToken() / Objects.requireNonNull(info.peakFlops());
        StepMetrics metrics = new StepMetrics(
                step, loss, learningRate, gradNorm, speed, mfu, throughput.tokens(), throughput.seconds());
        writers.metrics.append(metrics);
        writers.events.scalar(step, "train/loss", loss);
        writers.events.scalar(step, "train/lr", learningRate);
        writers.events.scalar(step, "train/grad_norm", gradNorm);
        writers.events.scalar(step, "train/tok_s", speed);
        writers.events.scalar(step, "train/mfu", mfu);
        monitor.step(metrics, totalSteps, throughput.eta(totalSteps - step));
    }

    /** The validation documents were looked at. */
    public void evaluated(EvalMetrics metrics) throws IOException {
        if (writers != null) {
            writers.metrics.append(metrics);
            writers.events.scalar(metrics.step(), "validation/loss", metrics.valLoss());
            writers.events.scalar(metrics.step(), "validation/bpb", metrics.valBpb());
            monitor.notice("Step %d: validation loss %.4f, %.4f bits a byte"
                    .formatted(metrics.step(), metrics.valLoss(), metrics.valBpb()));
        }
    }

    /**
     * Something else than the loss of documents was measured.
     *
     * @param curves what TensorBoard shows of it, by tag
     * @param sentence the same for people
     */
    public void measured(StepLine line, Map<String, Double> curves, String sentence) throws IOException {
        if (writers != null) {
            writers.metrics.append(line);
            for (Map.Entry<String, Double> curve : curves.entrySet()) {
                writers.events.scalar(line.step(), curve.getKey(), curve.getValue());
            }
            monitor.notice(sentence);
        }
    }

    /** The model wrote a text. */
    public void sample(Sample sample) throws IOException {
        if (writers != null) {
            writers.samples.append(sample);
            writers.events.text(sample.step(), "sample", sample.prompt() + sample.text());
            monitor.sample(sample);
        }
    }

    /** A checkpoint is written: a time to renew the report. */
    public void checkpointed() throws IOException {
        Report.write(files, true);
    }

    /** The last step is done and the model written. */
    public void finished() throws IOException {
        if (writers != null) {
            for (Path result : List.of(files.model(), files.adapter())) {
                if (Files.isDirectory(result)) {
                    Provenance.read(files.provenance()).write(result.resolve(Provenance.FILE));
                }
            }
        }
        end(Status.FINISHED, null);
    }

    /**
     * The exception to throw for a step with a {@code problem}, which is written down.
     *
     * @param checkpoint the one to go on from
     */
    public TrainingStoppedException stopped(String problem, Optional<Checkpoint> checkpoint) throws IOException {
        String message = problem
                + checkpoint
                        .map(last -> "; the last good checkpoint is that of step " + last.step() + ", " + last.folder())
                        .orElse("; there is no checkpoint yet");
        end(Status.STOPPED, message);
        return new TrainingStoppedException(message, null);
    }

    /** Writes down why the run is over, unless that is written down already. */
    private void failed(Exception failure) {
        if (info.status() != Status.RUNNING) {
            return;
        }
        boolean stopped = failure instanceof TrainingStoppedException;
        String message =
                stopped || failure instanceof IllegalArgumentException ? failure.getMessage() : failure.toString();
        try {
            end(stopped ? Status.STOPPED : Status.FAILED, message);
        } catch (IOException | RuntimeException e) {
            failure.addSuppressed(e);
        }
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
