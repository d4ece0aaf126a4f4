package dev.mynah.cli;

import dev.mynah.train.classify.ClassifierStage;
import dev.mynah.train.run.RunFiles;
import dev.mynah.train.run.StepLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What training came to, as its folder says: where the results are, the last of each figure of {@code metrics.jsonl}, and what was measured at the end. */
final class RunResult {
    private RunResult() {}

    static ObjectNode of(Path out) throws IOException {
        RunFiles files = new RunFiles(out);
        ObjectNode result = JsonMapper.shared().createObjectNode().put("out", out.toString());
        putIfThere(result, "model", files.model());
        putIfThere(result, "classifier", out.resolve(ClassifierStage.FILE));
        putIfThere(result, "report", files.report());
        StepLog.forEach(files.metrics(), line -> result.setAll((ObjectNode) line));
        Path test = out.resolve("report.json");
        if (Files.exists(test)) {
            result.set("test", JsonMapper.shared().readTree(Files.readString(test)));
        }
        for (Path exam : jsonFiles(out.resolve("exam"))) {
            ObjectNode figures = (ObjectNode) JsonMapper.shared().readTree(Files.readString(exam));
            figures.remove("examples");
            result.withObject("exam").set(exam.getFileName().toString().replaceFirst("\\.json$", ""), figures);
        }
        return result;
    }

    private static void putIfThere(ObjectNode result, String name, Path path) {
        if (Files.exists(path)) {
            result.put(name, path.toString());
        }
    }

    private static List<Path> jsonFiles(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .toList();
        }
    }
}
