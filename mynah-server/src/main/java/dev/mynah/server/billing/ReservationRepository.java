package dev.mynah.server.billing;

import dev.mynah.server.store.Sql;
import dev.mynah.server.store.Times;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What is set aside for running answers, and what became of it. */
@Component
public final class ReservationRepository {
    private final JdbcClient jdbc;

    public ReservationRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Adds a reservation that is open. */
    public Sql insert(Reservation reservation) {
        return Sql.of(
                """
                insert into reservation (answer_id, account_id, amount, tokens, currency, input_price, cached_input_price, output_price, state, created_at)
                values (?, ?, ?, ?, ?, ?, ?, ?, 'open', ?)
                """,
                reservation.answerId(),
                reservation.accountId(),
                reservation.amount(),
                reservation.tokens(),
                reservation.prices().currency(),
                reservation.prices().input(),
                reservation.prices().cachedInput(),
                reservation.prices().output(),
                Times.sql(reservation.createdAt()));
    }

    /** Closes a reservation; changes no row where that was done. */
    public Sql close(String answerId) {
        return Sql.of("update reservation set state = 'closed' where answer_id = ? and state = 'open'", answerId);
    }

    public Reservation get(String answerId) {
        return jdbc.sql("select * from reservation where answer_id = ?")
                .param(answerId)
                .query(ReservationRepository::reservation)
                .single();
    }

    /** Notes how an answer was settled. */
    Sql insert(Settlement settlement) {
        return Sql.of(
                "insert into settlement (answer_id, outcome, amount, currency, transfer_id, settled_at) values (?, ?, ?, ?, ?, ?)",
                settlement.answerId(),
                settlement.outcome().id(),
                settlement.amount(),
                settlement.currency(),
                settlement.transferId(),
                Times.sql(settlement.settledAt()));
    }

    private static Reservation reservation(ResultSet row, int number) throws SQLException {
        return new Reservation(
                row.getString("answer_id"),
                row.getString("account_id"),
                row.getLong("amount"),
                row.getLong("tokens"),
                new Prices(
                        row.getString("currency"),
                        row.getLong("input_price"),
                        row.getLong("cached_input_price"),
                        row.getLong("output_price")),
                Times.get(row, "created_at"));
    }
}
