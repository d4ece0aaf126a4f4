package dev.mynah.server.finetuning;

import dev.mynah.server.store.Ids;
import dev.mynah.server.store.Leases;
import dev.mynah.server.store.Times;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Jobs and their events. */
@Component
final class JobRepository {
    private static final int MAX_TEXT = 2_000;
    /** Of a job that is not over. */
    private static final String OPEN = "state in ('queued', 'running', 'paused')";

    private final JdbcClient jdbc;
    private final Leases leases;

    JobRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
        leases = new Leases(jdbc, "fine_tuning_job", "state = 'running'");
    }

    void insert(Job job) {
        jdbc.sql("""
            insert into fine_tuning_job (id, organisation_id, project_id, user_id, api_key_id, base_model, settings, training_file, validation_file,
                state, step, total_steps, token_limit, trained_tokens, created_at)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, 0, ?)
            """)
                .params(job.id(), job.organisationId(), job.projectId(), job.userId())
                .param(job.apiKeyId())
                .params(job.baseModel(), JsonMapper.shared().writeValueAsString(job.settings()), job.trainingFile())
                .param(job.validationFile())
                .params(job.state().id(), job.totalSteps(), job.tokenLimit(), Times.sql(job.createdAt()))
                .update();
    }

    Optional<Job> find(String id) {
        return jdbc.sql("select * from fine_tuning_job where id = ?")
                .param(id)
                .query(JobRepository::job)
                .optional();
    }

    /** The jobs whose result is the model of this name: one, or none. */
    List<Job> thatMade(String model) {
        return jdbc.sql("select * from fine_tuning_job where fine_tuned_model = ?")
                .param(model)
                .query(JobRepository::job)
                .list();
    }

    /** The jobs of an organisation, the newest first. */
    List<Job> page(String organisationId, String after, int most) {
        return jdbc.sql("select * from fine_tuning_job where organisation_id = ? and (? = '' or id < ?) order by id"
                        + " desc limit "
                        + most)
                .params(organisationId, after, after)
                .query(JobRepository::job)
                .list();
    }

    /** The jobs of a user that are not over. */
    List<Job> openOf(String userId) {
        return jdbc.sql("select * from fine_tuning_job where user_id = ? and " + OPEN)
                .param(userId)
                .query(JobRepository::job)
                .list();
    }

    /** Whether a job that is not over learns from a model. */
    boolean hasOpenOn(String baseModel) {
        return jdbc.sql("select count(*) from fine_tuning_job where base_model = ? and " + OPEN)
                        .param(baseModel)
                        .query(Long.class)
                        .single()
                > 0;
    }

    /** The jobs of a user that are over. */
    List<Job> overOf(String userId) {
        return jdbc.sql(
                        "select * from fine_tuning_job where user_id = ? and state in ('succeeded', 'failed', 'cancelled')")
                .param(userId)
                .query(JobRepository::job)
                .list();
    }

    /** Whether the user whose job it is has deleted the account. */
    boolean isNobodys(Job job) {
        return jdbc.sql("select count(*) from app_user where id = ? and state = 'deleted'")
                        .param(job.userId())
                        .query(Long.class)
                        .single()
                > 0;
    }

    void delete(String id) {
        jdbc.sql("delete from fine_tuning_job where id = ?").param(id).update();
    }

    /** How many jobs of an organisation are not over. */
    long countOpen(String organisationId) {
        return jdbc.sql("select count(*) from fine_tuning_job where organisation_id = ? and " + OPEN)
                .param(organisationId)
                .query(Long.class)
                .single();
    }

    /** Takes a job whose process has not been heard of, or one that waits: the oldest of the organisation that has not begun one for the longest time, so that none keeps others waiting with many. */
    Optional<Job> claim(String owner, Instant leaseUntil, Instant now) {
        List<String> waiting =
                jdbc.sql("""
            select id from (
                select j.id, j.state, (select max(o.started_at) from fine_tuning_job o where o.organisation_id = j.organisation_id) as last_begun
                from fine_tuning_job j where j.state = 'queued' or (j.state = 'running' and j.lease_until < ?)) waiting
            order by case when state = 'running' then 0 else 1 end, last_begun nulls first, id limit 5
            """).param(Times.sql(now)).query(String.class).list();
        for (String id : waiting) {
            int taken = jdbc.sql("""
                update fine_tuning_job set state = 'running', owner = ?, lease_until = ?, started_at = coalesce(started_at, ?)
                where id = ? and (state = 'queued' or (state = 'running' and lease_until < ?))
                """)
                    .params(owner, Times.sql(leaseUntil), Times.sql(now), id, Times.sql(now))
                    .update();
            if (taken == 1) {
                return find(id);
            }
        }
        return Optional.empty();
    }

    /** Notes how far a job is, and keeps its lease; false where it is no longer this owner's. */
    boolean renew(String id, String owner, Instant leaseUntil, int step, long tokens) {
        return jdbc.sql("""
            update fine_tuning_job set lease_until = ?, step = ?, trained_tokens = ? where id = ? and owner = ? and state = 'running'
            """)
                        .params(Times.sql(leaseUntil), step, tokens, id, owner)
                        .update()
                == 1;
    }

    Leases leases() {
        return leases;
    }

    /** Changes the state of a job that is in one of others; false where it is in none of them. */
    boolean move(String id, JobState to, Instant now, JobState... from) {
        int moved = 0;
        for (JobState state : from) {
            moved += jdbc.sql(
                            "update fine_tuning_job set state = ?, finished_at = ?, stop_requested = null where id = ?"
                                    + " and state = ?")
                    .param(to.id())
                    .param(to.isOver() ? Times.sql(now) : null)
                    .params(id, state.id())
                    .update();
        }
        return moved > 0;
    }

    /** Asks whoever watches a running job to end its process. */
    boolean requestStop(String id, JobState as) {
        return jdbc.sql("update fine_tuning_job set stop_requested = ? where id = ? and state = 'running'")
                        .params(as.id(), id)
                        .update()
                == 1;
    }

    /** What came of a job. */
    void setResult(String id, String model, String resultFile, long tokens) {
        jdbc.sql("update fine_tuning_job set fine_tuned_model = ?, result_file = ?, trained_tokens = ?, step ="
                        + " total_steps where id = ?")
                .params(model, resultFile, tokens, id)
                .update();
    }

    /** A job that failed is charged for nothing. */
    void setError(String id, String error) {
        jdbc.sql("update fine_tuning_job set error = ?, trained_tokens = 0 where id = ?")
                .params(cut(error), id)
                .update();
    }

    /**
     * What happened to a job.
     *
     * @param step of a metrics event, or null
     */
    record Event(
            String id,
            String level,
            @Nullable Integer step,
            String message,
            @Nullable JsonNode data,
            Instant createdAt) {}

    /** Adds an event, but none that tells of a step again. */
    void insertEvent(
            String jobId, String level, @Nullable Integer step, String message, @Nullable JsonNode data, Instant now) {
        jdbc.sql("""
            insert into fine_tuning_event (id, job_id, level, step, message, data, created_at) values (?, ?, ?, ?, ?, ?, ?) on conflict do nothing
            """)
                .params(Ids.next("ftevent-"), jobId, level)
                .param(step)
                .param(cut(message))
                .param(data == null ? null : data.toString())
                .param(Times.sql(now))
                .update();
    }

    private static String cut(String text) {
        // What a process prints may hold anything; no database keeps a NUL in a text.
        String clean = text.replace("\0", "");
        return clean.length() <= MAX_TEXT ? clean : clean.substring(0, MAX_TEXT);
    }

    /** The newest first. */
    List<Event> events(String jobId, String after, int most) {
        return jdbc.sql("select * from fine_tuning_event where job_id = ? and (? = '' or id < ?) order by id desc"
                        + " limit "
                        + most)
                .params(jobId, after, after)
                .query(JobRepository::event)
                .list();
    }

    private static Event event(ResultSet row, int number) throws SQLException {
        int step = row.getInt("step");
        Integer ofStep = row.wasNull() ? null : Integer.valueOf(step);
        @Nullable String data = row.getString("data");
        return new Event(
                row.getString("id"),
                row.getString("level"),
                ofStep,
                row.getString("message"),
                data == null ? null : JsonMapper.shared().readTree(data),
                Times.get(row, "created_at"));
    }

    private static Job job(ResultSet row, int number) throws SQLException {
        @Nullable String stop = row.getString("stop_requested");
        return new Job(
                row.getString("id"),
                row.getString("organisation_id"),
                row.getString("project_id"),
                row.getString("user_id"),
                row.getString("api_key_id"),
                row.getString("base_model"),
                JsonMapper.shared().readValue(row.getString("settings"), JobSettings.class),
                row.getString("training_file"),
                row.getString("validation_file"),
                JobState.of(row.getString("state")),
                stop == null ? null : JobState.of(stop),
                row.getInt("step"),
                row.getInt("total_steps"),
                row.getLong("token_limit"),
                row.getLong("trained_tokens"),
                row.getString("fine_tuned_model"),
                row.getString("result_file"),
                row.getString("error"),
                Times.get(row, "created_at"),
                Times.getOrNull(row, "started_at"),
                Times.getOrNull(row, "finished_at"));
    }
}
