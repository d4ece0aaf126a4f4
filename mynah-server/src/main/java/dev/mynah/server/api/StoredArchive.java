package dev.mynah.server.api;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What a user asked to be stored by way of the API, as files of JSON, written one at a time. */
@Component
public final class StoredArchive {
    private final JdbcClient jdbc;

    StoredArchive(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Writes the responses, each with the input of its request. */
    public void writeResponses(String userId, OutputStream out) throws IOException {
        write(userId, "response", "input", out);
    }

    /** Writes the chat completions, each with the messages of its request. */
    public void writeCompletions(String userId, OutputStream out) throws IOException {
        write(userId, "chat_completion", "messages", out);
    }

    private void write(String userId, String table, String asked, OutputStream out) throws IOException {
        List<String> ids = jdbc.sql("select id from " + table + " where user_id = ? order by id")
                .param(userId)
                .query(String.class)
                .list();
        String separator = "[";
        for (String id : ids) {
            // One that was deleted meanwhile is not there.
            List<String> found = jdbc.sql("select " + asked + ", body from " + table + " where id = ?")
                    .param(id)
                    .query((row, n) ->
                            "\n{\"" + asked + "\":" + row.getString(asked) + ",\"body\":" + row.getString("body") + "}")
                    .list();
            for (String one : found) {
                out.write((separator + one).getBytes(StandardCharsets.UTF_8));
                separator = ",";
            }
        }
        out.write((separator.equals("[") ? "[]\n" : "\n]\n").getBytes(StandardCharsets.UTF_8));
    }
}
