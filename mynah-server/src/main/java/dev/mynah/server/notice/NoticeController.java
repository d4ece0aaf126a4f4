package dev.mynah.server.notice;

import dev.mynah.server.account.Caller;
import dev.mynah.server.web.ApiException;
import dev.mynah.server.web.BillingRights;
import dev.mynah.server.web.Page;
import java.time.Clock;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/billing/notices}: what an account's owners were told, the newest hundred. */
@RestController
final class NoticeController {
    private final Notices notices;
    private final BillingRights rights;
    private final Clock clock;

    NoticeController(Notices notices, BillingRights rights, Clock clock) {
        this.notices = notices;
        this.rights = rights;
        this.clock = clock;
    }

    @GetMapping("/api/billing/notices")
    Page<Notices.Notice> list(Caller caller) {
        rights.require(caller);
        return new Page<>(notices.of(caller.organisationId()), null);
    }

    @PostMapping("/api/billing/notices/{id}/read")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void read(Caller caller, @PathVariable String id) {
        rights.require(caller);
        if (!notices.read(caller.organisationId(), id, clock.instant())) {
            throw ApiException.notFound("There is no such notice that is unread.");
        }
    }
}
