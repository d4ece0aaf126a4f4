package dev.mynah.server.conversation;

import dev.mynah.server.store.Times;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Users' own assistants. */
@Component
final class AssistantRepository {
    private final JdbcClient jdbc;
    private final JsonMapper mapper;

    AssistantRepository(JdbcClient jdbc, JsonMapper mapper) {
        this.jdbc = jdbc;
        this.mapper = mapper;
    }

    /** A user's, the oldest first. */
    List<Assistant> ofUser(String userId) {
        return jdbc.sql("select * from assistant where user_id = ? order by id")
                .param(userId)
                .query((row, n) -> new Assistant(
                        row.getString("id"),
                        row.getString("name"),
                        row.getString("description"),
                        row.getString("instructions"),
                        List.of(mapper.readValue(row.getString("starters"), String[].class)),
                        row.getString("model_id"),
                        Times.get(row, "created_at")))
                .list();
    }

    /** Keeps an assistant, in place of the one with its id; of two at the same moment, one. */
    void put(Assistant assistant, String userId) {
        delete(assistant.id(), userId);
        jdbc.sql(
                        "insert into assistant (id, user_id, name, description, instructions, starters, model_id, created_at) values (?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing")
                .params(
                        assistant.id(),
                        userId,
                        assistant.name(),
                        assistant.description(),
                        assistant.instructions(),
                        mapper.writeValueAsString(assistant.starters()))
                .param(assistant.model())
                .param(Times.sql(assistant.createdAt()))
                .update();
    }

    boolean delete(String id, String userId) {
        return jdbc.sql("delete from assistant where id = ? and user_id = ?")
                        .params(id, userId)
                        .update()
                == 1;
    }
}
