package dev.mynah.server.payment;

import dev.mynah.server.account.Caller;
import dev.mynah.server.account.Scopes;
import dev.mynah.server.billing.BillingException;
import dev.mynah.server.billing.InsufficientFundsException;
import dev.mynah.server.web.ApiException;
import dev.mynah.server.web.JsonObject;
import dev.mynah.server.web.Page;
import dev.mynah.server.web.Pages;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/admin/payments}: all payments, and refunds of them. */
@RestController
@RequestMapping("/api/admin/payments")
final class RefundController {
    private static final int MAX_REASON = 400;

    private final Refunds refunds;
    private final PaymentRepository payments;

    RefundController(Refunds refunds, PaymentRepository payments) {
        this.refunds = refunds;
        this.payments = payments;
    }

    /** A refund. */
    record RefundBody(
            String id,
            long amount,
            String currency,
            String source,
            String state,
            String reason,
            @Nullable String failure,
            String requestedBy,
            Instant createdAt) {
        static RefundBody of(Refund refund) {
            return new RefundBody(
                    refund.id(),
                    refund.amount().micros(),
                    refund.amount().currency(),
                    refund.source(),
                    refund.state().id(),
                    refund.reason(),
                    refund.failure(),
                    refund.requestedBy(),
                    refund.createdAt());
        }
    }

    /** A payment as administrators see it. */
    record Body(
            String organisationId,
            String userId,
            @Nullable String reference,
            PaymentController.Body payment,
            List<RefundBody> refunds) {}

    /** The newest first. */
    @GetMapping
    Page<Body> list(
            Caller caller,
            @RequestParam(name = "organisation_id", defaultValue = "") String organisationId,
            @RequestParam(name = "limit", defaultValue = Pages.DEFAULT) int limit,
            @RequestParam(name = "after", defaultValue = "") String after) {
        caller.require(Scopes.ADMIN);
        int size = Pages.size(limit);
        List<Payment> page = payments.page(organisationId, Pages.cursor(after), size);
        List<Refund> made = refunds.of(page.stream().map(Payment::id).toList());
        return Page.of(page, size, payment -> body(payment, made), Payment::id);
    }

    private static Body body(Payment payment, List<Refund> refunds) {
        return new Body(
                payment.organisationId(),
                payment.userId(),
                payment.paymentReference(),
                PaymentController.Body.of(payment),
                refunds.stream()
                        .filter(refund -> refund.paymentId().equals(payment.id()))
                        .map(RefundBody::of)
                        .toList());
    }

    /** Gives {@code amount} micro-units back, or all that is left. */
    @PostMapping("/{id}/refunds")
    @ResponseStatus(HttpStatus.CREATED)
    RefundBody refund(Caller caller, @PathVariable String id, JsonObject body) {
        caller.require(Scopes.ADMIN);
        Payment payment = payments.find(id).orElseThrow(() -> ApiException.notFound("There is no such payment."));
        long left = payment.amount().micros() - payment.refunded();
        long amount = body.integer("amount", 1L, Long.MAX_VALUE).orElse(left);
        String reason = body.string("reason").orElse("").strip();
        body.finish();
        if (reason.length() > MAX_REASON) {
            throw body.invalid("reason", "a reason has at most " + MAX_REASON + " characters");
        }
        if (amount == 0) {
            throw new BillingException("refund_too_large", "All of this payment was refunded.");
        }
        try {
            return RefundBody.of(refunds.refund(id, amount, reason, caller.userId()));
        } catch (InsufficientFundsException e) {
            throw new BillingException(
                    "balance_too_low", "So much of this payment is no longer on the wallet: it was used.");
        }
    }
}
