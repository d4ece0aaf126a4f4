package dev.mynah.cli;

import dev.mynah.server.Maintenance;
import dev.mynah.server.ops.AuditReport;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ObjectNode;

/** {@code mynah admin audit}: adds up the books, while the service runs or not. */
@Command(name = "audit", description = "Add up the books: exit code 0 if they are right, 1 if anything differs.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class AdminAuditCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private DataDirOption dataDir;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        AuditReport report = Maintenance.on(dataDir.path(), System.getenv()).audit();
        return print(report, json, spec);
    }

    static int print(AuditReport report, boolean json, CommandSpec spec) {
        ObjectNode tree = Figures.tree(report);
        tree.put("clean", report.isClean());
        Figures.print(tree, json, spec.commandLine().getOut());
        return report.isClean() ? 0 : Failures.FAILED;
    }
}
