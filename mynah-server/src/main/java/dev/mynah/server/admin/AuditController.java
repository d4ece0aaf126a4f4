package dev.mynah.server.admin;

import dev.mynah.server.account.Caller;
import dev.mynah.server.account.Scopes;
import dev.mynah.server.ops.AuditLog;
import dev.mynah.server.web.Page;
import dev.mynah.server.web.Pages;
import java.util.function.Function;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /api/admin/audit}. */
@RestController
final class AuditController {
    private final AuditLog audit;

    AuditController(AuditLog audit) {
        this.audit = audit;
    }

    /** The newest first. */
    @GetMapping("/api/admin/audit")
    Page<AuditLog.Event> list(
            Caller caller,
            @RequestParam(name = "limit", defaultValue = Pages.DEFAULT) int limit,
            @RequestParam(name = "after", defaultValue = "") String after) {
        caller.require(Scopes.ADMIN);
        int size = Pages.size(limit);
        return Page.of(audit.page(Pages.cursor(after), size), size, Function.identity(), AuditLog.Event::id);
    }
}
