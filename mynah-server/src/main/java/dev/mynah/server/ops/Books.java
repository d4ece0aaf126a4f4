package dev.mynah.server.ops;

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
                        """));
    }

    private long number(String sql) {
        return jdbc.sql(sql).query(Long.class).single();
    }
}
