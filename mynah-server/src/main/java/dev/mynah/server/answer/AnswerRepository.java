package dev.mynah.server.answer;

import dev.mynah.server.account.Caller;
import dev.mynah.server.billing.Reservation;
import dev.mynah.server.billing.Spender;
import dev.mynah.server.billing.TokenCounts;
import dev.mynah.server.store.Sql;
import dev.mynah.server.store.Times;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Answers, the pieces of their text, and what they used. */
@Component
public final class AnswerRepository {
    private static final String GENERATED_NOW = "state = 'running' and endpoint not like '%/jobs'";

    private final JdbcClient client;
    private final JdbcTemplate jdbc;

    public AnswerRepository(JdbcClient client, JdbcTemplate jdbc) {
        this.client = client;
        this.jdbc = jdbc;
    }

    /** A running answer as the database has it. */
    public record Row(String id, TokenCounts committed) {}

    /** Adds an answer that begins. */
    Sql insert(AnswerOrder order, String owner, Instant leaseUntil, Instant now) {
        Caller caller = order.caller();
        return Sql.of(
                """
                insert into answer (id, organisation_id, project_id, user_id, api_key_id, message_id, model_id, endpoint, state, owner, lease_until,
                    stop_requested, prompt_tokens, cached_tokens, completion_tokens, created_at)
                values (?, ?, ?, ?, ?, ?, ?, ?, 'running', ?, ?, false, ?, 0, 0, ?)
                """,
                order.id(),
                caller.organisationId(),
                caller.projectId(),
                caller.userId(),
                caller.apiKeyId(),
                order.messageId(),
                order.model().id(),
                order.endpoint(),
                owner,
                Times.sql(leaseUntil),
                order.generation().knownPromptTokens(),
                Times.sql(now));
    }

    /** An answer and what is set aside for it. */
    OpenAnswer find(String id, Reservation reservation) {
        return client.sql(
                        "select organisation_id, project_id, user_id, api_key_id, model_id, message_id from answer where id = ?")
                .param(id)
                .query((row, n) -> new OpenAnswer(
                        row.getString("model_id"),
                        row.getString("message_id"),
                        new Spender(
                                row.getString("organisation_id"),
                                row.getString("project_id"),
                                row.getString("user_id"),
                                row.getString("api_key_id")),
                        reservation))
                .single();
    }

    /**
     * What of an answer is committed next.
     *
     * @param tokens delivered in all
     * @param seq    pieces of text that were committed before
     * @param text   the next piece, perhaps empty
     */
    public record Progress(String id, int tokens, int seq, String text) {}

    /** Commits what was delivered, and keeps the leases; false for answers that are no longer this owner's. */
    public boolean[] commit(List<Progress> progress, String owner, Instant leaseUntil) {
        int[] updated = jdbc.batchUpdate(
                "update answer set completion_tokens = ?, lease_until = ? where id = ? and owner = ? and state ="
                        + " 'running'",
                progress.stream()
                        .map(p -> new Object[] {p.tokens(), Times.sql(leaseUntil), p.id(), owner})
                        .toList());
        boolean[] kept = new boolean[updated.length];
        List<Progress> texts = new ArrayList<>();
        for (int i = 0; i < updated.length; i++) {
            kept[i] = updated[i] == 1;
            if (kept[i]) {
                texts.add(progress.get(i));
            }
        }
        insertChunks(texts);
        return kept;
    }

    /** Adds the pieces of text that are not empty. */
    public void insertChunks(List<Progress> progress) {
        List<Object[]> rows = progress.stream()
                .filter(p -> !p.text().isEmpty())
                .map(p -> new Object[] {p.id(), p.seq(), p.text()})
                .toList();
        if (!rows.isEmpty()) {
            jdbc.batchUpdate("insert into answer_chunk (answer_id, seq, content) values (?, ?, ?)", rows);
        }
    }

    /** The text that was committed, up to now. */
    public String text(String id) {
        return String.join(
                "",
                client.sql("select content from answer_chunk where answer_id = ? order by seq")
                        .param(id)
                        .query(String.class)
                        .list());
    }

    public void deleteChunks(String id) {
        client.sql("delete from answer_chunk where answer_id = ?").param(id).update();
    }

    /** The answers to a user that are generated now, by all processes; trainings are none. */
    List<String> runningOf(String userId) {
        return client.sql("select id from answer where user_id = ? and " + GENERATED_NOW)
                .param(userId)
                .query(String.class)
                .list();
    }

    /** The answers that are generated now, by all processes; trainings are none. */
    public long countRunning() {
        return client.sql("select count(*) from answer where " + GENERATED_NOW)
                .query(Long.class)
                .single();
    }

    /** Asks the owner of an answer to stop it. */
    public void requestStop(String id) {
        client.sql("update answer set stop_requested = true where id = ? and state = 'running'")
                .param(id)
                .update();
    }

    /** The running answers of an owner that are to be stopped. */
    public List<String> stopRequests(String owner) {
        return client.sql("select id from answer where state = 'running' and stop_requested and owner = ?")
                .param(owner)
                .query(String.class)
                .list();
    }

    /** Ends a running answer; changes no row where somebody did so already. */
    Sql end(String id, TokenCounts counts) {
        return Sql.of("""
                update answer set state = 'settled', prompt_tokens = ?, cached_tokens = ?, completion_tokens = ?
                where id = ? and state = 'running'
                """, counts.prompt(), counts.cached(), counts.completion(), id);
    }

    /** Running answers whose owner has not been heard of since {@code before}. */
    public List<Row> abandoned(Instant before) {
        return client.sql("select * from answer where state = 'running' and lease_until < ? order by id")
                .param(Times.sql(before))
                .query(AnswerRepository::row)
                .list();
    }

    /** Locks a running answer that is still abandoned. */
    public Optional<Row> lockAbandoned(String id, Instant before) {
        return client.sql("select * from answer where id = ? and state = 'running' and lease_until < ? for update")
                .params(id, Times.sql(before))
                .query(AnswerRepository::row)
                .optional();
    }

    /** Notes what a settled answer used. */
    Sql usage(OpenAnswer answer, TokenCounts charged, long cost, Instant now) {
        Spender spender = answer.spender();
        return Sql.of(
                """
                insert into usage_record (answer_id, organisation_id, project_id, user_id, api_key_id, model_id, prompt_tokens, cached_tokens, completion_tokens,
                    cost, currency, created_at)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                answer.id(),
                spender.organisationId(),
                spender.projectId(),
                spender.userId(),
                spender.apiKeyId(),
                answer.modelId(),
                charged.prompt(),
                charged.cached(),
                charged.completion(),
                cost,
                answer.reservation().prices().currency(),
                Times.sql(now));
    }

    private static Row row(ResultSet row, int number) throws SQLException {
        return new Row(
                row.getString("id"),
                new TokenCounts(
                        row.getInt("prompt_tokens"), row.getInt("cached_tokens"), row.getInt("completion_tokens")));
    }
}
