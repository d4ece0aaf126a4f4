package dev.mynah.server.monitoring;

import dev.mynah.server.account.Scopes;
import dev.mynah.server.web.Callers;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /metrics} in Prometheus's text format, version 0.0.4, for administrators and whoever has the scrape token. */
@RestController
final class MetricsController {
    private static final MediaType TEXT = MediaType.parseMediaType("text/plain;version=0.0.4;charset=utf-8");

    private final PrometheusMeterRegistry registry;

    MetricsController(PrometheusMeterRegistry registry) {
        this.registry = registry;
    }

    @GetMapping("/metrics")
    ResponseEntity<String> scrape() {
        // A scraper is nobody's caller.
        Callers.current().ifPresent(caller -> caller.require(Scopes.ADMIN));
        return ResponseEntity.ok()
                .contentType(TEXT)
                .cacheControl(CacheControl.noStore())
                .body(registry.scrape());
    }
}
