package dev.mynah.server.billing;

import dev.mynah.server.store.Times;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What is set aside for running answers, and what became of it. */
@Component
public final class ReservationRepository {
    private final JdbcClient jdbc;

    public ReservationRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    public void insert(Reservation reservation) {
        jdbc.sql("""
                        insert into reservation (answer_id, account_id, amount, tokens, currency, input_price, cached_input_price, output_price, state, created_at)
                        values (?, ?, ?, ?, ?, ?, ?, ?, 'open', ?)
                        """)
                .param(reservation.answerId())
                .param(reservation.accountId())
                .params(
                        reservation.amount(),
                        reservation.tokens(),
                        reservation.prices().currency(),
                        reservation.prices().input(),
                        reservation.prices().cachedInput(),
                        reservation.prices().output(),
                        Times.sql(reservation.createdAt()))
                .update();
    }

    /** Closes an open reservation and gives it out; empty where it is closed already. */
    public Optional<Reservation> close(String answerId) {
        int closed = jdbc.sql("update reservation set state = 'closed' where answer_id = ? and state = 'open'")
                .param(answerId)
                .update();
        if (closed == 0) {
            return Optional.empty();
        }
        return jdbc.sql("select * from reservation where answer_id = ?")
                .param(answerId)
                .query(ReservationRepository::reservation)
                .optional();
    }

    /** Notes how an answer was settled. */
    public void insert(Settlement settlement) {
        jdbc.sql(
                        "insert into settlement (answer_id, outcome, amount, currency, transfer_id, settled_at) values (?, ?, ?, ?, ?, ?)")
                .params(settlement.answerId(), settlement.outcome().id(), settlement.amount(), settlement.currency())
                .param(settlement.transferId())
                .param(Times.sql(settlement.settledAt()))
                .update();
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
