package dev.mynah.server.answer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mynah.server.TestDatabase;
import dev.mynah.server.TestServer;
import dev.mynah.server.TestUser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** Two replicas over one database, of which the one that generates an answer falls silent. */
class LostLeaseTest {
    private static final long CREDIT = 1_000_000;

    @Test
    void anAnswerWhoseOwnerFallsSilentIsSettledOnceByAnother(@TempDir Path one, @TempDir Path two) throws Exception {
        var environment = TestDatabase.POSTGRES.environment();
        TestServer first = TestServer.start(one, environment);
        Files.copy(one.resolve("secret.key"), two.resolve("secret.key"));
        TestServer second = TestServer.start(two, environment);
        try {
            TestUser user = TestUser.payingFrom(first, CREDIT);
            String messages = "/api/conversations/"
                    + first.post("/api/conversations", user.key(), "{'model': 'stub'}")
                            .json()
                            .get("id")
                            .stringValue() + "/messages";
            first.post(messages, user.key(), "{'content': 'count 100000 5'}");
            JdbcClient jdbc = second.bean(JdbcClient.class);
            while (number(jdbc, "select coalesce(sum(completion_tokens), 0) from answer where state = 'running'")
                    < 20) {
                LockSupport.parkNanos(1_000_000);
            }
            // The process is there, and hangs: nothing of it reaches the database any more.
            first.bean(ProgressCommitter.class).stop();
            Instant afterTheLease = Instant.now().plus(Answers.LEASE).plusSeconds(1);
            assertThat(second.bean(Sweeper.class).sweep(afterTheLease)).isEqualTo(1);
            assertThat(second.bean(Sweeper.class).sweep(afterTheLease)).isZero();

            JsonNode interrupted = second.get(messages, user.key()).json().at("/data/1");
            assertThat(interrupted.get("state").stringValue()).isEqualTo("interrupted");
            String text = interrupted.get("content").stringValue();
            assertThat(text).matches("x{20,}");
            long cost = user.usage("cost");
            assertThat(cost).isPositive();
            assertThat(user.usage("completion_tokens")).isEqualTo(text.length());
            assertThat(user.balance()).isEqualTo(CREDIT - cost);

            // It wakes up, hears that the answer is another's by now, and lets go of it.
            first.bean(ProgressCommitter.class).start();
            while (!first.bean(Answers.class).running().isEmpty()) {
                LockSupport.parkNanos(1_000_000);
            }
            assertThat(number(jdbc, "select count(*) from usage_record")).isEqualTo(1);
            assertThat(second.get(messages, user.key()).json().at("/data/1")).isEqualTo(interrupted);
            assertThat(user.balance()).isEqualTo(CREDIT - cost);
            assertThat(first.audit().isClean()).isTrue();
        } finally {
            second.close();
            first.close();
        }
    }

    private static long number(JdbcClient jdbc, String sql) {
        return jdbc.sql(sql).query(Long.class).single();
    }
}
