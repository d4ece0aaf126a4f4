package dev.mynah.server.moderation;

import dev.mynah.server.store.Ids;
import dev.mynah.server.store.Times;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What administrators decided: policies and words. Every change is counted. */
@Component
final class RuleRepository {
    private final JdbcClient jdbc;

    RuleRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * @param reason  how a refusal is put, or null for the program's own words
     * @param learned what is done about what the classifier finds, or null for what the program does
     */
    record Decision(
            Category category,
            Action input,
            Action output,
            @Nullable String reason,
            Policy.@Nullable Guess learned) {}

    /** A word that was added while the service ran. */
    record StoredWord(String id, Lexicon.Word word) {}

    long version() {
        return jdbc.sql("select moderation_version from service_state")
                .query(Long.class)
                .single();
    }

    /** Counts a change, and holds others back until the transaction has ended. */
    void count() {
        jdbc.sql("update service_state set moderation_version = moderation_version + 1")
                .update();
    }

    List<Decision> decisions() {
        return jdbc.sql("select * from moderation_policy")
                .query((row, n) -> new Decision(
                        Category.of(row.getString("category")),
                        Action.of(row.getString("input_action")),
                        Action.of(row.getString("output_action")),
                        row.getString("reason"),
                        learned(row)))
                .list();
    }

    private static Policy.@Nullable Guess learned(ResultSet row) throws SQLException {
        @Nullable String input = row.getString("classifier_input");
        return input == null
                ? null
                : new Policy.Guess(
                        Action.of(input),
                        Action.of(row.getString("classifier_output")),
                        row.getDouble("classifier_threshold"));
    }

    void store(Decision decision) {
        Policy.@Nullable Guess learned = decision.learned();
        jdbc.sql("delete from moderation_policy where category = ?")
                .param(decision.category().id())
                .update();
        jdbc.sql("""
                        insert into moderation_policy
                          (category, input_action, output_action, reason, classifier_input, classifier_output, classifier_threshold)
                        values (?, ?, ?, ?, ?, ?, ?)
                        """)
                .params(
                        decision.category().id(),
                        decision.input().id(),
                        decision.output().id())
                .param(decision.reason())
                .param(learned == null ? null : learned.input().id())
                .param(learned == null ? null : learned.output().id())
                .param(learned == null ? null : learned.threshold())
                .update();
    }

    /** A page of words, the oldest first, after {@code after}. */
    List<StoredWord> words(String after, int limit) {
        return jdbc.sql("select * from moderation_word where id > ? order by id limit " + limit)
                .param(after)
                .query((row, n) -> new StoredWord(
                        row.getString("id"),
                        new Lexicon.Word(Category.of(row.getString("category")), row.getString("word"))))
                .list();
    }

    /** Adds a word; empty where it is there already. */
    Optional<StoredWord> insert(Lexicon.Word word, Instant now) {
        String id = Ids.next("word_");
        int added = jdbc.sql(
                        "insert into moderation_word (id, category, word, created_at) values (?, ?, ?, ?) on conflict do nothing")
                .params(id, word.category().id(), word.text(), Times.sql(now))
                .update();
        count();
        return added == 0 ? Optional.empty() : Optional.of(new StoredWord(id, word));
    }

    boolean delete(String id) {
        count();
        return jdbc.sql("delete from moderation_word where id = ?").param(id).update() == 1;
    }
}
