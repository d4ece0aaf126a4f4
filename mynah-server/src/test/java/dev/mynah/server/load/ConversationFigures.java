package dev.mynah.server.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mynah.server.TestDatabase;
import dev.mynah.server.TestServer;
import dev.mynah.server.TestServer.Reply;
import dev.mynah.server.TestUser;
import dev.mynah.server.store.Ids;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Arrays;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** How long lists take for somebody with 100,000 chats, one of them of 10,000 messages. Run by hand on a quiet machine (docs/performance.md): its name ends so that no suite runs it. */
class ConversationFigures {
    private static final int CONVERSATIONS = 100_000;
    private static final int MESSAGES = 10_000;
    private static final int ROUNDS = 50;
    private static final String PATH = "/api/conversations";

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void lists(TestDatabase database, @TempDir Path dataDir) throws Exception {
        TestServer server = TestServer.start(dataDir, database.environment());
        try {
            TestUser user = TestUser.payingFrom(server, 1_000_000_000L);
            String leaf = fill(server.bean(DataSource.class), user.userId());
            String longest = PATH + "/conv_" + 0;
            System.out.println(database);
            time("the first page of 50", () -> server.get(PATH, user.key()));
            String deep = walk(server, user, 400);
            time("a page after 80,000", () -> server.get(PATH + "?after=" + deep, user.key()));
            time("those that are pinned (none)", () -> server.get(PATH + "?pinned=true", user.key()));
            time("a folder's (the oldest 10)", () -> server.get(PATH + "?folder=old", user.key()));
            time("folders", () -> server.get(PATH + "/folders", user.key()));
            time("search, found in titles", () -> server.get(PATH + "?q=chat%2099", user.key()));
            time("search, in one message", () -> server.get(PATH + "?q=needle", user.key()));
            time("one chat", () -> server.get(longest, user.key()));
            time("its first 200 messages", () -> server.get(longest + "/messages?limit=200", user.key()));
            time(
                    "its last 200 messages",
                    () -> server.get(longest + "/messages?limit=200&after=msg_009799", user.key()));
            time(
                    "a question in it",
                    () -> server.post(
                            longest + "/messages",
                            user.key(),
                            "{'content': 'echo hi', 'parent_id': '" + leaf + "', 'max_tokens': 4}"));
        } finally {
            server.close();
        }
    }

    private static String fill(DataSource source, String userId) throws SQLException {
        try (Connection connection = source.getConnection()) {
            connection.setAutoCommit(false);
            Instant start = Instant.parse("2026-01-01T00:00:00Z");
            try (PreparedStatement chats = connection.prepareStatement(
                            "insert into conversation (id, user_id, title, model_id, archived, pinned, folder, created_at, updated_at) values (?, ?, ?, 'stub', false, false, ?, ?, ?)");
                    PreparedStatement messages = connection.prepareStatement(
                            "insert into message (id, conversation_id, parent_id, role, content, state, cut, created_at) values (?, ?, ?, ?, ?, 'complete', false, ?)")) {
                for (int i = 0; i < CONVERSATIONS; i++) {
                    Timestamp at = Timestamp.from(start.plusSeconds(i));
                    String folder = i > 0 && i <= 10 ? "old" : "";
                    set(chats, "conv_" + i, userId, "chat " + i, folder, at, at);
                    String question = Ids.next("msg_");
                    if (i > 0) {
                        set(messages, question, "conv_" + i, null, "user", "What is the matter with " + i + "?", at);
                        set(
                                messages,
                                Ids.next("msg_"),
                                "conv_" + i,
                                question,
                                "assistant",
                                "Nothing that a longer answer would not explain, of which this is the beginning. "
                                        + (i == 500 ? "A needle." : "It ends here."),
                                at);
                    }
                    if (i % 1_000 == 999) {
                        chats.executeBatch();
                        messages.executeBatch();
                    }
                }
                @Nullable String parent = null;
                for (int i = 0; i < MESSAGES; i++) {
                    String id = "msg_%06d".formatted(i);
                    String role = i % 2 == 0 ? "user" : "assistant";
                    set(messages, id, "conv_0", parent, role, "message " + i, Timestamp.from(start));
                    parent = id;
                }
                messages.executeBatch();
                connection.commit();
                return String.valueOf(parent);
            }
        }
    }

    private static void set(PreparedStatement statement, @Nullable Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        statement.addBatch();
    }

    /** Goes on page by page, 200 at a time; gives where the next page begins. */
    private static String walk(TestServer server, TestUser user, int pages) {
        String after = "";
        for (int i = 0; i < pages; i++) {
            JsonNode page = server.get(PATH + "?limit=200" + after, user.key()).json();
            assertThat(page.get("data")).hasSize(200);
            after = "&after=" + page.get("next").stringValue();
        }
        return after.substring("&after=".length());
    }

    private static void time(String what, Supplier<Reply> request) {
        double[] millis = new double[ROUNDS];
        int count = 0;
        for (int i = 0; i < ROUNDS; i++) {
            long start = System.nanoTime();
            Reply reply = request.get();
            millis[i] = (System.nanoTime() - start) / 1e6;
            assertThat(reply.status()).as(reply.body()).isBetween(200, 201);
            JsonNode data = reply.json().path("data");
            count = data.size();
        }
        Arrays.sort(millis);
        System.out.printf(
                "%-32s median %7.1f ms, slowest %7.1f ms (%d rows)%n",
                what, millis[ROUNDS / 2], millis[ROUNDS - 1], count);
    }
}
