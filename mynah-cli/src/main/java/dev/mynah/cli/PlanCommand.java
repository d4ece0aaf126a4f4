package dev.mynah.cli;

import dev.mynah.model.Presets;
import dev.mynah.train.plan.Gpu;
import dev.mynah.train.plan.ParallelLayout;
import dev.mynah.train.plan.ParallelLayout.Memory;
import dev.mynah.train.plan.PlannedModel;
import dev.mynah.train.plan.TrainingPlan;
import dev.mynah.train.plan.TrainingPlan.Line;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code mynah plan}: what a training run would take. */
@Command(
        name = "plan",
        description = {
            "Estimate what training a model takes: operations, memory of each device, time, energy and cost.",
            "Operations are 6 for each parameter and token. Energy is that of the accelerators at their rated power; machines, network and cooling come on top. Prices are assumptions.",
        },
        footer = {
            "",
            "Examples:",
            "  mynah plan --params 175B --tokens 300B --gpu h100 --mfu 0.4",
            "  mynah plan --preset gpt3-13b --gpu a100 --gpus 256 --tensor 8 --pipeline 2 --zero 1 --json",
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class PlanCommand implements Callable<Integer> {

    /** Tokens for each parameter that train the best model for the operations spent (Hoffmann et al. 2022). */
    private static final double TOKENS_A_PARAMETER = 20;

    @Spec
    private CommandSpec spec;

    @ArgGroup(multiplicity = "1")
    private Size size;

    /** The model's size, in one of two ways. */
    static final class Size {
        @Option(
                names = "--params",
                paramLabel = "N",
                converter = Quantity.Converter.class,
                description = "Parameters, such as 175B; the shape gets the proportions of GPT-3.")
        private @Nullable Quantity params;

        @Option(names = "--preset", paramLabel = "NAME", description = "A published shape, such as gpt3-175b.")
        private @Nullable String preset;
    }

    @Option(
            names = "--tokens",
            paramLabel = "D",
            converter = Quantity.Converter.class,
            description = "Tokens to train on, such as 300B (default: 20 for each parameter).")
    private @Nullable Quantity tokens;

    @Option(
            names = "--gpu",
            defaultValue = "h100",
            paramLabel = "G",
            description = "v100, a100, h100, h200, b200, l40s, rtx4090 or mi300x (default: ${DEFAULT-VALUE}).")
    private String gpu;

    @Option(
            names = "--gpus",
            defaultValue = "1024",
            paramLabel = "N",
            description = "How many of them (default: ${DEFAULT-VALUE}).")
    private int gpus;

    @Option(
            names = "--mfu",
            defaultValue = "0.4",
            paramLabel = "X",
            description = "Share of their peak speed that is reached (default: ${DEFAULT-VALUE}).")
    private double mfu;

    @Option(
            names = "--context",
            defaultValue = "2048",
            paramLabel = "N",
            description = "Tokens of a sequence, with --params (default: ${DEFAULT-VALUE}).")
    private int context;

    @Option(
            names = "--micro-batch",
            defaultValue = "1",
            paramLabel = "N",
            description = "Sequences in one pass of a replica (default: ${DEFAULT-VALUE}).")
    private int microBatch;

    @Option(names = "--tensor", paramLabel = "N", description = "One layout: devices that share every matrix.")
    private @Nullable Integer tensor;

    @Option(names = "--pipeline", paramLabel = "N", description = "One layout: stages that share the layers.")
    private @Nullable Integer pipeline;

    @Option(names = "--zero", paramLabel = "0..3", description = "One layout: stage of ZeRO among the replicas.")
    private @Nullable Integer zero;

    @Option(
            names = "--watts",
            paramLabel = "W",
            description = "Power of one GPU, with its share of all else if you like (default: its rated power).")
    private @Nullable Double watts;

    @Option(
            names = "--price",
            paramLabel = "USD",
            description = "Price of an hour of one GPU (default: an assumption).")
    private @Nullable Double price;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Override
    public Integer call() {
        PlannedModel model = size.preset != null
                ? PlannedModel.of(Presets.named(size.preset))
                : PlannedModel.ofParameters(
                        (long) Objects.requireNonNull(size.params).value(), context);
        Gpu known = Gpu.named(gpu);
        TrainingPlan plan = new TrainingPlan(
                model,
                tokens == null ? TOKENS_A_PARAMETER * model.parameters() : tokens.value(),
                known.with(
                        Objects.requireNonNullElse(watts, known.watts()),
                        Objects.requireNonNullElse(price, known.dollarsPerHour())),
                gpus,
                mfu,
                microBatch);
        List<Line> lines = lines(plan);
        if (json) {
            spec.commandLine().getOut().println(json(plan, lines));
        } else {
            print(plan, lines);
        }
        return 0;
    }

    private List<Line> lines(TrainingPlan plan) {
        if (tensor == null && pipeline == null && zero == null) {
            return plan.usualLayouts();
        }
        int sharing = Objects.requireNonNullElse(tensor, 1);
        int stages = Objects.requireNonNullElse(pipeline, 1);
        if (sharing < 1 || stages < 1 || gpus % ((long) sharing * stages) != 0) {
            throw new IllegalArgumentException(
                    "--gpus " + gpus + " is not a multiple of --tensor " + sharing + " times --pipeline " + stages);
        }
        return List.of(plan.line(
                new ParallelLayout(gpus / (sharing * stages), sharing, stages, Objects.requireNonNullElse(zero, 0))));
    }

    private void print(TrainingPlan plan, List<Line> lines) {
        PlannedModel model = plan.model();
        Gpu device = plan.gpu();
        PrintWriter out = spec.commandLine().getOut();
        out.printf(
                Locale.ROOT,
                "model      %.4g parameters: %d layers, width %d, %d heads, sequences of %d%n",
                (double) model.parameters(),
                model.layers(),
                model.width(),
                model.heads(),
                model.context());
        out.printf(
                Locale.ROOT,
                "FLOPs      %.4g for %.4g tokens = %.0f petaflop/s-days (6 N D; attention adds %.1f %%)%n",
                plan.flops(),
                plan.tokens(),
                plan.cost().pfDays(),
                100 * model.attentionFlopsPerToken() / model.flopsPerToken());
        out.printf(
                Locale.ROOT,
                "time       %.1f days on %d x %s at %.0f %% of %.0f TFLOP/s; %.4g GPU hours%n",
                plan.seconds() / 86_400,
                plan.gpus(),
                device.label(),
                100 * plan.mfu(),
                device.tflops(),
                plan.gpuHours());
        out.printf(
                Locale.ROOT,
                "energy     %.4g MWh at %.0f W a GPU%n",
                plan.cost().kWh() / 1000,
                device.watts());
        out.printf(Locale.ROOT, "cost       %.4g USD at %.2f USD an hour%n%n", plan.dollars(), device.dollarsPerHour());
        out.printf(
                Locale.ROOT,
                "GB of a device's %.0f, micro-batches of %d; activations: all kept, attention recomputed, all recomputed%n",
                device.memoryGb(),
                plan.microBatch());
        out.println("  data tensor pipeline ZeRO   weights gradients optimiser       all attention recompute  fits");
        for (Line line : lines) {
            ParallelLayout layout = line.layout();
            Memory memory = line.memory();
            out.printf(
                    Locale.ROOT,
                    "%6d %6d %8d %4d %9.1f %9.1f %9.1f %9.1f %9.1f %9.1f  %s%n",
                    layout.data(),
                    layout.tensor(),
                    layout.pipeline(),
                    layout.zero(),
                    memory.weights() / 1e9,
                    memory.gradients() / 1e9,
                    memory.optimizer() / 1e9,
                    memory.activations() / 1e9,
                    memory.selective() / 1e9,
                    memory.recomputed() / 1e9,
                    plan.fits(memory) ? "yes" : "no");
        }
    }

    private static ObjectNode json(TrainingPlan plan, List<Line> lines) {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        json.put("params", plan.model().parameters())
                .put("layers", plan.model().layers())
                .put("width", plan.model().width())
                .put("heads", plan.model().heads())
                .put("context", plan.model().context())
                .put("tokens", plan.tokens())
                .put("flops", plan.flops())
                .put("attention_flops", plan.model().attentionFlopsPerToken() * plan.tokens())
                .put("pf_days", plan.cost().pfDays())
                .put("gpu", plan.gpu().name())
                .put("gpu_source", plan.gpu().source())
                .put("gpus", plan.gpus())
                .put("peak_tflops", plan.gpu().tflops())
                .put("mfu", plan.mfu())
                .put("gpu_hours", plan.gpuHours())
                .put("days", plan.seconds() / 86_400)
                .put("mwh", plan.cost().kWh() / 1000)
                .put("cost_usd", plan.dollars());
        ArrayNode layouts = json.putArray("layouts");
        for (Line line : lines) {
            layouts.addObject()
                    .put("data", line.layout().data())
                    .put("tensor", line.layout().tensor())
                    .put("pipeline", line.layout().pipeline())
                    .put("zero", line.layout().zero())
                    .put("weights_gb", line.memory().weights() / 1e9)
                    .put("gradients_gb", line.memory().gradients() / 1e9)
                    .put("optimizer_gb", line.memory().optimizer() / 1e9)
                    .put("activations_gb", line.memory().activations() / 1e9)
                    .put("activations_selective_gb", line.memory().selective() / 1e9)
                    .put("activations_recomputed_gb", line.memory().recomputed() / 1e9)
                    .put("fits", plan.fits(line.memory()));
        }
        return json;
    }
}
