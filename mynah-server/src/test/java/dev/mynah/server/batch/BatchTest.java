package dev.mynah.server.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mynah.server.Multipart;
import dev.mynah.server.TestDatabase;
import dev.mynah.server.TestServer;
import dev.mynah.server.TestServer.Reply;
import dev.mynah.server.TestUser;
import dev.mynah.server.account.ApiKeys;
import dev.mynah.server.account.Scopes;
import dev.mynah.server.billing.QuotaRepository;
import dev.mynah.server.store.Times;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class BatchTest {
    private static final String CHAT = "/v1/chat/completions";

    private static String line(String id, String url, String body) {
        return "{'custom_id': '%s', 'method': 'POST', 'url': '%s', 'body': %s}\n"
                .formatted(id, url, body)
                .replace('\'', '"');
    }

    private static Reply create(TestUser user, String endpoint, String lines) {
        String file = Multipart.upload(user.server(), user.key(), "batch", lines);
        return user.server()
                .post(
                        "/v1/batches",
                        user.key(),
                        "{'input_file_id': '%s', 'endpoint': '%s', 'completion_window': '24h', 'metadata': {'a': 'b'}}"
                                .formatted(file, endpoint));
    }

    private static JsonNode await(TestUser user, String id) throws InterruptedException {
        while (true) {
            JsonNode batch = user.server().get("/v1/batches/" + id, user.key()).json();
            if (!List.of("in_progress", "cancelling", "finalizing")
                    .contains(batch.get("status").stringValue())) {
                return batch;
            }
            Thread.sleep(20);
        }
    }

    private static List<JsonNode> lines(TestUser user, JsonNode file) {
        return user.server()
                .get("/v1/files/" + file.stringValue() + "/content", user.key())
                .body()
                .lines()
                .map(JsonMapper.shared()::readTree)
                .toList();
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void linesAreAnsweredInTheirOrderAtHalfThePrice(TestDatabase database) throws Exception {
        TestServer server = TestServer.on(database);
        TestUser user = TestUser.payingFrom(server, 1_000_000);
        String lines = IntStream.range(0, 8)
                        .mapToObj(i -> line("id-" + i, CHAT, TestServer.chat("echo " + "x".repeat(900) + i)))
                        .collect(Collectors.joining())
                + "\n"
                + line("lost", CHAT, "{'model': 'nobody', 'messages': [{'role': 'user', 'content': 'x'}]}");
        Reply made = create(user, CHAT, lines);
        assertThat(made.status()).as(made.body()).isEqualTo(200);
        assertThat(made.json().get("object").stringValue()).isEqualTo("batch");
        JsonNode batch = await(user, made.json().get("id").stringValue());
        assertThat(batch.get("status").stringValue()).as(batch.toString()).isEqualTo("completed");
        assertThat(batch.get("request_counts").toString()).isEqualTo("{\"total\":9,\"completed\":8,\"failed\":1}");
        assertThat(batch.at("/metadata/a").stringValue()).isEqualTo("b");

        List<JsonNode> answers = lines(user, batch.get("output_file_id"));
        assertThat(answers)
                .extracting(answer -> answer.get("custom_id").stringValue())
                .containsExactlyElementsOf(
                        IntStream.range(0, 8).mapToObj(i -> "id-" + i).toList());
        assertThat(answers.get(3).at("/response/body/choices/0/message/content").stringValue())
                .endsWith("x3");
        assertThat(answers.get(3).at("/response/status_code").intValue()).isEqualTo(200);
        JsonNode error = lines(user, batch.get("error_file_id")).getFirst();
        assertThat(error.get("custom_id").stringValue()).isEqualTo("lost");
        assertThat(error.at("/response/status_code").intValue()).isEqualTo(404);
        assertThat(error.at("/response/body/error/code").stringValue()).isEqualTo("model_not_found");

        // Each line is rounded by itself, so less than a micro-unit of each may be gained or lost.
        long usual = user.usage("prompt_tokens") / 10 + user.usage("completion_tokens") * 4 / 10;
        assertThat(1_000_000 - user.balance()).isBetween(usual / 2 - 8, usual / 2 + 8);
        assertThat(server.audit().isClean()).isTrue();

        TestUser stranger = TestUser.onPlan(server, "free");
        String path = "/v1/batches/" + batch.get("id").stringValue();
        assertThat(server.get(path, stranger.key()).status()).isEqualTo(404);
        assertThat(server.post(path + "/cancel", stranger.key(), "{}").status()).isEqualTo(404);
        assertThat(server.get("/v1/batches", stranger.key()).json().get("data")).isEmpty();
        assertThat(server.get("/v1/batches?limit=1", user.key())
                        .json()
                        .at("/data/0/id")
                        .stringValue())
                .isEqualTo(batch.get("id").stringValue());
        assertThat(server.post(path + "/cancel", user.key(), "{}").status()).isEqualTo(409);
    }

    @Test
    void otherEndpointsAnswerAsWell() throws Exception {
        TestUser user = TestUser.payingFrom(TestServer.on(TestDatabase.H2), 1_000_000);
        JsonNode completion = await(
                user,
                create(user, "/v1/completions", line("a", "/v1/completions", "{'model': 'stub', 'prompt': 'echo hi'}"))
                        .json()
                        .get("id")
                        .stringValue());
        assertThat(lines(user, completion.get("output_file_id"))
                        .getFirst()
                        .at("/response/body/choices/0/text")
                        .stringValue())
                .isEqualTo("hi");
        JsonNode response = await(
                user,
                create(user, "/v1/responses", line("a", "/v1/responses", "{'model': 'stub', 'input': 'echo hi'}"))
                        .json()
                        .get("id")
                        .stringValue());
        assertThat(lines(user, response.get("output_file_id"))
                        .getFirst()
                        .at("/response/body/status")
                        .stringValue())
                .isEqualTo("completed");
        JsonNode embedding = await(
                user,
                create(user, "/v1/embeddings", line("a", "/v1/embeddings", "{'model': 'stub', 'input': 'x'}"))
                        .json()
                        .get("id")
                        .stringValue());
        assertThat(lines(user, embedding.get("error_file_id"))
                        .getFirst()
                        .at("/response/status_code")
                        .intValue())
                .isEqualTo(400);
        JsonNode moderation = await(
                user,
                create(user, "/v1/moderations", line("a", "/v1/moderations", "{'input': 'I will kill you'}"))
                        .json()
                        .get("id")
                        .stringValue());
        assertThat(lines(user, moderation.get("output_file_id"))
                        .getFirst()
                        .at("/response/body/results/0/flagged")
                        .booleanValue())
                .isTrue();
    }

    @Test
    void whatComesOfABatchIsKeptAsLongAsIsAskedFor() throws Exception {
        TestServer server = TestServer.on(TestDatabase.H2);
        TestUser user = TestUser.payingFrom(server, 1_000_000);
        String input = Multipart.upload(server, user.key(), "batch", line("a", CHAT, TestServer.chat("echo x")));
        String request = "{'input_file_id': '" + input + "', 'endpoint': '" + CHAT + "', 'completion_window': '24h',"
                + " 'output_expires_after': {'anchor': 'created_at', 'seconds': %d}}";
        JsonNode batch = await(
                user,
                server.post("/v1/batches", user.key(), request.formatted(7200))
                        .json()
                        .get("id")
                        .stringValue());
        JsonNode output = server.get("/v1/files/" + batch.get("output_file_id").stringValue(), user.key())
                .json();
        assertThat(output.get("expires_at").longValue()
                        - output.get("created_at").longValue())
                .isBetween(7199L, 7201L);
        assertThat(server.post("/v1/batches", user.key(), request.formatted(60))
                        .json()
                        .at("/error/param")
                        .stringValue())
                .isEqualTo("output_expires_after.seconds");
    }

    @Test
    void aBatchIsCancelledAndKeepsWhatWasAnswered() throws Exception {
        TestUser user = TestUser.payingFrom(TestServer.on(TestDatabase.H2), 1_000_000);
        String lines = IntStream.range(0, 200)
                .mapToObj(i -> line("id-" + i, CHAT, TestServer.chat("count 2 20")))
                .collect(Collectors.joining());
        String id = create(user, CHAT, lines).json().get("id").stringValue();
        while (user.server()
                        .get("/v1/batches/" + id, user.key())
                        .json()
                        .at("/request_counts/completed")
                        .intValue()
                == 0) {
            Thread.sleep(10);
        }
        assertThat(user.server()
                        .post("/v1/batches/" + id + "/cancel", user.key(), "{}")
                        .json()
                        .get("status")
                        .stringValue())
                .isIn("cancelling", "cancelled");
        JsonNode batch = await(user, id);
        int completed = batch.at("/request_counts/completed").intValue();
        assertThat(batch.get("status").stringValue()).isEqualTo("cancelled");
        assertThat(completed).isBetween(1, 199);
        assertThat(lines(user, batch.get("output_file_id"))).hasSize(completed);
        assertThat(user.usage("requests")).isEqualTo(completed);
    }

    @Test
    void aFileWithErrorsMakesABatchThatHasFailed() {
        TestServer server = TestServer.on(TestDatabase.H2);
        TestUser user = TestUser.payingFrom(server, 1_000_000);
        String lines = line("a", CHAT, TestServer.chat("echo x")) + line("a", CHAT, TestServer.chat("echo x")) + "{\n"
                + line("b", "/v1/other", "1") + line("c", CHAT, TestServer.chat("echo x", "'stream': true"));
        JsonNode batch = create(user, CHAT, lines).json();
        assertThat(batch.get("status").stringValue()).isEqualTo("failed");
        assertThat(batch.at("/errors/data").findValuesAsString("line")).containsExactly("2", "3", "4", "4", "5");
        assertThat(batch.at("/errors/data/0/code").stringValue()).isEqualTo("duplicate_custom_id");
        assertThat(create(user, "/v1/files", lines).status()).isEqualTo(400);
        assertThat(server.post(
                                "/v1/batches",
                                user.key(),
                                "{'input_file_id': 'file-0', 'endpoint': '" + CHAT + "', 'completion_window': '24h'}")
                        .status())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void whatAPlanHasNoRoomForKeepsNobodyElseWaiting(TestDatabase database) throws Exception {
        TestServer server = TestServer.on(database);
        JdbcClient jdbc = server.bean(JdbcClient.class);
        TestUser free = TestUser.onPlan(server, "free");
        // More tokens than its plan ever has in a minute: there is nothing to wait for.
        String prompts = IntStream.range(0, 40).mapToObj(i -> "'x'").collect(Collectors.joining(", ", "[", "]"));
        String huge =
                line("huge", "/v1/completions", "{'model': 'stub', 'max_tokens': 1500, 'prompt': " + prompts + "}");
        JsonNode refused = await(
                free, create(free, "/v1/completions", huge).json().get("id").stringValue());
        assertThat(lines(free, refused.get("error_file_id"))
                        .getFirst()
                        .at("/response/status_code")
                        .intValue())
                .isEqualTo(429);

        // The day is used up: two batches wait until it ends, with as many lines as the service answers at once.
        Instant now = Instant.now();
        jdbc.sql("delete from quota_window where organisation_id = ?")
                .param(free.organisationId())
                .update();
        jdbc.sql(
                        "insert into quota_window (organisation_id, span, started_at, requests, tokens) values (?, 'day', ?, 200, 0)")
                .params(free.organisationId(), Times.sql(QuotaRepository.Span.DAY.start(now)))
                .update();
        String lines = IntStream.range(0, 4)
                .mapToObj(i -> line("id-" + i, CHAT, TestServer.chat("echo x")))
                .collect(Collectors.joining());
        List<String> waiting = Stream.generate(
                        () -> create(free, CHAT, lines).json().get("id").stringValue())
                .limit(2)
                .toList();
        for (String id : waiting) {
            while (jdbc.sql("select count(*) from batch where id = ? and lease_until is not null")
                            .param(id)
                            .query(Long.class)
                            .single()
                    == 0) {
                Thread.sleep(20);
            }
        }
        TestUser paying = TestUser.payingFrom(server, 1_000_000);
        JsonNode done =
                await(paying, create(paying, CHAT, lines).json().get("id").stringValue());
        assertThat(done.at("/request_counts/completed").intValue()).isEqualTo(4);
        for (String id : waiting) {
            assertThat(server.get("/v1/batches/" + id, free.key())
                            .json()
                            .get("status")
                            .stringValue())
                    .isEqualTo("in_progress");
            server.post("/v1/batches/" + id + "/cancel", free.key(), "{}");
            JsonNode cancelled = await(free, id);
            assertThat(cancelled.get("status").stringValue()).isEqualTo("cancelled");
            assertThat(cancelled.at("/request_counts/failed").intValue()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void whoHasManyBatchesKeepsNobodyElseWaiting(TestDatabase database) throws Exception {
        TestServer server = TestServer.on(database);
        TestUser many = TestUser.payingFrom(server, 100_000_000);
        String lines = IntStream.range(0, 1_000)
                .mapToObj(i -> line("id-" + i, CHAT, TestServer.chat("count 2 50")))
                .collect(Collectors.joining());
        List<String> begun = Stream.generate(
                        () -> create(many, CHAT, lines).json().get("id").stringValue())
                .limit(6)
                .toList();
        JdbcClient jdbc = server.bean(JdbcClient.class);
        while (jdbc.sql("select count(*) from batch where organisation_id = ? and owner is not null")
                        .param(many.organisationId())
                        .query(Long.class)
                        .single()
                < 4) {
            Thread.sleep(20);
        }
        // They share the places for lines, whoever came first and has more batches.
        TestUser other = TestUser.payingFrom(server, 1_000_000);
        String few = IntStream.range(0, 40)
                .mapToObj(i -> line("id-" + i, CHAT, TestServer.chat("count 2 50")))
                .collect(Collectors.joining());
        String id = create(other, CHAT, few).json().get("id").stringValue();
        long before = many.usage("requests");
        assertThat(await(other, id).at("/request_counts/completed").intValue()).isEqualTo(40);
        assertThat(many.usage("requests") - before).isBetween(1L, 100L);
        // What is beyond an organisation's four waits, but for what only has to end.
        assertThat(jdbc.sql("select count(*) from batch where organisation_id = ? and owner is not null")
                        .param(many.organisationId())
                        .query(Long.class)
                        .single())
                .isEqualTo(4);
        for (String one : begun.reversed()) {
            server.post("/v1/batches/" + one + "/cancel", many.key(), "{}");
            assertThat(await(many, one).get("status").stringValue()).isEqualTo("cancelled");
        }
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void whoMayNoLongerAskSpendsNothingMore(TestDatabase database) throws Exception {
        TestServer server = TestServer.on(database);
        TestUser user = TestUser.payingFrom(server, 1_000_000);
        String other = server.bean(ApiKeys.class)
                .create(new ApiKeys.Order(user.caller().projectId(), user.userId(), "other", Scopes.ALL, null))
                .secret();
        String key = user.caller().apiKeyId();
        TestUser same = new TestUser(server, user.organisationId(), user.userId(), other);
        String lines = IntStream.range(0, 400)
                .mapToObj(i -> line("id-" + i, CHAT, TestServer.chat("count 2 20")))
                .collect(Collectors.joining());
        String id = create(user, CHAT, lines).json().get("id").stringValue();
        assertThat(server.bean(ApiKeys.class).revoke(String.valueOf(key), user.userId()))
                .isTrue();
        assertThat(await(same, id).get("status").stringValue()).isEqualTo("cancelled");

        // A key that went with its project, likewise.
        String project = server.post(
                        "/api/organisations/" + user.organisationId() + "/projects", other, "{'name': 'short'}")
                .json()
                .get("id")
                .stringValue();
        TestUser there = new TestUser(
                server,
                user.organisationId(),
                user.userId(),
                server.bean(ApiKeys.class)
                        .create(new ApiKeys.Order(project, user.userId(), "there", Scopes.ALL, null))
                        .secret());
        String gone = create(there, CHAT, lines).json().get("id").stringValue();
        assertThat(server.send(
                                "DELETE",
                                "/api/organisations/" + user.organisationId() + "/projects/" + project,
                                other,
                                "")
                        .status())
                .isEqualTo(204);
        assertThat(await(same, gone).get("status").stringValue()).isEqualTo("cancelled");

        // Who has left the organisation, likewise.
        String left = create(same, CHAT, lines).json().get("id").stringValue();
        server.bean(JdbcClient.class)
                .sql("delete from organisation_member where user_id = ?")
                .param(user.userId())
                .update();
        BatchRepository repository = server.bean(BatchRepository.class);
        while (repository.find(left).orElseThrow().finishedAt() == null) {
            Thread.sleep(20);
        }
        Batch ended = repository.find(left).orElseThrow();
        assertThat(ended.state()).isEqualTo(BatchState.CANCELLED);
        assertThat(ended.completed()).isLessThan(400);
    }

    @Test
    void anOrganisationHasAHundredOpenBatches() {
        TestServer server = TestServer.on(TestDatabase.H2);
        TestUser user = TestUser.payingFrom(server, 1_000_000);
        String made = create(user, CHAT, line("a", CHAT, TestServer.chat("echo x")))
                .json()
                .get("id")
                .stringValue();
        JdbcClient jdbc = server.bean(JdbcClient.class);
        for (int i = 0; i < 100; i++) {
            jdbc.sql("""
                insert into batch (id, organisation_id, project_id, user_id, endpoint, input_file, metadata, state, problems, total, completed, failed,
                    created_at, expires_at, lease_until)
                select ?, organisation_id, project_id, user_id, endpoint, input_file, metadata, 'in_progress', problems, 1, 0, 0,
                    created_at, expires_at, expires_at from batch where id = ?
                """).params(made + "_" + i, made).update();
        }
        Reply refused = create(user, CHAT, line("a", CHAT, TestServer.chat("echo x")));
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.json().at("/error/code").stringValue()).isEqualTo("too_many_batches");
        assertThat(refused.header("retry-after")).isEqualTo("60");
        jdbc.sql("delete from batch where organisation_id = ? and finished_at is null and id <> ?")
                .params(user.organisationId(), made)
                .update();
    }
}
