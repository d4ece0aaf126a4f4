package dev.mynah.cli;

import dev.mynah.engine.EngineOptions;
import dev.mynah.engine.Engines;
import dev.mynah.engine.ModelRunner.Chunk;
import dev.mynah.engine.fused.FusedRunner;
import dev.mynah.model.ModelFolder;
import dev.mynah.model.gguf.GgufModel;
import dev.mynah.model.weights.WeightSource;
import dev.mynah.tensor.Device;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code mynah bench}: how fast a model computes here. */
@Command(
        name = "bench",
        description = {
            "Measure how fast a model computes on this machine's CPU: tokens a second of reading a prompt, and of generating one token after the other behind a prompt of "
                    + BenchCommand.SHORT_PROMPT + ".",
            "Each is measured after it has been done once: the compiler and the disk's cache need to warm up.",
        },
        footer = {
            "",
            "Examples:",
            "  mynah bench -m model.gguf --prompt 512 --gen 128 --threads 8 --json",
            "  mynah bench -m model.gguf --streams 8 --interfere 4000 --json",
            "  mynah bench -m model.gguf --soak 30",
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class BenchCommand implements Callable<Integer> {
    static final int SHORT_PROMPT = 8;

    private static final int ROUNDS = 3;

    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-m", "--model"},
            paramLabel = "M",
            description = Models.DESCRIPTION)
    private @Nullable String model;

    @Option(
            names = "--prompt",
            defaultValue = "512",
            paramLabel = "N",
            description = "Tokens of the prompt (default: ${DEFAULT-VALUE}).")
    private int prompt;

    @Option(
            names = "--gen",
            defaultValue = "128",
            paramLabel = "N",
            description = "Tokens to generate (default: ${DEFAULT-VALUE}).")
    private int generated;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads to compute with (default: one for each processor).")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(
            names = "--streams",
            paramLabel = "N",
            description = "Measure instead how many tokens a second N conversations get together, and one alone.")
    private int streams;

    @Option(
            names = "--interfere",
            paramLabel = "N",
            description =
                    "Measure instead for how long another's prompt of N tokens holds up the next token of who is being answered.")
    private int interfering;

    @Option(
            names = "--soak",
            paramLabel = "MINUTES",
            description =
                    "Let clients come, go and hang up for so long, and tell what was left behind; memory is compared from a third of the time on.")
    private double soakMinutes;

    @Mixin
    private DraftOption draft;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (streams > 0 || interfering > 0 || soakMinutes > 0 || draft.tokens() > 0) {
            return benchEngine();
        }
        try (FusedRunner runner = open()) {
            int[] blocks = IntStream.range(0, runner.blocks()).toArray();
            print(prefill(runner, blocks), decode(runner, blocks));
        }
        return 0;
    }

    /** As users see it, with all that stands between them and the model. */
    private int benchEngine() throws IOException, InterruptedException {
        EngineOptions options = new EngineOptions(Math.max(16, streams), 64, draft.tokens());
        ObjectNode result = JsonMapper.shared().createObjectNode();
        try (Engines.Served served = Engines.open(Models.find(model), Device.CPU, options, draft.path())) {
            int context = served.engine().context();
            if (Math.max(interfering, SHORT_PROMPT + generated) >= context) {
                throw new IllegalArgumentException(
                        "--interfere and --gen must fit into the model's context of " + context);
            }
            EngineBench bench =
                    new EngineBench(served.engine(), served.text().tokenizer().vocabSize(), SHORT_PROMPT);
            if (streams > 0 || draft.tokens() > 0) {
                double one = bench.together(1, generated);
                result.put("one_tok_s", one);
                if (streams > 1) {
                    double all = bench.together(streams, generated);
                    result.put("streams", streams).put("all_tok_s", all).put("ratio", all / one);
                }
            }
            if (interfering > 0) {
                EngineBench.Gaps gaps = bench.interfere(interfering, generated);
                result.put("interfering_tokens", interfering)
                        .put("usual_gap_ms", gaps.usual())
                        .put("longest_gap_ms", gaps.longest());
            }
            if (soakMinutes > 0) {
                // The first third takes what the engine takes once: libtorch, and the cache's memory as it is first
                // written.
                Duration third = Duration.ofMillis((long) (soakMinutes * 60_000 / 3));
                EngineBench.Soak begin = bench.soak(third);
                long before = memoryMegabytes("VmRSS:");
                EngineBench.Soak soak = begin.and(bench.soak(third.multipliedBy(2)));
                result.put("answers", soak.answers())
                        .put("hung_up", soak.hungUp())
                        .put("failed", soak.failed())
                        .put("tokens", soak.tokens())
                        .put("blocks_left", soak.blocksLeft())
                        .put("rss_before_mb", before)
                        .put("rss_after_mb", memoryMegabytes("VmRSS:"));
            }
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(result);
        } else {
            result.properties()
                    .forEach(entry -> out.printf(Locale.ROOT, "%-20s %s%n", entry.getKey(), entry.getValue()));
        }
        return 0;
    }

    private FusedRunner open() throws IOException {
        WeightSource source = weights();
        try {
            int positions = Math.max(prompt, SHORT_PROMPT + generated);
            int context = source.config().context();
            if (prompt < 1 || generated < 1 || positions > context) {
                throw new IllegalArgumentException("--prompt " + prompt + " and --gen " + generated
                        + " must be at least 1, and fit into the model's context of " + context + " with a prompt of "
                        + SHORT_PROMPT);
            }
            return new FusedRunner(source, Math.ceilDiv(positions, FusedRunner.BLOCK_TOKENS), threads);
        } catch (RuntimeException e) {
            source.close();
            throw e;
        }
    }

    private WeightSource weights() throws IOException {
        Path path = Models.find(model);
        return Files.isDirectory(path) ? ModelFolder.weights(path) : GgufModel.open(path);
    }

    /** The best of several rounds, in tokens a second. */
    private double prefill(FusedRunner runner, int[] blocks) {
        int[] ids = ids(runner, prompt);
        double best = 0;
        for (int round = 0; round <= ROUNDS; round++) {
            long start = System.nanoTime();
            runner.run(List.of(new Chunk(ids, 0, blocks, 1)));
            best = Math.max(best, prompt / seconds(start));
        }
        return best;
    }

    private double decode(FusedRunner runner, int[] blocks) {
        generate(runner, blocks);
        long start = generate(runner, blocks);
        return generated / seconds(start);
    }

    /** Generates, and tells when the first token was there. */
    private long generate(FusedRunner runner, int[] blocks) {
        int[] ids = ids(runner, SHORT_PROMPT);
        int next = greatest(runner.run(List.of(new Chunk(ids, 0, blocks, 1))).getFirst());
        long start = System.nanoTime();
        for (int i = 0; i < generated; i++) {
            Chunk chunk = new Chunk(new int[] {next}, SHORT_PROMPT + i, blocks, 1);
            next = greatest(runner.run(List.of(chunk)).getFirst());
        }
        return start;
    }

    private static int greatest(float[] logits) {
        int best = 0;
        for (int i = 1; i < logits.length; i++) {
            best = logits[i] > logits[best] ? i : best;
        }
        return best;
    }

    private static int[] ids(FusedRunner runner, int count) {
        return IntStream.range(0, count).map(i -> i % runner.vocabSize()).toArray();
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private void print(double prefill, double decode) throws IOException {
        long memory = memoryMegabytes("VmHWM:");
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(JsonMapper.shared()
                    .createObjectNode()
                    .put("prefill_tok_s", prefill)
                    .put("decode_tok_s", decode)
                    .put("peak_rss_mb", memory));
            return;
        }
        out.printf(Locale.ROOT, "prefill %8.1f tokens/s%n", prefill);
        out.printf(Locale.ROOT, "decode  %8.1f tokens/s%n", decode);
        out.printf(Locale.ROOT, "memory  %8d MB%n", memory);
    }

    /** The resident memory of this process as Linux counts it, mapped files included, now (VmRSS) or at most (VmHWM); elsewhere the memory that the JVM has. */
    private static long memoryMegabytes(String field) throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return Runtime.getRuntime().totalMemory() >> 20;
        }
        try (Stream<String> lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith(field))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                    .findFirst()
                    .orElse(0);
        }
    }
}
