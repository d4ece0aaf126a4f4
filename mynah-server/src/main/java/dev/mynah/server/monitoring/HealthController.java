package dev.mynah.server.monitoring;

import dev.mynah.server.account.Caller;
import dev.mynah.server.account.Scopes;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code /health/live} and {@code /health/ready} for machines, {@code /api/admin/health} for operators. */
@RestController
final class HealthController {
    private static final String UP = "up";

    private final Readiness readiness;
    private final HealthHistory history;

    HealthController(Readiness readiness, HealthHistory history) {
        this.readiness = readiness;
        this.history = history;
    }

    /** Whether the process answers at all. */
    record Live(String status) {}

    /**
     * Whether requests should be sent here.
     *
     * @param status {@code up} or {@code down}
     * @param checks by name, {@code up} or {@code down}
     */
    record Ready(String status, Map<String, String> checks) {
        static Ready of(Map<String, Boolean> checks) {
            Map<String, String> shown = new LinkedHashMap<>();
            checks.forEach((name, holds) -> shown.put(name, word(holds)));
            return new Ready(word(!checks.containsValue(false)), shown);
        }

        private static String word(boolean holds) {
            return holds ? UP : "down";
        }
    }

    /**
     * How this process does.
     *
     * @param uptimeSeconds since its start
     * @param heapMaxBytes  the most that the JVM's heap may take
     * @param everySeconds  from one sample to the next
     * @param history       oldest first
     */
    record Body(
            String status,
            Map<String, String> checks,
            long uptimeSeconds,
            long heapMaxBytes,
            long everySeconds,
            List<HealthHistory.Sample> history) {}

    @GetMapping("/health/live")
    ResponseEntity<Live> live() {
        return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(new Live(UP));
    }

    /** @param exclude checks that do not count, as with Kubernetes' own: a balancer leaves out {@code emergency_stop}, so that operators can reach the service to resume it */
    @GetMapping("/health/ready")
    ResponseEntity<Ready> ready(@RequestParam(name = "exclude", defaultValue = "") List<String> exclude) {
        Map<String, Boolean> checks = readiness.checks();
        for (String name : exclude) {
            if (!name.isEmpty() && checks.remove(name) == null) {
                throw new IllegalArgumentException("There is no check \""
                        + name.substring(0, Math.min(60, name.length())) + "\"; there are "
                        + String.join(", ", new TreeSet<>(readiness.checks().keySet())) + ".");
            }
        }
        Ready body = Ready.of(checks);
        return ResponseEntity.status(body.status().equals(UP) ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE)
                .cacheControl(CacheControl.noStore())
                .body(body);
    }

    @GetMapping("/api/admin/health")
    Body health(Caller caller) {
        caller.require(Scopes.ADMIN);
        Ready ready = Ready.of(readiness.checks());
        return new Body(
                ready.status(),
                ready.checks(),
                ManagementFactory.getRuntimeMXBean().getUptime() / 1000,
                Runtime.getRuntime().maxMemory(),
                HealthHistory.EVERY.toSeconds(),
                history.samples());
    }
}
