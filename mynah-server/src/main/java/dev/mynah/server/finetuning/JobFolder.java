package dev.mynah.server.finetuning;

import dev.mynah.files.DurableFiles;
import dev.mynah.model.LoraFolder;
import dev.mynah.model.ModelFolder;
import dev.mynah.text.Tokenizers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The folder that a job works in: its data and configuration, the run of {@code mynah train}, and what that printed. */
record JobFolder(Path folder) {
    private static final String CHECKPOINT = "step-";

    Path config() {
        return folder.resolve("config.yaml");
    }

    Path training() {
        return folder.resolve("training.jsonl");
    }

    Path validation() {
        return folder.resolve("validation.jsonl");
    }

    /** Deletes the examples, which nobody needs once the job is over. */
    void deleteData() throws IOException {
        Files.deleteIfExists(training());
        Files.deleteIfExists(validation());
    }

    /** Deletes everything but what the model is answered with. */
    void deleteAllButModel() throws IOException {
        deleteAllBut(folder, Set.of(run()));
        if (Files.exists(run())) {
            deleteAllBut(run(), Set.of(model(), run().resolve("adapter")));
        }
    }

    private static void deleteAllBut(Path folder, Set<Path> kept) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            for (Path one : all.filter(path -> !kept.contains(path)).toList()) {
                DurableFiles.deleteTree(one);
            }
        }
    }

    /** What the JVM of the job is started with. */
    Path arguments() {
        return folder.resolve("java.args");
    }

    Path log() {
        return folder.resolve("log.txt");
    }

    Path run() {
        return folder.resolve("run");
    }

    Path model() {
        return run().resolve("model");
    }

    /** The low-rank adapter, where one was trained that the base can be answered with beside: one that reads, and ends, what the base does. */
    Optional<Path> adapter() throws IOException {
        Path adapter = run().resolve("adapter");
        if (!LoraFolder.isAdapter(adapter)) {
            return Optional.empty();
        }
        Path base = Path.of(LoraFolder.base(adapter));
        boolean alike =
                Tokenizers.load(base).config().equals(Tokenizers.load(model()).config())
                        && Set.copyOf(ModelFolder.generation(base).eosIds())
                                .equals(Set.copyOf(
                                        ModelFolder.generation(model()).eosIds()));
        return alike ? Optional.of(adapter) : Optional.empty();
    }

    Path metrics() {
        return run().resolve("metrics.jsonl");
    }

    /** What {@code run.json} says of the run, empty where it is not there or being written. */
    JsonNode info() throws IOException {
        try {
            return JsonMapper.shared().readTree(Files.readAllBytes(run().resolve("run.json")));
        } catch (JacksonException | NoSuchFileException e) {
            return JsonMapper.shared().createObjectNode();
        }
    }

    boolean isFinished() throws IOException {
        return info().path("status").asString("").equals("FINISHED") && Files.exists(model().resolve("config.json"));
    }

    /** The steps that there are checkpoints of. */
    List<Integer> checkpoints() throws IOException {
        Path all = run().resolve("checkpoints");
        if (!Files.isDirectory(all)) {
            return List.of();
        }
        List<Integer> steps = new ArrayList<>();
        try (Stream<Path> found = Files.list(all)) {
            found.map(path -> path.getFileName().toString())
                    .filter(name -> name.matches(CHECKPOINT + "[0-9]{1,9}"))
                    .map(name -> Integer.valueOf(name.substring(CHECKPOINT.length())))
                    .sorted()
                    .forEach(steps::add);
        }
        return steps;
    }

    /** The last line that was printed, or null. */
    @Nullable
    String lastLine() throws IOException {
        if (!Files.exists(log())) {
            return null;
        }
        try (Stream<String> lines = new String(Files.readAllBytes(log()), StandardCharsets.UTF_8).lines()) {
            return lines.filter(line -> !line.isBlank())
                    .reduce((first, last) -> last)
                    .orElse(null);
        }
    }

    /** Whether the JVM said that it had no memory left. */
    boolean ranOutOfMemory() throws IOException {
        if (!Files.exists(log())) {
            return false;
        }
        String log = new String(Files.readAllBytes(log()), StandardCharsets.UTF_8);
        return Stream.of(
                        "OutOfMemoryError",
                        "insufficient memory",
                        "not enough memory",
                        "Cannot allocate memory",
                        "bad_alloc")
                .anyMatch(log::contains);
    }
}
