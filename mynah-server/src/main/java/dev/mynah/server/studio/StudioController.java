package dev.mynah.server.studio;

import dev.mynah.server.account.Caller;
import dev.mynah.server.account.Scopes;
import dev.mynah.server.studio.RunFolders.Run;
import dev.mynah.server.web.ApiException;
import dev.mynah.server.web.Page;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** {@code /api/studio}: training runs, for administrators and operators. */
@RestController
@RequestMapping("/api/studio")
final class StudioController {
    private static final int POINTS = 1_000;
    private static final int SAMPLES = 400;

    private final RunFolders runs;

    StudioController(RunFolders runs) {
        this.runs = runs;
    }

    record RunBody(String name, Instant changedAt, @Nullable JsonNode status) {
        static RunBody of(Run run) {
            return new RunBody(run.name(), Instant.ofEpochMilli(run.changedAt()), run.status());
        }
    }

    @GetMapping("/runs")
    Page<RunBody> list(Caller caller) throws IOException {
        caller.require(Scopes.ADMIN);
        return new Page<>(runs.newest().stream().map(RunBody::of).toList(), null);
    }

    /** A run's curves: at most about a thousand steps, evenly spread. */
    record MetricsBody(RunBody run, List<JsonNode> metrics) {}

    @GetMapping("/metrics")
    MetricsBody metrics(Caller caller, @RequestParam("run") String name) throws IOException {
        Run run = find(caller, name);
        return new MetricsBody(RunBody.of(run), RunFolders.metrics(run.folder(), POINTS));
    }

    /** What the model wrote on the way. */
    @GetMapping("/samples")
    Page<JsonNode> samples(Caller caller, @RequestParam("run") String name) throws IOException {
        return new Page<>(RunFolders.samples(find(caller, name).folder(), SAMPLES), null);
    }

    private Run find(Caller caller, String name) throws IOException {
        caller.require(Scopes.ADMIN);
        return runs.find(name).orElseThrow(() -> ApiException.notFound("There is no such run."));
    }
}
