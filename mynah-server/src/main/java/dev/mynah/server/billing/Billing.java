package dev.mynah.server.billing;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Sets aside what an answer may cost, and settles what it did cost. Both run within the transaction of their caller. Rows are locked in one order (answer, limits, wallet, caps), so
 * that two answers never wait for each other.
 */
@Component
public final class Billing {
    private final RateLimits limits;
    private final LedgerRepository ledger;
    private final Wallets wallets;
    private final SpendCaps caps;
    private final ReservationRepository reservations;

    public Billing(
            RateLimits limits,
            LedgerRepository ledger,
            Wallets wallets,
            SpendCaps caps,
            ReservationRepository reservations) {
        this.limits = limits;
        this.ledger = ledger;
        this.wallets = wallets;
        this.caps = caps;
        this.reservations = reservations;
    }

    /**
     * Sets aside the most that an answer can cost.
     *
     * @throws LimitExceededException     if the plan has no room for it now
     * @throws InsufficientFundsException if the wallet does not cover it
     * @throws SpendCapException          if a spend cap does not leave so much
     */
    public Reservation reserve(
            String answerId, Spender spender, Plan plan, Prices listed, TokenCounts most, Instant now) {
        String organisationId = spender.organisationId();
        limits.take(organisationId, plan, most.total(), now);
        Prices prices = plan.metered() ? listed : listed.free();
        long amount = prices.most(most);
        @Nullable String account = plan.metered() ? wallets.account(organisationId, prices.currency()) : null;
        if (account != null) {
            if (!ledger.hold(account, amount)) {
                throw new InsufficientFundsException();
            }
            caps.take(spender, amount, now);
        }
        return new Reservation(answerId, account, amount, most.total(), prices, now);
    }

    /** Charges an answer for {@code counts}, and lets go of what was set aside beyond. A settled answer stays as it is. */
    public long settle(String answerId, String organisationId, Outcome outcome, TokenCounts counts, Instant now) {
        Reservation reservation = reservations.close(answerId).orElseThrow();
        TokenCounts charged = counts.charged(outcome);
        limits.giveBack(organisationId, Math.max(0, reservation.tokens() - charged.total()), reservation.createdAt());
        // More than was set aside is never taken: an upstream that reports more than it was allowed is at fault, not
        // the caller.
        long amount = Math.min(reservation.prices().cost(charged), reservation.amount());
        String currency = reservation.prices().currency();
        String transfer = null;
        if (reservation.accountId() != null) {
            ledger.release(reservation.accountId(), reservation.amount());
            caps.giveBack(answerId, organisationId, reservation.amount() - amount, reservation.createdAt());
            if (amount > 0) {
                transfer = ledger.transfer(
                        "answer",
                        answerId,
                        reservation.accountId(),
                        ledger.account(organisationId, "revenue", currency),
                        new Money(amount, currency),
                        now);
                wallets.tellIfLow(organisationId, reservation.accountId(), now);
            }
        }
        reservations.insert(new Settlement(answerId, outcome, amount, currency, transfer, now));
        return amount;
    }

    /** Puts credit on a wallet that nobody paid for. */
    public void grant(String organisationId, Money amount, String reference, Instant now) {
        wallets.credit(organisationId, "grant", reference, "grant", amount, now);
    }
}
