package dev.mynah.server.ops;

import dev.mynah.server.billing.SpendCaps;
import dev.mynah.server.store.Times;
import java.time.Duration;
import java.time.Instant;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Adds up the books from their entries, whatever the balances say. To be called within one transaction, so that nothing changes meanwhile. */
public final class Books {
    // A reservation is stale when its answer's lease has ended for longer than any sweeper waits.
    private static final Duration GRACE = Duration.ofSeconds(15);

    private final JdbcClient jdbc;

    public Books(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** @param swept what was settled before, for the report */
    public AuditReport check(Instant now, int swept) {
        // A back-up of an older version is checked before it is upgraded, and has not all tables yet.
        boolean later = number("select count(*) from information_schema.tables where table_name = 'statement'") > 0;
        return new AuditReport(
                swept,
                number("select count(*) from ledger_entry"),
                number("select coalesce(sum(amount), 0) from ledger_entry"),
                number("""
                        select count(*) from (
                            select t.id from ledger_transfer t left join ledger_entry e on e.transfer_id = t.id
                            group by t.id having coalesce(sum(e.amount), 1) <> 0 or count(distinct e.currency) <> 1) broken
                        """),
                number("""
                        select count(*) from ledger_account a where a.kind = 'wallet'
                            and a.balance <> (select coalesce(sum(e.amount), 0) from ledger_entry e where e.account_id = a.id)
                        """),
                number("select count(*) from ledger_account where kind = 'wallet' and (balance < 0 or balance < held)"),
                number("""
                        select count(*) from ledger_account a where a.held <>
                            (select coalesce(sum(r.amount), 0) from reservation r where r.account_id = a.id and r.state = 'open')
                        """),
                jdbc.sql("""
                                select count(*) from reservation r join answer a on a.id = r.answer_id
                                where r.state = 'open' and (a.state <> 'running' or a.lease_until < ?)
                                """)
                        .param(Times.sql(now.minus(GRACE)))
                        .query(Long.class)
                        .single(),
                number("""
                        select count(*) from answer a where a.state = 'settled'
                            and not exists (select 1 from settlement s where s.answer_id = a.id)
                        """),
                number("""
                        select count(*) from settlement s where not exists
                            (select 1 from answer a where a.id = s.answer_id and a.state = 'settled')
                        """),
                number("""
                        select count(*) from settlement s
                            join reservation r on r.answer_id = s.answer_id
                            left join usage_record u on u.answer_id = s.answer_id
                        where r.state <> 'closed' or s.amount > r.amount or u.cost is null or u.cost <> s.amount
                            or s.amount <> coalesce((select sum(e.amount) from ledger_entry e where e.transfer_id = s.transfer_id and e.amount > 0), 0)
                        """),
                later ? wrongPayments() : 0,
                later ? wrongRefunds() : 0,
                later ? wrongVouchers() : 0,
                later ? wrongSubscriptions() : 0,
                later ? number("select count(*) from spend_cap c where c.spent <> " + SpendCaps.COUNTED) : 0,
                later ? wrongStatements() : 0);
    }

    private long wrongPayments() {
        return number("""
                        select count(*) from payment p where case when p.state = 'succeeded' then p.amount else 0 end <>
                            (select coalesce(sum(e.amount), 0) from ledger_transfer t join ledger_entry e on e.transfer_id = t.id join ledger_account a on a.id = e.account_id
                                where t.kind = 'payment' and t.reference = p.id and a.kind = 'wallet' and a.organisation_id = p.organisation_id and e.currency = p.currency)
                        """) + number("""
                        select count(*) from ledger_transfer t where t.kind = 'payment'
                            and not exists (select 1 from payment p where p.id = t.reference)
                        """);
    }

    private long wrongRefunds() {
        return number("""
                        select count(*) from payment p where p.refunded <>
                            (select coalesce(sum(r.amount), 0) from refund r where r.payment_id = p.id and r.state <> 'failed')
                        """) + number("""
                        select count(*) from refund r where case when r.state = 'failed' then 0 else r.amount end <>
                            (select coalesce(sum(e.amount), 0) from ledger_transfer t join ledger_entry e on e.transfer_id = t.id join ledger_account a on a.id = e.account_id
                                where t.kind in ('refund', 'refund_back') and t.reference = r.id and a.kind = 'refund')
                        """) + number("""
                        select count(*) from ledger_transfer t where t.kind in ('refund', 'refund_back')
                            and not exists (select 1 from refund r where r.id = t.reference)
                        """);
    }

    private long wrongVouchers() {
        return number("""
                        select count(*) from voucher v join voucher_batch b on b.id = v.batch_id
                        where v.redeemed > b.max_redemptions or v.redeemed <> (select count(*) from voucher_redemption r where r.voucher_id = v.id)
                        """) + number("""
                        select count(*) from voucher_redemption r join voucher v on v.id = r.voucher_id join voucher_batch b on b.id = v.batch_id
                        where b.amount <> (select coalesce(sum(e.amount), 0) from ledger_entry e join ledger_account a on a.id = e.account_id
                            where e.transfer_id = r.transfer_id and a.kind = 'wallet' and a.organisation_id = r.organisation_id)
                        """) + number("""
                        select count(*) from ledger_transfer t where t.kind = 'voucher'
                            and not exists (select 1 from voucher_redemption r where r.transfer_id = t.id)
                        """);
    }

    private long wrongSubscriptions() {
        return number("""
                        select count(*) from subscription_charge c where c.amount <>
                            (select coalesce(sum(e.amount), 0) from ledger_entry e join ledger_account a on a.id = e.account_id
                                where e.transfer_id = c.transfer_id and a.kind = 'subscription' and a.organisation_id = c.organisation_id)
                        """) + number("""
                        select count(*) from ledger_transfer t where t.kind = 'subscription'
                            and not exists (select 1 from subscription_charge c where c.transfer_id = t.id)
                        """) + number("""
                        select count(*) from subscription s join organisation o on o.id = s.organisation_id
                        where s.state <> 'ended' and (o.plan_id <> s.plan_id or not exists
                            (select 1 from subscription_charge c where c.organisation_id = s.organisation_id and c.period_start = s.period_start))
                        """);
    }

    private long wrongStatements() {
        String balance = """
                        (select coalesce(sum(e.amount), 0) from ledger_entry e join ledger_account a on a.id = e.account_id join ledger_transfer t on t.id = e.transfer_id
                            where a.kind = 'wallet' and a.organisation_id = s.organisation_id and a.currency = s.currency and t.created_at < s.%s)
                        """;
        return number("select count(*) from statement s where s.opening <> " + balance.formatted("month_start")
                        + " or s.closing <> " + balance.formatted("month_end"))
                + number("select coalesce(max(number), 0) - count(*) from statement");
    }

    private long number(String sql) {
        return jdbc.sql(sql).query(Long.class).single();
    }
}
