package dev.mynah.server.billing;

import dev.mynah.server.store.Ids;
import dev.mynah.server.store.Times;
import java.time.Instant;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The books. Entries are only ever added; of the accounts only wallets have a balance that is kept beside them. */
@Component
public final class LedgerRepository {
    private final JdbcClient jdbc;

    public LedgerRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Below which balance the owners are told, unless they say otherwise: 1 USD. */
    public static final long LOW_AT = 1_000_000;

    /**
     * What stands on a wallet, and what of it is held for running answers.
     *
     * @param lowAt the balance below which its owners are told
     */
    public record Balance(String accountId, String currency, long balance, long held, long lowAt) {}

    /** The account of a kind, which is made if it is not there yet. A wallet begins below the balance at which its owners are told, so that an empty one tells nothing. */
    public String account(String organisationId, String kind, String currency) {
        return findAccount(organisationId, kind, currency).orElseGet(() -> {
            jdbc.sql("""
                            insert into ledger_account (id, organisation_id, kind, currency, balance, held, low_at, low)
                            values (?, ?, ?, ?, 0, 0, ?, true) on conflict do nothing
                            """)
                    .params(Ids.next("acct_"), organisationId, kind, currency, LOW_AT)
                    .update();
            return findAccount(organisationId, kind, currency).orElseThrow();
        });
    }

    private Optional<String> findAccount(String organisationId, String kind, String currency) {
        return jdbc.sql("select id from ledger_account where organisation_id = ? and kind = ? and currency = ?")
                .params(organisationId, kind, currency)
                .query(String.class)
                .optional();
    }

    /** Holds an amount of a wallet, or tells that it has not that much. */
    public boolean hold(String accountId, long amount) {
        return jdbc.sql("update ledger_account set held = held + ? where id = ? and balance - held >= ?")
                        .params(amount, accountId, amount)
                        .update()
                == 1;
    }

    public void release(String accountId, long amount) {
        jdbc.sql("update ledger_account set held = held - ? where id = ?")
                .params(amount, accountId)
                .update();
    }

    /**
     * Books {@code amount} from one account to another: two entries that add up to nothing.
     *
     * @param reference what it is for; a kind and a reference are booked once
     * @return the transfer's name
     */
    public String transfer(String kind, String reference, String from, String to, Money amount, Instant now) {
        String id = Ids.next("txn_");
        jdbc.sql("insert into ledger_transfer (id, kind, reference, created_at) values (?, ?, ?, ?)")
                .params(id, kind, reference, Times.sql(now))
                .update();
        enter(id, from, -amount.micros(), amount.currency());
        enter(id, to, amount.micros(), amount.currency());
        return id;
    }

    private void enter(String transferId, String accountId, long amount, String currency) {
        jdbc.sql("insert into ledger_entry (id, transfer_id, account_id, amount, currency) values (?, ?, ?, ?, ?)")
                .params(Ids.next("entry_"), transferId, accountId, amount, currency)
                .update();
        jdbc.sql("update ledger_account set balance = balance + ? where id = ? and kind = 'wallet'")
                .params(amount, accountId)
                .update();
    }

    public Optional<Balance> wallet(String organisationId) {
        return jdbc.sql("select * from ledger_account where organisation_id = ? and kind = 'wallet'")
                .param(organisationId)
                .query((row, n) -> new Balance(
                        row.getString("id"),
                        row.getString("currency"),
                        row.getLong("balance"),
                        row.getLong("held"),
                        row.getLong("low_at")))
                .optional();
    }

    void lock(String accountId) {
        jdbc.sql("select id from ledger_account where id = ? for update")
                .param(accountId)
                .query(String.class)
                .single();
    }

    /** Notes that a balance has fallen below what its owners asked to be told of; false where that was noted already. */
    boolean noteLow(String accountId) {
        return jdbc.sql("update ledger_account set low = true where id = ? and not low and balance < low_at")
                        .param(accountId)
                        .update()
                == 1;
    }

    /** Notes that a balance has risen again. */
    void noteEnough(String accountId) {
        jdbc.sql("update ledger_account set low = false where id = ? and low and balance >= low_at")
                .param(accountId)
                .update();
    }

    void setLowAt(String accountId, long lowAt) {
        jdbc.sql("update ledger_account set low_at = ?, low = balance < ? where id = ?")
                .params(lowAt, lowAt, accountId)
                .update();
    }
}
