package dev.mynah.server.voucher;

import dev.mynah.server.account.Caller;
import dev.mynah.server.account.Scopes;
import dev.mynah.server.billing.Money;
import dev.mynah.server.billing.PlanRepository;
import dev.mynah.server.web.ApiException;
import dev.mynah.server.web.BillingRights;
import dev.mynah.server.web.JsonObject;
import dev.mynah.server.web.Page;
import dev.mynah.server.web.Pages;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/billing/vouchers}: redeeming; {@code /api/admin/vouchers}: making and listing. */
@RestController
final class VoucherController {
    private static final int MAX_CODES = 1_000;
    private static final int MAX_REDEMPTIONS = 1_000_000;
    private static final int MAX_NOTE = 200;
    private static final long MAX_AMOUNT = 1_000_000_000_000L;
    private static final long LAST_SECOND = 253_402_300_799L;

    private final Vouchers vouchers;
    private final PlanRepository plans;
    private final BillingRights rights;

    VoucherController(Vouchers vouchers, PlanRepository plans, BillingRights rights) {
        this.vouchers = vouchers;
        this.plans = plans;
        this.rights = rights;
    }

    record Redeemed(long amount, String currency) {}

    @PostMapping("/api/billing/vouchers")
    Redeemed redeem(Caller caller, JsonObject body) {
        rights.require(caller);
        String code = body.requiredString("code");
        body.finish();
        Money amount = vouchers.redeem(caller, code);
        return new Redeemed(amount.micros(), amount.currency());
    }

    @GetMapping("/api/admin/vouchers")
    Page<Vouchers.Batch> list(
            Caller caller,
            @RequestParam(name = "limit", defaultValue = Pages.DEFAULT) int limit,
            @RequestParam(name = "after", defaultValue = "") String after) {
        caller.require(Scopes.ADMIN);
        int size = Pages.size(limit);
        List<Vouchers.Batch> rows = vouchers.page(Pages.cursor(after), size);
        return Page.of(rows, size, batch -> batch, Vouchers.Batch::id);
    }

    /** {@code expires_at} is seconds since 1970. The response is the only one that ever holds the codes. */
    @PostMapping("/api/admin/vouchers")
    @ResponseStatus(HttpStatus.CREATED)
    Vouchers.Made make(Caller caller, JsonObject body) {
        caller.require(Scopes.ADMIN);
        long amount = body.integer("amount", 1L, MAX_AMOUNT).orElseThrow(() -> body.missing("amount"));
        String currency = body.string("currency").orElseGet(plans::currency);
        int count = body.integer("count", 1, MAX_CODES).orElse(1);
        int redemptions = body.integer("max_redemptions", 1, MAX_REDEMPTIONS).orElse(1);
        OptionalLong expires = body.integer("expires_at", 0L, LAST_SECOND);
        String note = body.string("note").orElse("").strip();
        body.finish();
        if (note.length() > MAX_NOTE) {
            throw body.invalid("note", "a note has at most " + MAX_NOTE + " characters");
        }
        if (!currency.equals(plans.currency())) {
            throw body.invalid("currency", "wallets are kept in " + plans.currency());
        }
        Vouchers.Order order = new Vouchers.Order(
                note,
                new Money(amount, currency),
                expires.isPresent() ? Instant.ofEpochSecond(expires.getAsLong()) : null,
                redemptions);
        return vouchers.make(order, count, caller.userId());
    }

    /** Makes a batch's codes worthless. */
    @DeleteMapping("/api/admin/vouchers/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void revoke(Caller caller, @PathVariable String id) {
        caller.require(Scopes.ADMIN);
        if (!vouchers.revoke(id, caller.userId())) {
            throw ApiException.notFound("There is no such batch that is good.");
        }
    }
}
