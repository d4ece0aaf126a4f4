package dev.mynah.server.payment;

import dev.mynah.server.account.Caller;
import dev.mynah.server.billing.BillingException;
import dev.mynah.server.billing.MinorUnits;
import dev.mynah.server.billing.Money;
import dev.mynah.server.store.Ids;
import dev.mynah.server.store.Transactions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Begins payments. What becomes of them is booked by {@link PaymentBooks}. */
public final class Payments {
    /** How long nothing may be heard of a payment before the provider is asked. */
    static final Duration PATIENCE = Duration.ofMinutes(10);

    private static final int AGE_TO_PAUSE = 4;

    private final PaymentRepository repository;
    private final Optional<PaymentProvider> provider;
    private final Transactions transactions;
    private final Clock clock;

    public Payments(
            PaymentRepository repository, Optional<PaymentProvider> provider, Transactions transactions, Clock clock) {
        this.repository = repository;
        this.provider = provider;
        this.transactions = transactions;
        this.clock = clock;
    }

    /** A payment that the customer is to make on the page {@code url}. */
    public record Begun(Payment payment, String url) {}

    /** What is to be paid. */
    public record Order(
            String organisationId,
            String userId,
            Payment.Purpose purpose,
            @Nullable String planId,
            @Nullable Integer period,
            Money amount) {

        /** In the name of a caller. */
        public static Order by(
                Caller caller,
                Payment.Purpose purpose,
                @Nullable String planId,
                @Nullable Integer period,
                Money amount) {
            return new Order(caller.organisationId(), caller.userId(), purpose, planId, period, amount);
        }
    }

    /** When the provider is asked again about what it has under way: soon at first, then ever less often, since a page is open for a day, and what comes from a bank may take a fortnight. */
    static Instant nextLook(Instant createdAt, Instant now) {
        Duration pause = Duration.between(createdAt, now).dividedBy(AGE_TO_PAUSE);
        return now.plus(pause.compareTo(PATIENCE) < 0 ? PATIENCE : pause);
    }

    /** Who takes payments now. */
    public Optional<PaymentProvider> provider() {
        return provider;
    }

    /**
     * The provider of this name.
     *
     * @throws BillingException if it takes no payments here
     */
    PaymentProvider provider(String id) {
        return provider.filter(one -> one.id().equals(id))
                .orElseThrow(() -> new BillingException(
                        "payments_off", "Payments through \"" + id + "\" are not set up on this service."));
    }

    /**
     * Prepares a page to pay on.
     *
     * @throws BillingException  if this service takes no payments
     * @throws ProviderException if the provider does not answer
     */
    public Begun checkout(Order order) {
        PaymentProvider taker = provider.orElseThrow(Payments::off);
        MinorUnits.of(order.amount());
        Payment payment = payment(order, taker);
        transactions.run(() -> repository.insert(payment, null));
        @Nullable
        PaymentMethod method = repository
                .method(order.organisationId())
                .filter(known -> known.provider().equals(taker.id()))
                .orElse(null);
        try {
            PaymentProvider.Checkout checkout = taker.checkout(payment, method);
            repository.setCheckout(
                    payment.id(), checkout.reference(), payment.createdAt().plus(PATIENCE));
            return new Begun(payment, checkout.url());
        } catch (ProviderException e) {
            // Nobody has been shown a page to pay on.
            repository.fail(payment.id(), "the provider did not answer", clock.instant());
            throw e;
        }
    }

    /** Notes a charge of the organisation's payment method, within the transaction of its caller; {@link PaymentBooks#charge} makes it afterwards. Empty where there is no method. */
    public Optional<Payment> charge(Order order, Instant now) {
        return provider.flatMap(taker -> repository
                .method(order.organisationId())
                .filter(method -> method.provider().equals(taker.id()))
                .map(method -> {
                    Payment payment = payment(order, taker);
                    repository.insert(payment, now.plus(PATIENCE));
                    return payment;
                }));
    }

    private Payment payment(Order order, PaymentProvider taker) {
        return new Payment(
                Ids.next("pay_"),
                order.organisationId(),
                order.userId(),
                taker.id(),
                order.purpose(),
                order.planId(),
                order.period(),
                order.amount(),
                0,
                Payment.State.PENDING,
                null,
                null,
                null,
                clock.instant());
    }

    private static BillingException off() {
        return new BillingException("payments_off", "This service takes no payments. Ask its operators for a voucher.");
    }
}
