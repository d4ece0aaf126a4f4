package dev.mynah.server.feedback;

import dev.mynah.server.store.Times;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Feedback, and who agreed that it is used. */
@Component
final class FeedbackRepository {
    private final JdbcClient jdbc;
    private final JsonMapper mapper;

    FeedbackRepository(JdbcClient jdbc, JsonMapper mapper) {
        this.jdbc = jdbc;
        this.mapper = mapper;
    }

    /** Keeps feedback in place of what the user said of this answer before; of two at the same moment, one. */
    void put(Feedback feedback, Instant now) {
        jdbc.sql("delete from feedback where message_id = ?")
                .param(feedback.settings().messageId())
                .update();
        jdbc.sql("""
                        insert into feedback (message_id, user_id, question_id, rating, reasons, remark, corrected, prompt, answer, model_id, temperature, max_tokens,
                            seed, updated_at)
                        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing
                        """)
                .params(
                        feedback.settings().messageId(),
                        feedback.userId(),
                        feedback.questionId(),
                        feedback.rating(),
                        String.join(" ", feedback.reasons()),
                        feedback.comment())
                .param(feedback.corrected())
                .params(
                        mapper.writeValueAsString(feedback.prompt()),
                        feedback.answer(),
                        feedback.settings().modelId(),
                        feedback.settings().temperature(),
                        feedback.settings().wished().maxTokens(),
                        feedback.settings().seed(),
                        Times.sql(now))
                .update();
    }

    /** What was given to the model and what is thought of the answer. */
    record Row(
            String questionId,
            boolean good,
            @Nullable String corrected,
            List<Feedback.Turn> prompt,
            String answer,
            String model) {}

    /** A page of the feedback of users who agree to its use, by questions, after question {@code after}. */
    List<Row> consented(String after, int questions) {
        return jdbc.sql("""
                        select f.* from feedback f join app_user u on u.id = f.user_id
                        where u.feedback_consent and f.question_id in
                            (select distinct question_id from feedback where question_id > ? order by question_id limit \
                        """ + questions + ") order by f.question_id, f.message_id")
                .param(after)
                .query((row, n) -> new Row(
                        row.getString("question_id"),
                        row.getString("rating").equals(Feedback.GOOD),
                        row.getString("corrected"),
                        Arrays.asList(mapper.readValue(row.getString("prompt"), Feedback.Turn[].class)),
                        row.getString("answer"),
                        row.getString("model_id")))
                .list();
    }

    /** What an administrator reads of a feedback. */
    record Review(
            String messageId,
            String rating,
            List<String> reasons,
            String comment,
            @Nullable String corrected,
            List<Feedback.Turn> prompt,
            String answer,
            String model,
            Instant updatedAt) {
        Review {
            reasons = List.copyOf(reasons);
            prompt = List.copyOf(prompt);
        }

        Review masked() {
            return new Review(
                    messageId,
                    rating,
                    reasons,
                    PersonalData.masked(comment),
                    corrected == null ? null : PersonalData.masked(corrected),
                    prompt.stream()
                            .map(turn -> new Feedback.Turn(turn.role(), PersonalData.masked(turn.content())))
                            .toList(),
                    PersonalData.masked(answer),
                    model,
                    updatedAt);
        }
    }

    /** A page of the feedback of users who agree to its use, the newest answers first, before {@code after} unless that is empty. */
    List<Review> reviews(String rating, String after, int limit) {
        return jdbc.sql("""
                        select f.* from feedback f join app_user u on u.id = f.user_id
                        where u.feedback_consent and (? = '' or f.rating = ?) and (? = '' or f.message_id < ?) order by f.message_id desc limit \
                        """ + limit)
                .params(rating, rating, after, after)
                .query(this::review)
                .list();
    }

    /** All that a user has said. */
    List<Review> ofUser(String userId) {
        return jdbc.sql("select * from feedback where user_id = ? order by message_id")
                .param(userId)
                .query(this::review)
                .list();
    }

    private Review review(ResultSet row, int number) throws SQLException {
        String reasons = row.getString("reasons");
        return new Review(
                row.getString("message_id"),
                row.getString("rating"),
                reasons.isEmpty() ? List.of() : List.of(reasons.split(" ")),
                row.getString("remark"),
                row.getString("corrected"),
                Arrays.asList(mapper.readValue(row.getString("prompt"), Feedback.Turn[].class)),
                row.getString("answer"),
                row.getString("model_id"),
                Times.get(row, "updated_at"));
    }

    /** The last question of the page after {@code after}; empty where there is none. */
    Optional<String> lastQuestion(String after, int questions) {
        return jdbc.sql("""
                        select max(question_id) from
                            (select distinct question_id from feedback where question_id > ? order by question_id limit \
                        """ + questions + ") page")
                .param(after)
                .query(String.class)
                .optional();
    }

    /** Whether a user agreed; empty where nobody asked yet. */
    Optional<Boolean> consent(String userId) {
        return jdbc.sql("select feedback_consent from app_user where id = ? and feedback_consent is not null")
                .param(userId)
                .query(Boolean.class)
                .optional();
    }

    void setConsent(String userId, boolean consent) {
        jdbc.sql("update app_user set feedback_consent = ? where id = ?")
                .params(consent, userId)
                .update();
    }
}
