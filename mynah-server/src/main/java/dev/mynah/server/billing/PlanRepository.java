package dev.mynah.server.billing;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Plans. */
@Component
public final class PlanRepository {
    private final JdbcClient jdbc;

    public PlanRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    public Optional<Plan> find(String id) {
        return jdbc.sql("select * from plan where id = ?")
                .param(id)
                .query(PlanRepository::plan)
                .optional();
    }

    /** A plan with what it costs a month, in micro-units. */
    public record Offer(Plan plan, long monthlyPrice, String currency) {}

    public List<Offer> offers() {
        return jdbc.sql("select * from plan order by monthly_price, id")
                .query(PlanRepository::offer)
                .list();
    }

    public Optional<Offer> offer(String id) {
        return jdbc.sql("select * from plan where id = ?")
                .param(id)
                .query(PlanRepository::offer)
                .optional();
    }

    /** The plan with its price, locked until the transaction ends. */
    public Optional<Offer> lock(String id) {
        return jdbc.sql("select * from plan where id = ? for update")
                .param(id)
                .query(PlanRepository::offer)
                .optional();
    }

    /** The one currency that all plans are priced in, and all wallets are kept in. */
    public String currency() {
        return jdbc.sql("select distinct currency from plan")
                .query(String.class)
                .single();
    }

    private static Offer offer(ResultSet row, int number) throws SQLException {
        return new Offer(plan(row, number), row.getLong("monthly_price"), row.getString("currency"));
    }

    /** Sets what an administrator may set, of one that is locked. */
    public void update(Offer offer) {
        Plan plan = offer.plan();
        jdbc.sql("""
                        update plan set name = ?, priority = ?, monthly_price = ?, requests_per_minute = ?, tokens_per_minute = ?, requests_per_day = ?, tokens_per_day = ?
                        where id = ?
                        """)
                .params(
                        plan.name(),
                        plan.priority(),
                        offer.monthlyPrice(),
                        plan.perMinute().requests(),
                        plan.perMinute().tokens(),
                        plan.perDay().requests(),
                        plan.perDay().tokens(),
                        plan.id())
                .update();
    }

    /** The plan that an organisation is on. */
    public Plan ofOrganisation(String organisationId) {
        return jdbc.sql("select p.* from plan p join organisation o on o.plan_id = p.id where o.id = ?")
                .param(organisationId)
                .query(PlanRepository::plan)
                .single();
    }

    /** The plan that a row of its columns tells of. */
    public static Plan plan(ResultSet row, int number) throws SQLException {
        return new Plan(
                row.getString("id"),
                row.getString("name"),
                row.getInt("priority"),
                row.getBoolean("metered"),
                new Plan.Limits(row.getLong("requests_per_minute"), row.getLong("tokens_per_minute")),
                new Plan.Limits(row.getLong("requests_per_day"), row.getLong("tokens_per_day")));
    }
}
