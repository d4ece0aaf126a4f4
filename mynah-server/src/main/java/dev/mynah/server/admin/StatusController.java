package dev.mynah.server.admin;

import dev.mynah.engine.EngineMetrics;
import dev.mynah.server.account.Caller;
import dev.mynah.server.account.Scopes;
import dev.mynah.server.answer.AnswerRepository;
import dev.mynah.server.answer.EmergencyStop;
import dev.mynah.server.provider.ModelProvider;
import dev.mynah.server.web.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/admin/status} and {@code /api/admin/stop}, for operators too. */
@RestController
final class StatusController {
    private final EmergencyStop stop;
    private final AnswerRepository answers;
    private final List<ModelProvider> providers;

    StatusController(EmergencyStop stop, AnswerRepository answers, List<ModelProvider> providers) {
        this.stop = stop;
        this.answers = answers;
        this.providers = List.copyOf(providers);
    }

    /**
     * How the service does.
     *
     * @param running answers of all replicas
     * @param waiting sequences that wait in the engines of this process
     * @param engines of this process, by their providers' names
     */
    record Body(boolean stopped, long running, int waiting, Map<String, EngineBody> engines) {}

    /** An engine's figures since its start. */
    record EngineBody(
            int running,
            int waiting,
            int usedBlocks,
            int cachedBlocks,
            int freeBlocks,
            long promptTokens,
            long cachedTokens,
            long generatedTokens,
            long preemptions,
            long steps,
            double lastStepMs) {
        static EngineBody of(EngineMetrics metrics) {
            return new EngineBody(
                    metrics.running(),
                    metrics.waiting(),
                    metrics.usedBlocks(),
                    metrics.cachedBlocks(),
                    metrics.freeBlocks(),
                    metrics.promptTokens(),
                    metrics.cachedTokens(),
                    metrics.generatedTokens(),
                    metrics.preemptions(),
                    metrics.steps(),
                    metrics.lastStep().toNanos() / 1e6);
        }
    }

    @GetMapping("/api/admin/status")
    Body status(Caller caller) {
        caller.require(Scopes.ADMIN);
        Map<String, EngineBody> engines = new TreeMap<>();
        for (ModelProvider provider : providers) {
            provider.metrics().ifPresent(metrics -> engines.put(provider.name(), EngineBody.of(metrics)));
        }
        int waiting = engines.values().stream().mapToInt(EngineBody::waiting).sum();
        return new Body(stop.isStopped(), answers.countRunning(), waiting, engines);
    }

    @PutMapping("/api/admin/stop")
    Body stop(Caller caller, JsonObject body) {
        caller.require(Scopes.ADMIN);
        boolean stopped = body.bool("stopped").orElseThrow(() -> body.missing("stopped"));
        body.finish();
        stop.set(stopped, caller.userId());
        return status(caller);
    }
}
