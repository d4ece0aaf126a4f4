package dev.mynah.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Does what {@code mynah train} does to a run's folder, without learning anything: a checkpoint every step, 50 milliseconds each. With seed 13 it refuses its data, with seed 14 it takes all the memory that it
 * gets.
 */
public final class StubTrainer {
    private static final int REFUSES = 13;
    private static final int HUNGRY = 14;

    private StubTrainer() {}

    public static void main(String[] args) throws Exception {
        List<String> words = Arrays.asList(args);
        JsonNode config =
                JsonMapper.shared().readTree(Files.readString(Path.of(words.get(words.indexOf("--config") + 1))));
        Path run = Path.of(words.get(words.indexOf("--out") + 1));
        switch (config.get("seed").intValue()) {
            case REFUSES -> {
                System.err.println("mynah: the data are not to its taste");
                System.exit(2);
            }
            case HUNGRY -> {
                List<byte[]> all = new ArrayList<>();
                while (!all.isEmpty() || words.contains("train")) {
                    all.add(new byte[1 << 20]);
                }
            }
            default -> train(run, config.at("/train/steps").intValue());
        }
    }

    private static void train(Path run, int steps) throws Exception {
        Path checkpoints = Files.createDirectories(run.resolve("checkpoints"));
        int done = 0;
        while (Files.exists(checkpoints.resolve("step-" + (done + 1)))) {
            done++;
        }
        for (int step = done + 1; step <= steps; step++) {
            Thread.sleep(50);
            append(run.resolve("metrics.jsonl"), Map.of("step", step, "loss", 1.0 / step, "tokens", 10 * step));
            append(run.resolve("samples.jsonl"), Map.of("step", step, "prompt", "a", "text", "b"));
            Files.createDirectories(checkpoints.resolve("step-" + step));
        }
        Files.writeString(Files.createDirectories(run.resolve("model")).resolve("config.json"), "{}");
        Files.writeString(run.resolve("run.json"), "{\"status\": \"FINISHED\"}");
    }

    private static void append(Path file, Map<String, Object> line) throws IOException {
        Files.writeString(
                file,
                JsonMapper.shared().writeValueAsString(line) + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }
}
