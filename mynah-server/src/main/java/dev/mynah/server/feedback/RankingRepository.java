package dev.mynah.server.feedback;

import dev.mynah.server.store.Times;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Several answers to one question, in the order that its user gave them. */
@Component
final class RankingRepository {
    private final JdbcClient jdbc;
    private final JsonMapper mapper;

    RankingRepository(JdbcClient jdbc, JsonMapper mapper) {
        this.jdbc = jdbc;
        this.mapper = mapper;
    }

    /** @param answers the best first */
    record Ranked(String questionId, List<Feedback.Turn> prompt, List<String> answers) {
        Ranked {
            prompt = List.copyOf(prompt);
            answers = List.copyOf(answers);
        }
    }

    /** Keeps a ranking in place of what the user said of this question before; of two at the same moment, one. */
    void put(String userId, Ranked ranked, Instant now) {
        jdbc.sql("delete from answer_ranking where question_id = ?")
                .param(ranked.questionId())
                .update();
        jdbc.sql(
                        "insert into answer_ranking (question_id, user_id, prompt, answers, updated_at) values (?, ?, ?, ?, ?) on conflict do nothing")
                .params(
                        ranked.questionId(),
                        userId,
                        mapper.writeValueAsString(ranked.prompt()),
                        mapper.writeValueAsString(ranked.answers()),
                        Times.sql(now))
                .update();
    }

    /** A page of what users who agree to its use have ranked, after question {@code after}. */
    List<Ranked> consented(String after, int limit) {
        return jdbc.sql("""
                        select r.* from answer_ranking r join app_user u on u.id = r.user_id
                        where u.feedback_consent and r.question_id > ? order by r.question_id limit \
                        """ + limit).param(after).query(this::ranked).list();
    }

    /** All that a user has ranked. */
    List<Ranked> ofUser(String userId) {
        return jdbc.sql("select * from answer_ranking where user_id = ? order by question_id")
                .param(userId)
                .query(this::ranked)
                .list();
    }

    private Ranked ranked(ResultSet row, int number) throws SQLException {
        return new Ranked(
                row.getString("question_id"),
                List.of(mapper.readValue(row.getString("prompt"), Feedback.Turn[].class)),
                List.of(mapper.readValue(row.getString("answers"), String[].class)));
    }
}
