package dev.mynah.server.statement;

import dev.mynah.server.statement.Statement.Entry;
import dev.mynah.server.statement.Statement.UsageLine;
import dev.mynah.server.store.Times;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Statements, and what they are drawn up from. */
@Component
final class StatementRepository {
    private static final int MICRO_DIGITS = 6;

    private final JdbcClient jdbc;

    StatementRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** A wallet that a statement is drawn up of. */
    record Wallet(String accountId, String organisationId, String currency) {}

    /** The first moment from which months are open: null where nothing was ever booked. */
    @Nullable
    Instant openSince() {
        return jdbc.sql(
                        "select coalesce(closed_until, (select min(created_at) from ledger_transfer)) as since from statement_counter")
                .query((row, n) -> Optional.ofNullable(Times.getOrNull(row, "since")))
                .single()
                .orElse(null);
    }

    void setClosedUntil(Instant end) {
        jdbc.sql("update statement_counter set closed_until = ? where closed_until is null or closed_until < ?")
                .params(Times.sql(end), Times.sql(end))
                .update();
    }

    /** Wallets that had something, or moved, in a month of which they have no statement. */
    List<Wallet> open(Instant start, Instant end) {
        return jdbc.sql("""
                        select a.id, a.organisation_id, a.currency
                        from ledger_account a join ledger_entry e on e.account_id = a.id join ledger_transfer t on t.id = e.transfer_id
                        where a.kind = 'wallet' and t.created_at < ?
                            and not exists (select 1 from statement s where s.organisation_id = a.organisation_id and s.currency = a.currency and s.month_start = ?)
                        group by a.id, a.organisation_id, a.currency
                        having sum(e.amount) <> 0 or max(t.created_at) >= ?
                        order by a.id
                        """)
                .params(Times.sql(end), Times.sql(start), Times.sql(start))
                .query((row, n) ->
                        new Wallet(row.getString("id"), row.getString("organisation_id"), row.getString("currency")))
                .list();
    }

    /** The next number, whose row is locked until the transaction ends: one statement is drawn up at a time. */
    long nextNumber() {
        jdbc.sql("update statement_counter set last = last + 1").update();
        return jdbc.sql("select last from statement_counter").query(Long.class).single();
    }

    void takeNumberBack() {
        jdbc.sql("update statement_counter set last = last - 1").update();
    }

    boolean exists(Wallet wallet, Instant start) {
        return jdbc.sql("select count(*) from statement where organisation_id = ? and currency = ? and month_start = ?")
                        .params(wallet.organisationId, wallet.currency, Times.sql(start))
                        .query(Long.class)
                        .single()
                > 0;
    }

    /** A wallet's balance before a moment, from its entries. */
    long balance(Wallet wallet, Instant before) {
        return jdbc.sql(
                        "select coalesce(sum(e.amount), 0) from ledger_entry e join ledger_transfer t on t.id = e.transfer_id where e.account_id = ? and t.created_at < ?")
                .params(wallet.accountId, Times.sql(before))
                .query(Long.class)
                .single();
    }

    /** What answers cost, in sum. */
    long charged(Wallet wallet, Instant start, Instant end) {
        return -jdbc.sql("""
                        select coalesce(sum(e.amount), 0) from ledger_entry e join ledger_transfer t on t.id = e.transfer_id
                        where e.account_id = ? and t.kind = 'answer' and t.created_at >= ? and t.created_at < ?
                        """)
                .params(wallet.accountId, Times.sql(start), Times.sql(end))
                .query(Long.class)
                .single();
    }

    List<Entry> entries(Wallet wallet, Instant start, Instant end) {
        return jdbc.sql("""
                        select t.kind, t.reference, t.created_at, e.amount from ledger_entry e join ledger_transfer t on t.id = e.transfer_id
                        where e.account_id = ? and t.kind <> 'answer' and t.created_at >= ? and t.created_at < ? order by t.created_at, t.id
                        """)
                .params(wallet.accountId, Times.sql(start), Times.sql(end))
                .query((row, n) -> new Entry(
                        Times.get(row, "created_at"),
                        row.getString("kind"),
                        row.getString("reference"),
                        row.getLong("amount")))
                .list();
    }

    List<UsageLine> usage(Wallet wallet, Instant start, Instant end) {
        return jdbc
                .sql("""
                        select u.model_id, r.input_price, r.cached_input_price, r.output_price, sum(u.prompt_tokens - u.cached_tokens) as input, sum(u.cached_tokens) as cached,
                            sum(u.completion_tokens) as output
                        from usage_record u join reservation r on r.answer_id = u.answer_id
                        where r.account_id = ? and u.created_at >= ? and u.created_at < ?
                        group by u.model_id, r.input_price, r.cached_input_price, r.output_price
                        order by u.model_id, r.input_price, r.cached_input_price, r.output_price
                        """)
                .params(wallet.accountId, Times.sql(start), Times.sql(end))
                .query((row, n) -> lines(row))
                .list()
                .stream()
                .flatMap(List::stream)
                .toList();
    }

    private static List<UsageLine> lines(ResultSet row) throws SQLException {
        String model = row.getString("model_id");
        return Stream.of(
                        line(model, "input", row.getLong("input"), row.getLong("input_price")),
                        line(model, "cached_input", row.getLong("cached"), row.getLong("cached_input_price")),
                        line(model, "output", row.getLong("output"), row.getLong("output_price")))
                .filter(line -> line.tokens() > 0)
                .toList();
    }

    private static UsageLine line(String model, String direction, long tokens, long price) {
        long amount = BigDecimal.valueOf(tokens)
                .multiply(BigDecimal.valueOf(price))
                .movePointLeft(MICRO_DIGITS)
                .setScale(0, RoundingMode.HALF_UP)
                .longValueExact();
        return new UsageLine(model, direction, tokens, price, amount);
    }

    void insert(Statement statement, Instant now) {
        jdbc.sql(
                        "insert into statement (id, number, organisation_id, currency, month_start, month_end, opening, closing, body, created_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
                .params(
                        statement.id(),
                        statement.number(),
                        statement.organisationId(),
                        statement.currency(),
                        Times.sql(statement.monthStart()),
                        Times.sql(statement.monthEnd()),
                        statement.opening(),
                        statement.closing(),
                        JsonMapper.shared().writeValueAsString(statement),
                        Times.sql(now))
                .update();
    }

    /** An organisation's statements, the newest first; of all where {@code organisationId} is empty. */
    List<Statement> page(String organisationId, String after, int limit) {
        return jdbc.sql("select body from statement where (? = '' or organisation_id = ?) and (? = '' or id < ?)"
                        + " order by id desc limit " + limit)
                .params(organisationId, organisationId, after, after)
                .query(StatementRepository::statement)
                .list();
    }

    Optional<Statement> find(String id) {
        return jdbc.sql("select body from statement where id = ?")
                .param(id)
                .query(StatementRepository::statement)
                .optional();
    }

    private static Statement statement(ResultSet row, int number) throws SQLException {
        return JsonMapper.shared().readValue(row.getString("body"), Statement.class);
    }
}
