package dev.mynah.server.voucher;

import dev.mynah.server.account.Caller;
import dev.mynah.server.billing.BillingException;
import dev.mynah.server.billing.MinorUnits;
import dev.mynah.server.billing.Money;
import dev.mynah.server.billing.PlanRepository;
import dev.mynah.server.billing.Wallets;
import dev.mynah.server.ops.AuditLog;
import dev.mynah.server.store.Ids;
import dev.mynah.server.store.ServerSecret;
import dev.mynah.server.store.Times;
import dev.mynah.server.store.Transactions;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Makes vouchers and redeems them. The database has a code's HMAC only: who reads it cannot redeem anything. A redemption is counted by one conditional update, and once for each user.
 */
@Component
public final class Vouchers {
    private final JdbcClient jdbc;
    private final Wallets wallets;
    private final PlanRepository plans;
    private final ServerSecret secret;
    private final Transactions transactions;
    private final AuditLog audit;
    private final Clock clock;

    Vouchers(
            JdbcClient jdbc,
            Wallets wallets,
            PlanRepository plans,
            ServerSecret secret,
            Transactions transactions,
            AuditLog audit,
            Clock clock) {
        this.jdbc = jdbc;
        this.wallets = wallets;
        this.plans = plans;
        this.secret = secret;
        this.transactions = transactions;
        this.audit = audit;
        this.clock = clock;
    }

    /**
     * What the codes of a batch are worth.
     *
     * @param note           what they are for
     * @param maxRedemptions of each code
     */
    public record Order(String note, Money amount, @Nullable Instant expiresAt, int maxRedemptions) {}

    /** Codes that were just made, shown this once. */
    public record Made(String batchId, List<String> codes) {}

    /** Makes {@code count} codes, in the name of {@code actor}. */
    public Made make(Order order, int count, String actor) {
        MinorUnits.of(order.amount());
        String currency = plans.currency();
        if (!currency.equals(order.amount().currency())) {
            throw new IllegalArgumentException("vouchers are worth " + currency + ", as wallets are");
        }
        List<String> codes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            codes.add(VoucherCodes.next());
        }
        String batch = Ids.next("vbatch_");
        transactions.run(() -> {
            jdbc.sql(
                            "insert into voucher_batch (id, note, amount, currency, expires_at, max_redemptions, created_by, created_at) values (?, ?, ?, ?, ?, ?, ?, ?)")
                    .params(batch, order.note(), order.amount().micros(), currency)
                    .param(Times.sqlOrNull(order.expiresAt()))
                    .params(order.maxRedemptions(), actor, Times.sql(clock.instant()))
                    .update();
            codes.forEach(code -> insert(batch, code));
            audit.record(actor, "voucher.make", batch, count + " x " + order.amount());
        });
        return new Made(batch, codes);
    }

    private void insert(String batch, String code) {
        jdbc.sql("insert into voucher (id, batch_id, code_hash, hint, redeemed) values (?, ?, ?, ?, 0)")
                .params(Ids.next("voucher_"), batch, hash(code), code.substring(code.length() - 4))
                .update();
    }

    private String hash(String code) {
        return secret.hash("voucher:" + VoucherCodes.normal(code));
    }

    private record Found(
            String id,
            Money amount,
            int max,
            @Nullable Instant expiresAt,
            @Nullable Instant revokedAt) {}

    /**
     * Puts a voucher's worth on the caller's wallet.
     *
     * @throws BillingException if there is no such code, or it is good no more, or the caller had it already
     */
    public Money redeem(Caller caller, String code) {
        if (!VoucherCodes.isPossible(code)) {
            throw unknown();
        }
        return transactions.call(() -> {
            Instant now = clock.instant();
            Found voucher = jdbc.sql(
                            "select v.id as voucher_id, b.* from voucher v join voucher_batch b on b.id = v.batch_id where v.code_hash = ?")
                    .param(hash(code))
                    .query(Vouchers::found)
                    .optional()
                    .orElseThrow(Vouchers::unknown);
            if (voucher.revokedAt != null) {
                throw unknown();
            }
            if (voucher.expiresAt != null && !now.isBefore(voucher.expiresAt)) {
                throw new BillingException("voucher_expired", "This voucher has expired.");
            }
            if (jdbc.sql("update voucher set redeemed = redeemed + 1 where id = ? and redeemed < ?")
                            .params(voucher.id, voucher.max)
                            .update()
                    == 0) {
                throw new BillingException("voucher_used", "This voucher was redeemed already.");
            }
            book(caller, voucher, now);
            return voucher.amount;
        });
    }

    /** While the voucher's row is locked, so that nobody redeems it meanwhile. */
    private void book(Caller caller, Found voucher, Instant now) {
        if (jdbc.sql("select count(*) from voucher_redemption where voucher_id = ? and user_id = ?")
                        .params(voucher.id, caller.userId())
                        .query(Long.class)
                        .single()
                > 0) {
            throw new BillingException("voucher_used", "You have redeemed this voucher already.");
        }
        String transfer = wallets.credit(
                caller.organisationId(), "voucher", voucher.id + ":" + caller.userId(), "voucher", voucher.amount, now);
        jdbc.sql(
                        "insert into voucher_redemption (voucher_id, user_id, organisation_id, transfer_id, redeemed_at) values (?, ?, ?, ?, ?)")
                .params(voucher.id, caller.userId(), caller.organisationId(), transfer, Times.sql(now))
                .update();
    }

    private static Found found(ResultSet row, int number) throws SQLException {
        return new Found(
                row.getString("voucher_id"),
                new Money(row.getLong("amount"), row.getString("currency")),
                row.getInt("max_redemptions"),
                Times.getOrNull(row, "expires_at"),
                Times.getOrNull(row, "revoked_at"));
    }

    private static BillingException unknown() {
        return new BillingException("unknown_voucher", "There is no such voucher.");
    }

    /** A batch as administrators see it. */
    public record Batch(
            String id,
            String note,
            long amount,
            String currency,
            @Nullable Instant expiresAt,
            int maxRedemptions,
            long codes,
            long redeemed,
            Instant createdAt,
            @Nullable Instant revokedAt) {}

    /** The newest first, before {@code after} unless that is empty. */
    public List<Batch> page(String after, int limit) {
        return jdbc.sql("""
                        select b.*, (select count(*) from voucher v where v.batch_id = b.id) as codes,
                            (select coalesce(sum(v.redeemed), 0) from voucher v where v.batch_id = b.id) as redeemed
                        from voucher_batch b where (? = '' or b.id < ?) order by b.id desc limit \
                        """ + limit)
                .params(after, after)
                .query((row, n) -> new Batch(
                        row.getString("id"),
                        row.getString("note"),
                        row.getLong("amount"),
                        row.getString("currency"),
                        Times.getOrNull(row, "expires_at"),
                        row.getInt("max_redemptions"),
                        row.getLong("codes"),
                        row.getLong("redeemed"),
                        Times.get(row, "created_at"),
                        Times.getOrNull(row, "revoked_at")))
                .list();
    }

    /** Makes a batch's codes worthless from now on; false where there is none that is good. */
    public boolean revoke(String batchId, String actor) {
        return transactions.call(() -> {
            boolean revoked = jdbc.sql("update voucher_batch set revoked_at = ? where id = ? and revoked_at is null")
                            .params(Times.sql(clock.instant()), batchId)
                            .update()
                    == 1;
            if (revoked) {
                audit.record(actor, "voucher.revoke", batchId, "");
            }
            return revoked;
        });
    }
}
