package dev.mynah.server.billing;

import dev.mynah.server.store.Ids;
import dev.mynah.server.store.Rounds;
import dev.mynah.server.store.Sql;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
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
    private final ReservationRepository reservations;
    private final Rounds rounds;

    public Billing(
            RateLimits limits,
            LedgerRepository ledger,
            Wallets wallets,
            ReservationRepository reservations,
            Rounds rounds) {
        this.limits = limits;
        this.ledger = ledger;
        this.wallets = wallets;
        this.reservations = reservations;
        this.rounds = rounds;
    }

    /**
     * What was set aside.
     *
     * @param remaining what that leaves of the plan's limits
     */
    public record Reserved(Reservation reservation, RateLimits.Remaining remaining) {}

    /**
     * Sets aside the most that an answer can cost. The reservation itself is for the caller to keep.
     *
     * @throws LimitExceededException     if the plan has no room for it now
     * @throws InsufficientFundsException if the wallet does not cover it
     * @throws SpendCapException          if a spend cap does not leave so much
     */
    public Reserved reserve(String answerId, Spender spender, Plan plan, Prices listed, TokenCounts most, Instant now) {
        String organisationId = spender.organisationId();
        Prices prices = plan.metered() ? listed : listed.free();
        long amount = prices.most(most);
        List<Sql> limited = limits.take(organisationId, plan, most.total(), now);
        List<Sql> all = new ArrayList<>(limited);
        if (plan.metered()) {
            all.add(LedgerRepository.hold(organisationId, prices.currency(), amount));
            all.add(LedgerRepository.find(organisationId, Wallets.WALLET, prices.currency()));
            all.addAll(SpendCaps.take(spender, amount, now));
        }
        List<Rounds.Result> results = rounds.run(all);
        RateLimits.Remaining remaining =
                limits.taken(organisationId, plan, most.total(), now, results.subList(0, limited.size()));
        @Nullable String account = null;
        if (plan.metered()) {
            account = held(organisationId, prices.currency(), amount, results.subList(limited.size(), results.size()));
            SpendCaps.taken(results);
        }
        return new Reserved(new Reservation(answerId, account, amount, most.total(), prices, now), remaining);
    }

    /**
     * Refuses who could not be given a single token now, before anything is done for it that is dear; nothing is set aside.
     *
     * @throws LimitExceededException     as {@link #reserve}
     * @throws InsufficientFundsException as {@link #reserve}
     */
    public void requireRoom(String organisationId, Plan plan, Prices listed, Instant now) {
        limits.requireRoom(organisationId, plan, now);
        Prices prices = plan.metered() ? listed : listed.free();
        long free = ledger.wallet(organisationId)
                .map(wallet -> wallet.balance() - wallet.held())
                .orElse(0L);
        if (free < prices.most(new TokenCounts(1, 0, 1))) {
            throw new InsufficientFundsException();
        }
    }

    /** The wallet of which an amount is held. */
    private String held(String organisationId, String currency, long amount, List<Rounds.Result> results) {
        if (results.getFirst().count() == 1) {
            return String.valueOf(results.get(1).rows().getFirst().get("id"));
        }
        boolean there = results.get(1).count() == 1;
        String account = there ? "" : wallets.account(organisationId, currency);
        if (there || !ledger.hold(account, amount)) {
            throw new InsufficientFundsException();
        }
        return account;
    }

    /**
     * Charges an answer of which {@code counts} were delivered, and lets go of what was set aside beyond.
     *
     * @param further what else is written in the same round, given what the answer costs
     * @return what it costs, in micro-units
     */
    public long settle(
            Reservation reservation,
            Spender spender,
            Outcome outcome,
            TokenCounts counts,
            Instant now,
            LongFunction<Sql> further) {
        String organisationId = spender.organisationId();
        String answerId = reservation.answerId();
        String currency = reservation.prices().currency();
        // More than was set aside is never taken: an upstream that reports more than it was allowed is at fault, not
        // the caller.
        long amount = Math.min(reservation.prices().cost(counts.charged(outcome)), reservation.amount());
        @Nullable String wallet = reservation.accountId();
        @Nullable String transfer = wallet != null && amount > 0 ? Ids.next("txn_") : null;
        long unused = Math.max(0, reservation.tokens() - counts.charged(outcome).total());
        List<Sql> all = new ArrayList<>(limits.giveBack(organisationId, unused, reservation.createdAt()));
        int before = all.size();
        if (wallet != null) {
            all.addAll(
                    transfer == null
                            ? List.of(LedgerRepository.letGo(wallet, reservation.amount()))
                            : LedgerRepository.charge(
                                    transfer, reservation, organisationId, new Money(amount, currency), now));
            all.add(SpendCaps.change(spender, amount - reservation.amount(), reservation.createdAt()));
        }
        all.add(reservations.insert(new Settlement(answerId, outcome, amount, currency, transfer, now)));
        all.add(further.apply(amount));
        List<Rounds.Result> results = rounds.run(all);
        if (transfer != null) {
            charged(results.subList(before, all.size()), transfer, organisationId, new Money(amount, currency), now);
        }
        return amount;
    }

    /** @param results of {@link LedgerRepository#charge} and what follows */
    private void charged(List<Rounds.Result> results, String transfer, String organisationId, Money cost, Instant now) {
        if (results.get(LedgerRepository.RECEIVED).count() == 0) {
            ledger.account(organisationId, "revenue", cost.currency());
            rounds.run(List.of(LedgerRepository.receive(transfer, organisationId, cost)));
        }
        if (results.get(LedgerRepository.LOWERED).count() == 1) {
            wallets.tellLow(organisationId, now);
        }
    }

    /** Puts credit on a wallet that nobody paid for. */
    public void grant(String organisationId, Money amount, String reference, Instant now) {
        wallets.credit(organisationId, "grant", reference, "grant", amount, now);
    }
}
