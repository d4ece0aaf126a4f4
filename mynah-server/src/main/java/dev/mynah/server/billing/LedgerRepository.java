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

    /** What stands on a wallet, and what of it is held for running answers. */
    public record Balance(String accountId, String currency, long balance, long held) {}

    /** The account of a kind, which is made if it is not there yet. */
    public String account(String organisationId, String kind, String currency) {
        return findAccount(organisationId, kind, currency).orElseGet(() -> {
            jdbc.sql("""
                            insert into ledger_account (id, organisation_id, kind, currency, balance, held)
                            values (?, ?, ?, ?, 0, 0) on conflict do nothing
                            """)
                    .params(Ids.next("acct_"), organisationId, kind, currency)
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
                        row.getString("id"), row.getString("currency"), row.getLong("balance"), row.getLong("held")))
                .optional();
    }
}
