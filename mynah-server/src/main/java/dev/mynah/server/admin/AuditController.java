package dev.mynah.server.admin;

import dev.mynah.server.account.Caller;
import dev.mynah.server.account.Scopes;
import dev.mynah.server.ops.AuditLog;
import dev.mynah.server.web.ApiException;
import dev.mynah.server.web.Page;
import dev.mynah.server.web.Pages;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.util.function.Function;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /api/admin/audit}. */
@RestController
final class AuditController {
    // Four digits of a year, no more: what a database can hold.
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("uuuu-MM-dd").withResolverStyle(ResolverStyle.STRICT);

    private final AuditLog audit;

    AuditController(AuditLog audit) {
        this.audit = audit;
    }

    /** The newest first. {@code q} is looked for in who, on what and the detail, {@code action} is how the action begins, {@code from} and {@code until} are days (UTC), both included. */
    @GetMapping("/api/admin/audit")
    Page<AuditLog.Event> list(
            Caller caller,
            @RequestParam(name = "q", defaultValue = "") String search,
            @RequestParam(name = "action", defaultValue = "") String action,
            @RequestParam(name = "from", defaultValue = "1970-01-01") String from,
            @RequestParam(name = "until", defaultValue = "9998-12-31") String until,
            @RequestParam(name = "limit", defaultValue = Pages.DEFAULT) int limit,
            @RequestParam(name = "after", defaultValue = "") String after) {
        caller.require(Scopes.ADMIN);
        int size = Pages.size(limit);
        AuditLog.Filter filter = new AuditLog.Filter(
                Pages.search(search),
                Pages.search(action),
                start(day(from, "from")),
                start(day(until, "until").plusDays(1)));
        return Page.of(audit.page(filter, Pages.cursor(after), size), size, Function.identity(), AuditLog.Event::id);
    }

    private static Instant start(LocalDate day) {
        return day.atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    private static LocalDate day(String text, String name) {
        try {
            return LocalDate.parse(text, DAY);
        } catch (DateTimeParseException e) {
            throw ApiException.badRequest(name + " must be a day such as 2026-01-31", name, "invalid_value");
        }
    }
}
