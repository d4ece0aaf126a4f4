package dev.mynah.server.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mynah.server.Multipart;
import dev.mynah.server.TestDatabase;
import dev.mynah.server.TestServer;
import dev.mynah.server.TestServer.Reply;
import dev.mynah.server.TestUser;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
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
}
