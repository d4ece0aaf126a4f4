package dev.mynah.server.billing;

import dev.mynah.server.store.Ids;
import dev.mynah.server.store.Sql;
import dev.mynah.server.store.Times;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The books. Entries are only ever added; of the accounts only wallets have a balance that is kept beside them. */
@Component
public final class LedgerRepository {
    private static final String ENTER =
            "insert into ledger_entry (id, transfer_id, account_id, amount, currency) values (?, ?, ?, ?, ?)";

    private static final String LOW =
            "update ledger_account set low = true where id = ? and not low and balance < low_at";

    static final int RECEIVED = 3;
    static final int LOWERED = 4;

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
        Sql find = find(organisationId, kind, currency);
        return jdbc.sql(find.text()).params(find.values()).query(String.class).optional();
    }

    /** Holds an amount of an organisation's wallet; changes no row where it has not so much, or there is none. */
    static Sql hold(String organisationId, String currency, long amount) {
        return Sql.of(
                "update ledger_account set held = held + ? where organisation_id = ? and kind = 'wallet' and currency = ? and balance - held >= ?",
                amount,
                organisationId,
                currency,
                amount);
    }

    /** Reads the {@code id} of an account. */
    static Sql find(String organisationId, String kind, String currency) {
        return Sql.of(
                "select id from ledger_account where organisation_id = ? and kind = ? and currency = ?",
                organisationId,
                kind,
                currency);
    }

    /** Lets go of what is held of a wallet. */
    static Sql letGo(String accountId, long amount) {
        return Sql.of("update ledger_account set held = held - ? where id = ?", amount, accountId);
    }

    /**
     * Books what an answer cost from the wallet of its reservation to the organisation's revenue. Statement {@link #RECEIVED} changes no row where that account is not there yet, {@link #LOWERED} one where the
     * owners are to be told.
     */
    static List<Sql> charge(
            String transferId, Reservation reservation, String organisationId, Money cost, Instant now) {
        @Nullable String wallet = reservation.accountId();
        return List.of(
                Sql.of(
                        "update ledger_account set held = held - ?, balance = balance - ? where id = ?",
                        reservation.amount(),
                        cost.micros(),
                        wallet),
                Sql.of(
                        "insert into ledger_transfer (id, kind, reference, created_at) values (?, 'answer', ?, ?)",
                        transferId,
                        reservation.answerId(),
                        Times.sql(now)),
                Sql.of(ENTER, Ids.next("entry_"), transferId, wallet, -cost.micros(), cost.currency()),
                receive(transferId, organisationId, cost),
                Sql.of(LOW, wallet));
    }

    /** Enters what an answer cost into the organisation's revenue. */
    static Sql receive(String transferId, String organisationId, Money cost) {
        return Sql.of("""
                insert into ledger_entry (id, transfer_id, account_id, amount, currency)
                select cast(? as varchar), cast(? as varchar), id, cast(? as bigint), currency from ledger_account
                where organisation_id = ? and kind = 'revenue' and currency = ?
                """, Ids.next("entry_"), transferId, cost.micros(), organisationId, cost.currency());
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
        jdbc.sql(ENTER)
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
        return jdbc.sql(LOW).param(accountId).update() == 1;
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
