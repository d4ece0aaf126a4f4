package dev.mynah.cli;

import dev.mynah.server.Maintenance;
import dev.mynah.server.ops.AuditReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code mynah admin audit}: adds up the books, while the service runs or not. */
@Command(name = "audit", description = "Add up the books: exit code 0 if they are right, 1 if anything differs.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class AdminAuditCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--data-dir",
            paramLabel = "D",
            description = "The service's data folder (default: data in Mynah's own folder).")
    private @Nullable Path dataDir;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        AuditReport report = Maintenance.on(dataDir == null ? Home.data() : dataDir, System.getenv())
                .audit();
        JsonMapper mapper = JsonMapper.builder()
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .build();
        ObjectNode tree = mapper.valueToTree(report);
        tree.put("clean", report.isClean());
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(tree);
        } else {
            for (Map.Entry<String, JsonNode> line : tree.properties()) {
                out.println(line.getKey().replace('_', ' ') + ": " + line.getValue());
            }
        }
        return report.isClean() ? 0 : Failures.FAILED;
    }
}
