package dev.mynah.server.conversation;

import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What all chats of a user are told first. It is kept in the account. */
@Component
public final class Instructions {
    private final JdbcClient jdbc;

    Instructions(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** A user's, if there are any. */
    public Optional<String> of(String userId) {
        return jdbc.sql("select instructions from app_user where id = ? and instructions is not null")
                .param(userId)
                .query(String.class)
                .optional();
    }

    /** Keeps a user's, or none where the text is empty. */
    void put(String userId, String text) {
        jdbc.sql("update app_user set instructions = nullif(?, '') where id = ?")
                .params(text, userId)
                .update();
    }
}
