package dev.mynah.cli;

import dev.mynah.files.DurableFiles;
import dev.mynah.train.scaling.LossLaw;
import dev.mynah.train.scaling.MeasuredRun;
import dev.mynah.train.scaling.ScalingFit;
import dev.mynah.train.scaling.ScalingFit.Interval;
import dev.mynah.train.scaling.ScalingPage;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code mynah scaling}: a power law of measured runs. */
@Command(
        name = "scaling",
        description = {
            "Fit a law to finished pretraining runs, L(N, D) = E + A / N^alpha + B / D^beta (Hoffmann et al. 2022), and draw it.",
            "Every run counts with its parameters, its tokens and its last validation loss. Intervals hold 90 % of 400 fits to runs drawn with replacement.",
        },
        footer = {"", "Example:", "  mynah scaling --runs runs/sweep --out scaling.html"})
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ScalingCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--runs",
            required = true,
            arity = "1..*",
            paramLabel = "DIR",
            description = "Folders of runs, or folders in which runs lie.")
    private List<Path> runs;

    @Option(
            names = "--out",
            defaultValue = "scaling.html",
            paramLabel = "F.html",
            description = "Where the charts go (default: ${DEFAULT-VALUE}).")
    private Path out;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        ScalingFit fit = ScalingFit.of(MeasuredRun.read(runs));
        DurableFiles.write(out.toAbsolutePath(), new ScalingPage(fit).html());
        if (json) {
            spec.commandLine().getOut().println(json(fit));
        } else {
            print(fit);
        }
        spec.commandLine().getErr().println("The charts are in " + out);
        return 0;
    }

    private static SequencedMap<String, ToDoubleFunction<LossLaw>> numbers() {
        SequencedMap<String, ToDoubleFunction<LossLaw>> numbers = new LinkedHashMap<>();
        numbers.put("E", LossLaw::irreducible);
        numbers.put("A", LossLaw::sizeFactor);
        numbers.put("alpha", LossLaw::sizeExponent);
        numbers.put("B", LossLaw::dataFactor);
        numbers.put("beta", LossLaw::dataExponent);
        numbers.put("compute_exponent", LossLaw::computeExponent);
        numbers.put("best_size_exponent", LossLaw::bestSizeExponent);
        return numbers;
    }

    private ObjectNode json(ScalingFit fit) {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        json.put("runs", fit.runs().size()).put("relative_error", fit.error()).put("chart", out.toString());
        numbers().forEach((name, number) -> {
            Interval interval = fit.interval(number);
            json.putObject(name)
                    .put("value", number.applyAsDouble(fit.law()))
                    .put("low", interval.low())
                    .put("high", interval.high());
        });
        return json;
    }

    private void print(ScalingFit fit) {
        PrintWriter text = spec.commandLine().getOut();
        text.printf(
                Locale.ROOT,
                "%d runs, losses met to %.2f %%; 90 %% intervals in brackets%n",
                fit.runs().size(),
                100 * fit.error());
        numbers().forEach((name, number) -> {
            Interval interval = fit.interval(number);
            text.printf(
                    Locale.ROOT,
                    "%-19s %10.4g  [%.4g, %.4g]%n",
                    name,
                    number.applyAsDouble(fit.law()),
                    interval.low(),
                    interval.high());
        });
    }
}
