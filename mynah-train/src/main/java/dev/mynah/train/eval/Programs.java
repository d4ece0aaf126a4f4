package dev.mynah.train.eval;

import dev.mynah.engine.SamplingOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;

/** Lets a model write programs, runs them in the sandbox, and counts which pass. */
final class Programs {
    private final Sandbox sandbox;
    private final EvalModel model;
    private final EvalOptions options;

    /**
     * A task for a programmer.
     *
     * @param prompt  what the model is given
     * @param program makes a program with its tests of what the model wrote
     */
    record Problem(String prompt, UnaryOperator<String> program) {}

    private Programs(Sandbox sandbox, EvalModel model, EvalOptions options) {
        this.sandbox = sandbox;
        this.model = model;
        this.options = options;
    }

    /**
     * Opens the sandbox.
     *
     * @throws IllegalArgumentException if running code was not allowed, or this machine has no sandbox
     */
    static Programs open(String task, EvalModel model, EvalOptions options) throws IOException {
        if (!options.executesCode()) {
            throw new IllegalArgumentException("the task " + task
                    + " runs programs that the model writes, in a sandbox; say --allow-code-execution to let it");
        }
        return new Programs(Sandbox.open(), model, options);
    }

    /** The pass@k of all problems, for each k that was asked for. */
    List<Metric> passAtK(List<Problem> problems, List<String> stop) throws IOException {
        int samples = options.samples();
        SamplingOptions sampling = SamplingOptions.builder()
                .temperature(options.temperature())
                .maxTokens(options.maxTokens())
                .seed(options.seed())
                .stop(stop)
                .build();
        List<String> prompts = problems.stream().map(Problem::prompt).toList();
        List<List<String>> answers = model.answers(prompts, options.chat(), samples, sampling);
        int[] passed = passed(problems, answers);
        List<Metric> metrics = new ArrayList<>();
        for (int k : options.passAt()) {
            double[] estimates = new double[passed.length];
            for (int i = 0; i < passed.length; i++) {
                estimates[i] = PassAtK.estimate(samples, passed[i], k);
            }
            metrics.add(
                    samples == 1
                            ? Metric.share("pass@1", sum(passed), passed.length)
                            : Metric.mean("pass@" + k, estimates, options.seed()));
        }
        return metrics;
    }

    private static int sum(int[] values) {
        int sum = 0;
        for (int value : values) {
            sum += value;
        }
        return sum;
    }

    /** How many programs of each problem pass; two run at a time, so that none is late for the sake of others. */
    private int[] passed(List<Problem> problems, List<List<String>> answers) throws IOException {
        List<List<Future<Sandbox.Result>>> running = new ArrayList<>();
        try (ExecutorService executor = Executors.newFixedThreadPool(2)) {
            for (int i = 0; i < answers.size(); i++) {
                UnaryOperator<String> program = problems.get(i).program;
                running.add(answers.get(i).stream()
                        .map(answer -> executor.submit(() -> sandbox.run(program.apply(answer))))
                        .toList());
            }
            int[] passed = new int[answers.size()];
            for (int i = 0; i < passed.length; i++) {
                for (Future<Sandbox.Result> run : running.get(i)) {
                    passed[i] += result(run).outcome() == Sandbox.Outcome.PASSED ? 1 : 0;
                }
                model.progress("Running programs", i + 1, passed.length);
            }
            return passed;
        }
    }

    private static Sandbox.Result result(Future<Sandbox.Result> run) throws IOException {
        try {
            return run.get();
        } catch (ExecutionException e) {
            throw new IOException("a program could not be run: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while programs were running", e);
        }
    }

    /** The code in an answer of a conversation: that of the first fenced block, where there is one. */
    static String code(String answer) {
        int fence = answer.indexOf("```");
        if (fence < 0) {
            return answer;
        }
        int begin = answer.indexOf('\n', fence);
        int end = begin < 0 ? -1 : answer.indexOf("```", begin);
        return begin < 0 ? answer : answer.substring(begin + 1, end < 0 ? answer.length() : end);
    }
}
