package dev.mynah.server.admin;

import dev.mynah.server.account.Caller;
import dev.mynah.server.account.Scopes;
import dev.mynah.server.ops.AuditLog;
import dev.mynah.server.ops.ServiceState;
import dev.mynah.server.store.Transactions;
import dev.mynah.server.web.JsonObject;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/admin/settings}: what administrators set for the whole service. */
@RestController
@RequestMapping("/api/admin/settings")
final class SettingsController {
    private final ServiceState state;
    private final Transactions transactions;
    private final AuditLog audit;

    SettingsController(ServiceState state, Transactions transactions, AuditLog audit) {
        this.state = state;
        this.transactions = transactions;
        this.audit = audit;
    }

    /** @param comparisonRate the share of questions whose users are shown two answers, 0 to 1 */
    record Body(double comparisonRate) {}

    @GetMapping
    Body get(Caller caller) {
        caller.require(Scopes.ADMIN);
        return new Body(state.comparisonRate());
    }

    @PutMapping
    Body put(Caller caller, JsonObject body) {
        caller.require(Scopes.ADMIN);
        double rate = body.number("comparison_rate", 0, 1).orElseThrow(() -> body.missing("comparison_rate"));
        body.finish();
        transactions.run(() -> {
            state.setComparisonRate(rate);
            audit.record(caller.userId(), "settings.update", "comparison_rate", String.valueOf(rate));
        });
        return get(caller);
    }
}
