package dev.mynah.cli;

import dev.mynah.engine.ModelRunner.Chunk;
import dev.mynah.engine.fused.FusedRunner;
import dev.mynah.model.ModelFolder;
import dev.mynah.model.gguf.GgufModel;
import dev.mynah.model.weights.WeightSource;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code mynah bench}: how fast a model computes here. */
@Command(
        name = "bench",
        description = {
            "Measure how fast a model computes on this machine's CPU: tokens a second of reading a prompt, and of generating one token after the other behind a prompt of "
                    + BenchCommand.SHORT_PROMPT + ".",
            "Each is measured after it has been done once: the compiler and the disk's cache need to warm up.",
        },
        footer = {"", "Example:", "  mynah bench -m model.gguf --prompt 512 --gen 128 --threads 8 --json"})
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

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        try (FusedRunner runner = open()) {
            int[] blocks = IntStream.range(0, runner.blocks()).toArray();
            print(prefill(runner, blocks), decode(runner, blocks));
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
        long memory = peakMemoryMegabytes();
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

    /** The most resident memory of this process as Linux counts it, mapped files included; elsewhere the memory that the JVM has. */
    private static long peakMemoryMegabytes() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return Runtime.getRuntime().totalMemory() >> 20;
        }
        try (Stream<String> lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                    .findFirst()
                    .orElse(0);
        }
    }
}
