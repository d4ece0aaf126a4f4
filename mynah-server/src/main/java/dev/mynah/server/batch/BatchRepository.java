package dev.mynah.server.batch;

import dev.mynah.server.store.Leases;
import dev.mynah.server.store.Times;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Batches, and the lines of those that are at work. */
@Component
final class BatchRepository {
    private static final TypeReference<Map<String, String>> TEXTS = new TypeReference<>() {};
    private static final TypeReference<List<Batch.Problem>> PROBLEMS = new TypeReference<>() {};
    private static final String WITH_COUNTS = """
        select b.*, (select count(*) from batch_line l where l.batch_id = b.id and not l.failed) as done,
            (select count(*) from batch_line l where l.batch_id = b.id and l.failed) as bad from batch b
        """;

    private static final int MOST_OF_ONE_ORGANISATION = 4;
    private static final int LINES_AT_ONCE = 20;

    private final JdbcClient jdbc;
    private final Leases leases;

    BatchRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
        leases = new Leases(jdbc, "batch", "finished_at is null");
    }

    void insert(Batch batch) {
        jdbc.sql("""
            insert into batch (id, organisation_id, project_id, user_id, api_key_id, endpoint, input_file, metadata, output_seconds, state, problems, total,
                completed, failed, created_at, expires_at, finished_at)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?, ?, ?)
            """)
                .params(batch.id(), batch.organisationId(), batch.projectId(), batch.userId())
                .param(batch.apiKeyId())
                .params(batch.endpoint(), batch.inputFile(), JsonMapper.shared().writeValueAsString(batch.metadata()))
                .param(batch.life() == null ? null : batch.life().toSeconds())
                .params(
                        batch.state().id(),
                        JsonMapper.shared().writeValueAsString(batch.problems()),
                        batch.total(),
                        Times.sql(batch.createdAt()),
                        Times.sql(batch.expiresAt()))
                .param(Times.sqlOrNull(batch.finishedAt()))
                .update();
    }

    Optional<Batch> find(String id) {
        return jdbc.sql(WITH_COUNTS + " where b.id = ?")
                .param(id)
                .query(BatchRepository::batch)
                .optional();
    }

    /** As what a batch ends before all of its lines are answered, if it does: it was cancelled, its user may no longer ask for this organisation or its key is no longer good, or its time is over. */
    Optional<BatchState> ending(String id, Instant now) {
        return jdbc.sql("""
            select b.state, b.expires_at, b.api_key_id,
                (select count(*) from organisation_member m join app_user u on u.id = m.user_id
                    where m.organisation_id = b.organisation_id and m.user_id = b.user_id and u.state = 'active') as members,
                (select count(*) from api_key k where k.id = b.api_key_id and k.revoked_at is null and (k.expires_at is null or k.expires_at > ?)) as good_keys
            from batch b where b.id = ?
            """)
                .params(Times.sql(now), id)
                .query((row, n) -> {
                    boolean cancelled = !row.getString("state").equals(BatchState.IN_PROGRESS.id())
                            || row.getInt("members") == 0
                            || (row.getString("api_key_id") != null && row.getInt("good_keys") == 0);
                    boolean expired = Times.get(row, "expires_at").isBefore(now);
                    return cancelled
                            ? Optional.of(BatchState.CANCELLED)
                            : expired ? Optional.of(BatchState.EXPIRED) : Optional.<BatchState>empty();
                })
                .optional()
                .orElse(Optional.of(BatchState.CANCELLED));
    }

    /** How many batches of an organisation have not ended. */
    long open(String organisationId) {
        return jdbc.sql("select count(*) from batch where organisation_id = ? and finished_at is null")
                .param(organisationId)
                .query(Long.class)
                .single();
    }

    /** The batches of an organisation, the newest first. */
    List<Batch> page(String organisationId, String after, int most) {
        return jdbc.sql(WITH_COUNTS + " where b.organisation_id = ? and (? = '' or b.id < ?) order by b.id desc limit "
                        + most)
                .params(organisationId, after, after)
                .query(BatchRepository::batch)
                .list();
    }

    /** Takes a batch that nobody works on: the oldest of those whose organisation has the fewest at work. One that only has to end is taken however many these are. */
    Optional<Batch> claim(String owner, Instant leaseUntil, Instant now) {
        for (String id : jdbc.sql("""
            select id from (
                select b.id, b.state, b.expires_at, (select count(*) from batch w where w.organisation_id = b.organisation_id and w.finished_at is null
                    and w.owner is not null and w.lease_until >= ?) as at_work
                from batch b where b.state in ('in_progress', 'cancelling', 'finalizing') and (b.lease_until is null or b.lease_until < ?)) waiting
            where at_work < ? or state <> 'in_progress' or expires_at < ?
            order by at_work, id limit 5
            """)
                .params(Times.sql(now), Times.sql(now), MOST_OF_ONE_ORGANISATION, Times.sql(now))
                .query(String.class)
                .list()) {
            int taken = jdbc.sql("update batch set owner = ?, lease_until = ? where id = ? and (lease_until is null or"
                            + " lease_until < ?)")
                    .params(owner, Times.sql(leaseUntil), id, Times.sql(now))
                    .update();
            if (taken == 1) {
                return find(id);
            }
        }
        return Optional.empty();
    }

    /** Keeps an owner's leases of these batches. */
    void renew(String owner, Collection<String> ids, Instant leaseUntil) {
        jdbc.sql("update batch set lease_until = :until where owner = :owner and id in (:ids) and finished_at is null")
                .param("until", Times.sql(leaseUntil))
                .param("owner", owner)
                .param("ids", ids)
                .update();
    }

    /** Gives up a batch that this owner works on, until then. */
    void postpone(String id, String owner, Instant until) {
        jdbc.sql("update batch set owner = null, lease_until = case when expires_at < ? then expires_at else ? end"
                        + " where id = ? and owner = ? and finished_at is null")
                .params(Times.sql(until), Times.sql(until), id, owner)
                .update();
    }

    Leases leases() {
        return leases;
    }

    /** One that was postponed is taken up at once, to end. */
    boolean cancel(String id, Instant now) {
        return jdbc.sql("""
            update batch set state = 'cancelling', cancelling_at = ?, lease_until = case when owner is null then null else lease_until end
            where id = ? and state = 'in_progress'
            """).params(Times.sql(now), id).update() == 1;
    }

    /** Adds an answered line, if this owner still works on the batch. */
    boolean insertLine(String id, String owner, int line, boolean failed, String result) {
        return jdbc.sql("""
            insert into batch_line (batch_id, line, failed, result)
            select b.id, cast(? as int), cast(? as boolean), cast(? as text) from batch b where b.id = ? and b.owner = ? and b.finished_at is null
            """).params(line, failed, result, id, owner).update() == 1;
    }

    BitSet lines(String id) {
        BitSet lines = new BitSet();
        jdbc.sql("select line from batch_line where batch_id = ?")
                .param(id)
                .query(Integer.class)
                .list()
                .forEach(lines::set);
        return lines;
    }

    /** Writes the lines with answers, or those with errors, in their order; tells how many. */
    int write(String id, boolean failed, Path file) throws IOException {
        int count = 0;
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            List<Answered> page = answered(id, failed, 0);
            while (!page.isEmpty()) {
                for (Answered line : page) {
                    out.write(line.result());
                    out.write('\n');
                    count++;
                }
                page = answered(id, failed, page.getLast().line());
            }
        }
        return count;
    }

    private record Answered(int line, String result) {}

    /** Some lines after a line: all of a batch together may be larger than the memory. */
    private List<Answered> answered(String id, boolean failed, int after) {
        return jdbc.sql("select line, result from batch_line where batch_id = ? and failed = ? and line > ?"
                        + " order by line limit " + LINES_AT_ONCE)
                .params(id, failed, after)
                .query((row, n) -> new Answered(row.getInt("line"), row.getString("result")))
                .list();
    }

    /** Ends a batch, if this owner still works on it; the lines are in its files. */
    boolean finish(
            Batch batch,
            String owner,
            BatchState state,
            @Nullable String output,
            @Nullable String errors,
            Instant now) {
        int ended = jdbc.sql("""
            update batch set state = ?, completed = (select count(*) from batch_line l where l.batch_id = ? and not l.failed),
                failed = (select count(*) from batch_line l where l.batch_id = ? and l.failed), output_file = ?, error_file = ?, finished_at = ?
            where id = ? and owner = ? and finished_at is null
            """)
                .params(state.id(), batch.id(), batch.id())
                .param(output)
                .param(errors)
                .params(Times.sql(now), batch.id(), owner)
                .update();
        if (ended == 1) {
            jdbc.sql("delete from batch_line where batch_id = ?")
                    .param(batch.id())
                    .update();
        }
        return ended == 1;
    }

    private static Batch batch(ResultSet row, int number) throws SQLException {
        @Nullable Instant finished = Times.getOrNull(row, "finished_at");
        @Nullable Integer seconds = row.getObject("output_seconds", Integer.class);
        return new Batch(
                row.getString("id"),
                row.getString("organisation_id"),
                row.getString("project_id"),
                row.getString("user_id"),
                row.getString("api_key_id"),
                row.getString("endpoint"),
                row.getString("input_file"),
                JsonMapper.shared().readValue(row.getString("metadata"), TEXTS),
                seconds == null ? null : Duration.ofSeconds(seconds),
                BatchState.of(row.getString("state")),
                JsonMapper.shared().readValue(row.getString("problems"), PROBLEMS),
                row.getInt("total"),
                row.getInt(finished == null ? "done" : "completed"),
                row.getInt(finished == null ? "bad" : "failed"),
                row.getString("output_file"),
                row.getString("error_file"),
                Times.get(row, "created_at"),
                Times.get(row, "expires_at"),
                Times.getOrNull(row, "cancelling_at"),
                finished);
    }
}
