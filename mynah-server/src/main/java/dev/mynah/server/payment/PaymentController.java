package dev.mynah.server.payment;

import dev.mynah.server.account.Caller;
import dev.mynah.server.billing.BillingException;
import dev.mynah.server.billing.MinorUnits;
import dev.mynah.server.billing.Money;
import dev.mynah.server.billing.PlanRepository;
import dev.mynah.server.web.ApiException;
import dev.mynah.server.web.BillingRights;
import dev.mynah.server.web.Idempotency;
import dev.mynah.server.web.JsonObject;
import dev.mynah.server.web.Page;
import dev.mynah.server.web.Pages;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/billing}: topping up, one's payments, and the test provider's page. */
@RestController
@RequestMapping("/api/billing")
final class PaymentController {
    private static final long LEAST_UNITS = 100;
    private static final long MOST = 10_000_000_000L;

    private final Payments payments;
    private final PaymentBooks books;
    private final PaymentRepository repository;
    private final PlanRepository plans;
    private final BillingRights rights;
    private final Idempotency idempotency;

    PaymentController(
            Payments payments,
            PaymentBooks books,
            PaymentRepository repository,
            PlanRepository plans,
            BillingRights rights,
            Idempotency idempotency) {
        this.payments = payments;
        this.books = books;
        this.repository = repository;
        this.plans = plans;
        this.rights = rights;
        this.idempotency = idempotency;
    }

    /** A payment as its payer sees it. */
    record Body(
            String id,
            String provider,
            String purpose,
            @Nullable String plan,
            long amount,
            long refunded,
            String currency,
            String state,
            @Nullable String failure,
            Instant createdAt) {
        static Body of(Payment payment) {
            return new Body(
                    payment.id(),
                    payment.provider(),
                    payment.purpose().id(),
                    payment.planId(),
                    payment.amount().micros(),
                    payment.refunded(),
                    payment.amount().currency(),
                    payment.state().id(),
                    payment.failure(),
                    payment.createdAt());
        }
    }

    /** @param url where to pay */
    record Begun(String paymentId, String url) {}

    /** {@code amount} is micro-units. An {@code Idempotency-Key} lets it be sent again. */
    @PostMapping("/top-ups")
    @Nullable
    Object topUp(Caller caller, JsonObject body, HttpServletRequest request) {
        rights.require(caller);
        return idempotency.once(request, caller, body, () -> {
            String currency = plans.currency();
            long least = LEAST_UNITS * MinorUnits.micros(currency);
            long amount = body.integer("amount", least, MOST).orElseThrow(() -> body.missing("amount"));
            body.finish();
            if (!MinorUnits.isWhole(amount, currency)) {
                throw body.invalid(
                        "amount",
                        "an amount in " + currency + " is a multiple of " + MinorUnits.micros(currency)
                                + " micro-units");
            }
            Payments.Begun begun = payments.checkout(
                    Payments.Order.by(caller, Payment.Purpose.TOP_UP, null, null, new Money(amount, currency)));
            return new Begun(begun.payment().id(), begun.url());
        });
    }

    /** The newest first. */
    @GetMapping("/payments")
    Page<Body> list(
            Caller caller,
            @RequestParam(name = "limit", defaultValue = Pages.DEFAULT) int limit,
            @RequestParam(name = "after", defaultValue = "") String after) {
        rights.require(caller);
        int size = Pages.size(limit);
        List<Payment> rows = repository.page(caller.organisationId(), Pages.cursor(after), size);
        return Page.of(rows, size, Body::of, Payment::id);
    }

    @GetMapping("/payments/{id}")
    Body get(Caller caller, @PathVariable String id) {
        return Body.of(own(caller, id));
    }

    private Payment own(Caller caller, String id) {
        rights.require(caller);
        return repository
                .find(id)
                .filter(payment -> payment.organisationId().equals(caller.organisationId()))
                .orElseThrow(() -> ApiException.notFound("There is no such payment."));
    }

    /** What the test provider's page says: {@code pays}, {@code pays_once} (renewals are declined) or {@code declines}. */
    @PostMapping("/payments/{id}/test")
    Body test(Caller caller, @PathVariable String id, JsonObject body) {
        Payment payment = own(caller, id);
        payments.provider(TestPayments.ID);
        String outcome = body.requiredString("outcome");
        body.finish();
        if (!outcome.matches("pays|pays_once|declines")) {
            throw body.invalid("outcome", "it is one of pays, pays_once, declines");
        }
        if (!payment.provider().equals(TestPayments.ID) || payment.state() == Payment.State.SUCCEEDED) {
            throw new BillingException("payment_settled", "This payment is none of the test provider's, or was made.");
        }
        if (outcome.equals("declines")) {
            books.fail(id, "The test card was declined.");
        } else {
            if (payment.purpose() != Payment.Purpose.TOP_UP) {
                String method = outcome.equals("pays") ? TestPayments.ALWAYS_PAYS : TestPayments.DECLINES_LATER;
                books.keepMethod(
                        caller.organisationId(),
                        new PaymentMethod(TestPayments.ID, "test_" + caller.organisationId(), method));
            }
            books.succeed(id, "test_" + id, payment.amount());
        }
        return Body.of(own(caller, id));
    }
}
