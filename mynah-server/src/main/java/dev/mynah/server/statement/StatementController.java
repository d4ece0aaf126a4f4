package dev.mynah.server.statement;

import dev.mynah.server.account.Caller;
import dev.mynah.server.account.Scopes;
import dev.mynah.server.web.ApiException;
import dev.mynah.server.web.BillingRights;
import dev.mynah.server.web.Page;
import dev.mynah.server.web.Pages;
import java.util.List;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/billing/statements}: the monthly statements of one's own; {@code /api/admin/statements}: of all. */
@RestController
final class StatementController {
    private static final MediaType CSV = MediaType.parseMediaType("text/csv;charset=UTF-8");

    private final StatementRepository statements;
    private final BillingRights rights;

    StatementController(StatementRepository statements, BillingRights rights) {
        this.statements = statements;
        this.rights = rights;
    }

    /** The newest first. */
    @GetMapping("/api/billing/statements")
    Page<Statement> list(
            Caller caller,
            @RequestParam(name = "limit", defaultValue = Pages.DEFAULT) int limit,
            @RequestParam(name = "after", defaultValue = "") String after) {
        rights.require(caller);
        return page(caller.organisationId(), limit, after);
    }

    @GetMapping("/api/billing/statements/{id}")
    Statement get(Caller caller, @PathVariable String id) {
        rights.require(caller);
        Statement statement = find(id);
        if (!statement.organisationId().equals(caller.organisationId())) {
            throw notFound();
        }
        return statement;
    }

    @GetMapping("/api/billing/statements/{id}/csv")
    ResponseEntity<String> csv(Caller caller, @PathVariable String id) {
        return csv(get(caller, id));
    }

    @GetMapping("/api/admin/statements")
    Page<Statement> all(
            Caller caller,
            @RequestParam(name = "organisation_id", defaultValue = "") String organisationId,
            @RequestParam(name = "limit", defaultValue = Pages.DEFAULT) int limit,
            @RequestParam(name = "after", defaultValue = "") String after) {
        caller.require(Scopes.ADMIN);
        return page(organisationId, limit, after);
    }

    @GetMapping("/api/admin/statements/{id}")
    Statement any(Caller caller, @PathVariable String id) {
        caller.require(Scopes.ADMIN);
        return find(id);
    }

    @GetMapping("/api/admin/statements/{id}/csv")
    ResponseEntity<String> anyCsv(Caller caller, @PathVariable String id) {
        return csv(any(caller, id));
    }

    private Page<Statement> page(String organisationId, int limit, String after) {
        int size = Pages.size(limit);
        List<Statement> rows = statements.page(organisationId, Pages.cursor(after), size);
        return Page.of(rows, size, statement -> statement, Statement::id);
    }

    private Statement find(String id) {
        return statements.find(id).orElseThrow(StatementController::notFound);
    }

    private static ApiException notFound() {
        return ApiException.notFound("There is no such statement.");
    }

    private static ResponseEntity<String> csv(Statement statement) {
        return ResponseEntity.ok()
                .contentType(CSV)
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        ContentDisposition.attachment()
                                .filename("statement-" + statement.number() + ".csv")
                                .build()
                                .toString())
                .body(StatementCsv.of(statement));
    }
}
