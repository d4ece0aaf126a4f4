package dev.mynah.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * How often a request goes to the database, on PostgreSQL, where each time costs a message there and back. Beside it, what an answer delivers is committed for all answers together while they stream. Who
 * makes one of these numbers larger should know why.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DatabaseWorkTest {
    private TestServer server;
    private CountingDataSource database;

    @BeforeAll
    void start(@TempDir Path dataDir) throws Exception {
        server = TestServer.start(dataDir, TestDatabase.POSTGRES.environment());
        database = CountingDataSource.in(server);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private void expect(int statements, int commits) {
        assertThat(database.statements())
                .as(String.join("\n", database.sent).replaceAll("\\s+", " "))
                .isEqualTo(statements);
        assertThat(database.commits())
                .as(String.join("\n", database.sent).replaceAll("\\s+", " "))
                .isEqualTo(commits);
    }

    @Test
    void aShortChat() {
        TestUser user = TestUser.payingFrom(server, 1_000_000);
        for (String more : new String[] {"'seed': 1", "'stream': true"}) {
            server.post("/v1/chat/completions", user.key(), TestServer.chat("echo a", more));
            database.sent.clear();
            assertThat(server.post("/v1/chat/completions", user.key(), TestServer.chat("echo a", more))
                            .status())
                    .isEqualTo(200);
            // What a model is called and costs is remembered for a second.
            database.sent.removeIf(text -> text.startsWith("select * from model "));
            expect(6, 4);
        }
    }

    @Test
    void aListOfConversations() {
        TestUser user = TestUser.onPlan(server, "free");
        for (int i = 0; i < 40; i++) {
            server.post("/api/conversations", user.key(), "{'model': 'stub', 'title': 'one of many'}");
        }
        server.get("/api/conversations", user.key());
        database.sent.clear();
        assertThat(server.get("/api/conversations?limit=30", user.key()).json().get("data"))
                .hasSize(30);
        expect(2, 2);
    }
}
