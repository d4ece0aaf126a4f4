package dev.mynah.server.billing;

import dev.mynah.server.notice.Notices;
import java.time.Instant;
import java.util.Map;
import org.springframework.stereotype.Component;

/**
 * Books money into wallets and out of them, within the transaction of its caller, and tells the owners when a balance falls below what they asked to be told of: once for each time that it
 * does.
 */
@Component
public final class Wallets {
    static final String WALLET = "wallet";

    private final LedgerRepository ledger;
    private final Notices notices;

    public Wallets(LedgerRepository ledger, Notices notices) {
        this.ledger = ledger;
        this.notices = notices;
    }

    /**
     * Books {@code amount} from an account of the organisation into its wallet, to stay there.
     *
     * @param kind      of the booking; with the reference it is booked once
     * @param account   the kind of the account that it comes from
     * @return the transfer's name
     */
    public String credit(
            String organisationId, String kind, String reference, String account, Money amount, Instant now) {
        String transfer = receive(organisationId, kind, reference, account, amount, now);
        stay(organisationId, amount.currency());
        return transfer;
    }

    /** As {@link #credit}, but the amount may leave at once for what it was paid for; {@link #stay} says when that has happened. */
    public String receive(
            String organisationId, String kind, String reference, String account, Money amount, Instant now) {
        return ledger.transfer(
                kind,
                reference,
                ledger.account(organisationId, account, amount.currency()),
                account(organisationId, amount.currency()),
                amount,
                now);
    }

    /** Says that what is on the wallet now stays there: if that is enough, the owners are told when it falls again. */
    public void stay(String organisationId, String currency) {
        ledger.noteEnough(account(organisationId, currency));
    }

    /**
     * Books {@code amount} from the wallet to another account of the organisation.
     *
     * @throws InsufficientFundsException if the wallet does not cover it, less what is held of it; the transaction must then be undone
     */
    public String debit(
            String organisationId, String kind, String reference, String account, Money amount, Instant now) {
        String wallet = account(organisationId, amount.currency());
        if (!ledger.hold(wallet, amount.micros())) {
            throw new InsufficientFundsException();
        }
        ledger.release(wallet, amount.micros());
        String transfer = ledger.transfer(
                kind, reference, wallet, ledger.account(organisationId, account, amount.currency()), amount, now);
        tellIfLow(organisationId, wallet, now);
        return transfer;
    }

    /** Whether the wallet covers an amount now; it is locked until the transaction ends, so that it still does then. */
    public boolean covers(String organisationId, Money amount) {
        String wallet = account(organisationId, amount.currency());
        if (!ledger.hold(wallet, amount.micros())) {
            return false;
        }
        ledger.release(wallet, amount.micros());
        return true;
    }

    /** Locks the wallet until the transaction ends. */
    public void lock(String organisationId, String currency) {
        ledger.lock(account(organisationId, currency));
    }

    /** Sets the balance below which the owners are told. */
    public void setLowAt(String organisationId, String currency, long lowAt) {
        ledger.setLowAt(account(organisationId, currency), lowAt);
    }

    /** The name of the wallet, which is made if it is not there yet. */
    String account(String organisationId, String currency) {
        return ledger.account(organisationId, WALLET, currency);
    }

    void tellIfLow(String organisationId, String wallet, Instant now) {
        if (ledger.noteLow(wallet)) {
            tellLow(organisationId, now);
        }
    }

    /** Tells the owners that the balance is low. */
    void tellLow(String organisationId, Instant now) {
        LedgerRepository.Balance balance = ledger.wallet(organisationId).orElseThrow();
        notices.add(
                organisationId,
                "low_balance",
                Map.of("balance", balance.balance(), "currency", balance.currency()),
                now);
    }
}
