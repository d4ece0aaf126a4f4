package dev.mynah.server.billing;

import dev.mynah.server.store.Times;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What was used, from the records that settlements leave. */
@Component
public final class UsageRepository {
    private final JdbcClient jdbc;

    public UsageRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * One day (UTC) with one model.
     *
     * @param cost in micro-units of {@code currency}
     */
    public record Day(
            LocalDate date,
            String model,
            long requests,
            long promptTokens,
            long cachedTokens,
            long completionTokens,
            long cost,
            String currency) {}

    /** What a user used on behalf of an organisation, from {@code start} until before {@code end}. */
    public List<Day> byDay(String organisationId, String userId, Instant start, Instant end) {
        return jdbc.sql("""
                        select used_on, model_id, currency, count(*) as requests, sum(prompt_tokens) as prompt_tokens, sum(cached_tokens) as cached_tokens,
                            sum(completion_tokens) as completion_tokens, sum(cost) as cost
                        from (select u.*, cast(u.created_at at time zone 'UTC' as date) as used_on from usage_record u
                            where organisation_id = ? and user_id = ? and created_at >= ? and created_at < ?) records
                        group by used_on, model_id, currency order by used_on, model_id, currency
                        """)
                .params(organisationId, userId, Times.sql(start), Times.sql(end))
                .query(UsageRepository::day)
                .list();
    }

    /**
     * What was used for a project.
     *
     * @param cost in micro-units of {@code currency}
     */
    public record ProjectUsage(
            String projectId, long requests, long promptTokens, long completionTokens, long cost, String currency) {}

    /** What an organisation's projects used, from {@code start} until before {@code end}. */
    public List<ProjectUsage> byProject(String organisationId, Instant start, Instant end) {
        return jdbc.sql("""
                        select project_id, currency, count(*) as requests, sum(prompt_tokens) as prompt_tokens,
                            sum(completion_tokens) as completion_tokens, sum(cost) as cost
                        from usage_record where organisation_id = ? and created_at >= ? and created_at < ?
                        group by project_id, currency order by project_id, currency
                        """)
                .params(organisationId, Times.sql(start), Times.sql(end))
                .query((row, n) -> new ProjectUsage(
                        row.getString("project_id"),
                        row.getLong("requests"),
                        row.getLong("prompt_tokens"),
                        row.getLong("completion_tokens"),
                        row.getLong("cost"),
                        row.getString("currency")))
                .list();
    }

    private static Day day(ResultSet row, int number) throws SQLException {
        return new Day(
                row.getObject("used_on", LocalDate.class),
                row.getString("model_id"),
                row.getLong("requests"),
                row.getLong("prompt_tokens"),
                row.getLong("cached_tokens"),
                row.getLong("completion_tokens"),
                row.getLong("cost"),
                row.getString("currency"));
    }
}
