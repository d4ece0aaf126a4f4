package dev.mynah.cli;

import dev.mynah.train.eval.EvalData;
import dev.mynah.train.eval.EvalModel;
import dev.mynah.train.eval.EvalOptions;
import dev.mynah.train.eval.EvalResult;
import dev.mynah.train.eval.EvalTask;
import dev.mynah.train.eval.Metric;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code mynah eval}: what a model can do, by published measures. */
@Command(
        name = "eval",
        description = {
            "Measure what a model can do. Tasks: perplexity (--data TEXT), choice (--data JSONL), gsm8k, humaneval, mbpp.",
            "Definitions and sources stand in docs/evaluation.md. Every number comes with an interval of 95%.",
        },
        footer = {
            "",
            "Examples:",
            "  mynah eval -m model --task perplexity --data held-out.txt --json",
            "  mynah pull gsm8k",
            "  mynah eval -m model --task gsm8k --limit 200",
            "  mynah eval -m model --task humaneval --data HumanEval.jsonl --samples 20 --temperature 0.8 --pass-at 1,10 --allow-code-execution",
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class EvalCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOption model;

    @Option(names = "--task", required = true, split = ",", paramLabel = "NAME", description = "One or more tasks.")
    private List<String> tasks;

    @Option(
            names = "--data",
            paramLabel = "PATH",
            description = "The file to evaluate on (default: the task's public data set in --datasets).")
    private @Nullable Path data;

    @Mixin
    private DatasetsOption datasets;

    @Option(names = "--limit", defaultValue = "0", paramLabel = "N", description = "Only the first N records.")
    private int limit;

    @Option(
            names = "--shots",
            paramLabel = "N",
            description = "Solved examples before each question (default: what is usual for the task).")
    private @Nullable Integer shots;

    @Option(
            names = "--no-chain-of-thought",
            description = "gsm8k: examples show the answer without the reasoning, and none is asked for.")
    private boolean withoutReasoning;

    @Option(names = "--chat", description = "Put prompts into the model's chat template.")
    private boolean chat;

    @Option(
            names = "--samples",
            defaultValue = "1",
            paramLabel = "N",
            description = "Programs for each problem (default: ${DEFAULT-VALUE}).")
    private int samples;

    @Option(
            names = "--pass-at",
            split = ",",
            defaultValue = "1",
            paramLabel = "K",
            description = "Report pass@k for these k (default: ${DEFAULT-VALUE}).")
    private List<Integer> passAt;

    @Option(
            names = "--temperature",
            defaultValue = "0",
            paramLabel = "T",
            description = "Of sampled programs; 0 takes the most probable token (default: ${DEFAULT-VALUE}).")
    private double temperature;

    @Option(
            names = "--max-tokens",
            defaultValue = "512",
            paramLabel = "N",
            description = "The most tokens of an answer (default: ${DEFAULT-VALUE}).")
    private int maxTokens;

    @Option(
            names = "--allow-code-execution",
            description = "Let humaneval and mbpp run the model's programs, in a sandbox without network.")
    private boolean executesCode;

    @Option(names = "--seed", defaultValue = "1", paramLabel = "S", description = "Of samples and intervals.")
    private long seed;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        List<EvalTask> chosen = tasks.stream().map(EvalTask::named).toList();
        EvalOptions options = new EvalOptions(
                data,
                shots,
                !withoutReasoning,
                chat,
                limit,
                samples,
                passAt,
                temperature,
                maxTokens,
                executesCode,
                seed);
        ObjectNode results = JsonMapper.shared().createObjectNode();
        results.put("model", Models.name(model.path()));
        ObjectNode byTask = results.putObject("tasks");
        PrintWriter out = spec.commandLine().getOut();
        try (ConsoleMonitor monitor = ConsoleMonitor.of(spec.commandLine().getErr(), true);
                EvalModel measured = new EvalModel(model.path(), model.device(), monitor)) {
            EvalData known = new EvalData(datasets.datasets(monitor));
            for (EvalTask task : chosen) {
                EvalResult result = task.run(measured, known, options);
                if (json) {
                    put(byTask, result);
                } else {
                    print(out, result);
                }
            }
        }
        if (json) {
            out.println(results);
        }
        return 0;
    }

    private static void put(ObjectNode byTask, EvalResult result) {
        ObjectNode task = byTask.putObject(result.task())
                .put("n", result.records())
                .put("shots", result.shots())
                .put("form", result.form())
                .put("source", result.source());
        ObjectNode metrics = task.putObject("metrics");
        for (Metric metric : result.metrics()) {
            metrics.putObject(metric.name())
                    .put("value", metric.value())
                    .put("low", metric.low())
                    .put("high", metric.high())
                    .put("interval", metric.interval() + " 95%");
        }
    }

    private static void print(PrintWriter out, EvalResult result) {
        out.println(result.task() + " (" + result.records() + " records, " + result.shots() + " examples)");
        for (Metric metric : result.metrics()) {
            out.printf(
                    Locale.ROOT,
                    "  %-22s %8.4f   %.4f to %.4f (%s)%n",
                    metric.name(),
                    metric.value(),
                    metric.low(),
                    metric.high(),
                    metric.interval());
        }
        out.flush();
    }
}
