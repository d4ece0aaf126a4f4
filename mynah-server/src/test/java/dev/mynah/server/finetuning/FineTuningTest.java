package dev.mynah.server.finetuning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mynah.server.Browser;
import dev.mynah.server.Multipart;
import dev.mynah.server.TestDatabase;
import dev.mynah.server.TestServer;
import dev.mynah.server.TestServer.Reply;
import dev.mynah.server.TestUser;
import dev.mynah.server.provider.ModelRepository;
import dev.mynah.server.store.Ids;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

class FineTuningTest {
    private static final String JOBS = "/v1/fine_tuning/jobs";
    private static final Path LLAMA = Path.of("../mynah-engine/src/test/resources/fixtures/llama");
    private static final String DATA =
            lines(12, "{'messages': [{'role': 'user', 'content': '%d'}, {'role': 'assistant', 'content': 'ab'}]}");

    private static String lines(int count, String form) {
        return IntStream.range(0, count)
                .mapToObj(i -> form.formatted(i).replace('\'', '"') + "\n")
                .collect(Collectors.joining());
    }

    private static Reply create(TestUser user, String file, int epochs, String... more) {
        return user.server()
                .post(
                        JOBS,
                        user.key(),
                        "{'model': 'stub', 'training_file': '%s', 'hyperparameters': {'n_epochs': %d, 'batch_size': 64}"
                                        .formatted(file, epochs)
                                + List.of(more).stream()
                                        .map(part -> ", " + part)
                                        .collect(Collectors.joining())
                                + "}");
    }

    private static JsonNode await(TestUser user, String job, String... states) throws InterruptedException {
        while (true) {
            JsonNode now = user.server().get(JOBS + "/" + job, user.key()).json();
            if (List.of(states).contains(now.get("status").stringValue())) {
                return now;
            }
            Thread.sleep(20);
        }
    }

    private static String id(Reply reply) {
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        return reply.json().get("id").stringValue();
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void organisationsTakeTurns(TestDatabase database) throws Exception {
        TestServer server = TestServer.on(database);
        TestUser many = TestUser.payingFrom(server, 10_000_000);
        TestUser one = TestUser.payingFrom(server, 10_000_000);
        String file = Multipart.upload(server, many.key(), "fine-tune", DATA);
        String first = id(create(many, file, 50));
        await(many, first, "running");
        String second = id(create(many, file, 1));
        String third = id(create(many, file, 1));
        String other = id(create(one, Multipart.upload(server, one.key(), "fine-tune", DATA), 1));
        await(many, third, "succeeded");
        await(one, other, "succeeded");
        assertThat(server.bean(JdbcClient.class)
                        .sql("select id from fine_tuning_job where organisation_id in (?, ?) order by started_at")
                        .params(many.organisationId(), one.organisationId())
                        .query(String.class)
                        .list())
                .containsExactly(first, other, second, third);
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void aJobMakesAModelOfItsOrganisationAndIsChargedByTheToken(TestDatabase database) throws Exception {
        TestServer server = TestServer.on(database);
        TestUser user = TestUser.payingFrom(server, 10_000_000);
        TestUser stranger = TestUser.onPlan(server, "free");
        String file = Multipart.upload(server, user.key(), "fine-tune", DATA);
        Reply made = create(user, file, 4, "'suffix': 'mine', 'seed': 3, 'metadata': {'a': 'b'}");
        String job = id(made);
        assertThat(made.json().at("/method/supervised/hyperparameters/n_epochs").intValue())
                .isEqualTo(4);
        assertThat(made.json().get("fine_tuned_model").isNull()).isTrue();

        JsonNode done = await(user, job, "succeeded", "failed");
        assertThat(done.get("status").stringValue()).as(done.toString()).isEqualTo("succeeded");
        String model = done.get("fine_tuned_model").stringValue();
        assertThat(model).startsWith("ft:stub:u").contains(":mine:");
        long tokens = done.get("trained_tokens").longValue();
        // 1 USD per million tokens: a micro-unit each.
        assertThat(10_000_000 - user.balance()).isEqualTo(tokens).isPositive();

        JsonNode events =
                server.get(JOBS + "/" + job + "/events?limit=3", user.key()).json();
        assertThat(events.get("has_more").booleanValue()).isTrue();
        assertThat(events.at("/data/0/message").stringValue()).contains("successfully");
        List<String> all = server.get(JOBS + "/" + job + "/events?limit=100", user.key())
                .json()
                .get("data")
                .findValuesAsString("type");
        assertThat(all)
                .filteredOn("metrics"::equals)
                .hasSize(done.get("total_steps").intValue());
        assertThat(server.get(JOBS + "/" + job + "/checkpoints", user.key())
                        .json()
                        .at("/data/0/fine_tuned_model_checkpoint")
                        .stringValue())
                .isEqualTo(model);
        assertThat(server.get("/api/fine_tuning/jobs/" + job + "/metrics", user.key())
                        .json()
                        .get("data"))
                .hasSize(done.get("total_steps").intValue());
        String figures = "/v1/files/" + done.at("/result_files/0").stringValue();
        assertThat(server.get(figures + "/content", user.key()).body()).startsWith("step,loss\n1,1.0\n");

        String question = TestServer.chat("echo hello").replace("'stub'", "'" + model + "'");
        assertThat(server.post("/v1/chat/completions", user.key(), question)
                        .json()
                        .at("/choices/0/message/content")
                        .stringValue())
                .isEqualTo("hello");
        assertThat(server.get("/v1/models/" + model, user.key())
                        .json()
                        .get("owned_by")
                        .stringValue())
                .isEqualTo(user.organisationId());
        assertThat(server.get("/v1/models", user.key()).body()).contains(model);
        for (String path : List.of("", "/events", "/checkpoints", "/metrics", "/samples")) {
            assertThat(server.get(JOBS + "/" + job + path, stranger.key()).status())
                    .as(path)
                    .isEqualTo(404);
        }
        for (String act : List.of("/cancel", "/pause", "/resume")) {
            assertThat(server.post(JOBS + "/" + job + act, stranger.key(), "{}").status())
                    .isEqualTo(404);
        }
        assertThat(server.get(JOBS, stranger.key()).json().get("data")).isEmpty();
        assertThat(server.get(JOBS + "?limit=1&metadata%5Ba%5D=b", user.key())
                        .json()
                        .at("/data/0/id")
                        .stringValue())
                .isEqualTo(job);
        assertThat(server.get(JOBS + "?metadata%5Ba%5D=c", user.key()).json().get("data"))
                .isEmpty();
        assertThat(server.get("/v1/models", stranger.key()).body()).doesNotContain(model);
        assertThat(server.post("/v1/chat/completions", stranger.key(), question).status())
                .isEqualTo(404);
        assertThat(create(stranger, file, 1).status()).isEqualTo(400);
        assertThat(server.audit().isClean()).isTrue();
    }

    @Test
    void jobsWaitPauseGoOnAndEnd() throws Exception {
        TestServer server = TestServer.on(TestDatabase.H2);
        TestUser user = TestUser.payingFrom(server, 10_000_000);
        String file = Multipart.upload(server, user.key(), "fine-tune", DATA);
        String first = id(create(user, file, 50));
        String second = id(create(user, file, 50));
        await(user, first, "running");
        assertThat(server.get(JOBS + "/" + second, user.key())
                        .json()
                        .get("status")
                        .stringValue())
                .isEqualTo("queued");
        assertThat(server.post(JOBS + "/" + second + "/cancel", user.key(), "{}")
                        .json()
                        .get("status")
                        .stringValue())
                .isEqualTo("cancelled");

        assertThat(server.post(JOBS + "/" + first + "/pause", user.key(), "{}").status())
                .isEqualTo(200);
        JsonNode paused = await(user, first, "paused", "succeeded");
        int step = paused.get("step").intValue();
        assertThat(server.post(JOBS + "/" + first + "/pause", user.key(), "{}").status())
                .isEqualTo(400);
        assertThat(server.post(JOBS + "/" + first + "/resume", user.key(), "{}")
                        .json()
                        .get("status")
                        .stringValue())
                .isEqualTo("queued");
        JsonNode done = await(user, first, "succeeded", "failed");
        List<String> messages = server.get(JOBS + "/" + first + "/events?limit=200", user.key())
                .json()
                .get("data")
                .findValuesAsString("message");
        assertThat(messages)
                .filteredOn(message -> message.startsWith("Step "))
                .hasSize(done.get("total_steps").intValue());
        assertThat(messages).anyMatch(message -> message.startsWith("Training goes on from step ") || step == 0);

        long before = user.balance();
        String third = id(create(user, file, 50));
        while (server.get(JOBS + "/" + third, user.key()).json().get("step").intValue() < 2) {
            Thread.sleep(20);
        }
        server.post(JOBS + "/" + third + "/cancel", user.key(), "{}");
        JsonNode cancelled = await(user, third, "cancelled", "succeeded");
        assertThat(cancelled.get("status").stringValue()).isEqualTo("cancelled");
        assertThat(before - user.balance())
                .isEqualTo(cancelled.get("trained_tokens").longValue())
                .isPositive();
        assertThat(server.audit().isClean()).isTrue();
    }

    @Test
    void aTrainerThatFailsOrTakesTooMuchMemoryIsOneFailedJob(@TempDir Path dataDir) throws Exception {
        TestServer server = TestServer.start(dataDir, Map.of("MYNAH_FINE_TUNING_HEAP_MB", "64"));
        try {
            TestUser user = TestUser.payingFrom(server, 10_000_000);
            String file = Multipart.upload(server, user.key(), "fine-tune", DATA);
            JsonNode refused = await(user, id(create(user, file, 1, "'seed': 13")), "failed", "succeeded");
            assertThat(refused.at("/error/message").stringValue()).isEqualTo("the data are not to its taste");
            JsonNode hungry = await(user, id(create(user, file, 1, "'seed': 14")), "failed", "succeeded");
            assertThat(hungry.at("/error/message").stringValue()).contains("ran out of its memory (64 MB of heap");
            assertThat(user.balance()).isEqualTo(10_000_000);
            assertThat(server.audit().isClean()).isTrue();
        } finally {
            server.close();
        }
    }

    @Test
    void aBaseIsNotDeletedUnderAJobAndOneThatIsGoneEndsIt() throws Exception {
        TestServer server = TestServer.on(TestDatabase.H2);
        TestUser user = TestUser.payingFrom(server, 10_000_000);
        String file = Multipart.upload(server, user.key(), "fine-tune", DATA);
        String first = id(create(user, file, 1));
        String base = await(user, first, "succeeded", "failed")
                .get("fine_tuned_model")
                .stringValue();
        Path folders = server.bean(FineTuningSettings.class).folder();
        try (Stream<Path> llama = Files.list(LLAMA)) {
            for (Path part : llama.filter(Files::isRegularFile).toList()) {
                Files.copy(
                        part,
                        folders.resolve(first).resolve("run/model").resolve(part.getFileName()),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Reply made = server.post(
                JOBS,
                user.key(),
                "{'model': '%s', 'training_file': '%s', 'hyperparameters': {'n_epochs': 20, 'batch_size': 64}}"
                        .formatted(base, file));
        String second = id(made);
        Reply refused = server.send("DELETE", "/v1/models/" + base, user.key(), "");
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.json().at("/error/code").stringValue()).isEqualTo("model_in_use");

        server.bean(ModelRepository.class).delete(base);
        JsonNode failed = await(user, second, "succeeded", "failed");
        assertThat(failed.at("/error/message").stringValue()).contains("was deleted meanwhile");
        assertThat(server.get("/v1/files?purpose=fine-tune-results", user.key())
                        .json()
                        .get("data"))
                .hasSize(1);
        assertThat(folders.resolve(second).resolve("training.jsonl")).doesNotExist();
        assertThat(server.audit().isClean()).isTrue();
    }

    @Test
    void whoDeletesTheAccountLeavesNoJobs() throws Exception {
        TestServer server = TestServer.on(TestDatabase.H2);
        Browser browser = Browser.signedUp(server, Ids.next("f") + "@example.com");
        TestUser user = new TestUser(
                server,
                "",
                browser.get("/api/account").json().get("id").stringValue(),
                browser.post("/api/keys", "{'name': 'k'}").json().get("secret").stringValue());
        String file = Multipart.upload(server, user.key(), "fine-tune", DATA);
        String done = id(create(user, file, 1));
        String model =
                await(user, done, "succeeded", "failed").get("fine_tuned_model").stringValue();
        String refused = id(create(user, file, 1, "'seed': 13"));
        await(user, refused, "failed");
        Path folders = server.bean(FineTuningSettings.class).folder();
        assertThat(folders.resolve(refused)).exists();
        assertThat(folders.resolve(refused).resolve("training.jsonl")).doesNotExist();
        String running = id(create(user, file, 20));
        await(user, running, "running");

        assertThat(browser.post("/api/account/delete", "{'password': 'correct horse'}")
                        .status())
                .isEqualTo(204);
        assertThat(folders.resolve(done)).doesNotExist();
        assertThat(folders.resolve(refused)).doesNotExist();
        while (Files.exists(folders.resolve(running))) {
            Thread.sleep(20);
        }
        assertThat(server.bean(ModelRepository.class).find(model)).isEmpty();
        assertThat(server.audit().isClean()).isTrue();
    }

    @Test
    void whatIsWrongIsToldByLineAndByName() {
        TestServer server = TestServer.on(TestDatabase.H2);
        TestUser user = TestUser.payingFrom(server, 10_000_000);
        String bad = lines(3, "{'messages': [{'role': 'user', 'content': '%d'}]}") + "{\"messages\": 1\n\n[]\n" + DATA
                + "{\"messages\": [{\"role\": \"boss\", \"content\": \"x\"}]}\n";
        Reply reply = create(user, Multipart.upload(server, user.key(), "fine-tune", bad), 1);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.json().at("/error/param").stringValue()).isEqualTo("training_file");
        assertThat(reply.json().at("/error/message").stringValue())
                .contains(
                        "line 1: there is no message of the assistant",
                        "line 4: it is not valid JSON",
                        "line 6: it is no JSON object",
                        "line 19: messages[0].role");
        Reply allBad = create(user, Multipart.upload(server, user.key(), "fine-tune", "1\n".repeat(2_000)), 1);
        assertThat(allBad.json().at("/error/message").stringValue())
                .contains("line 10: it is no JSON object; and at least 990 lines more")
                .doesNotContain("line 11");
        String file = Multipart.upload(server, user.key(), "fine-tune", DATA);
        assertThat(create(
                                user,
                                Multipart.upload(
                                        server,
                                        user.key(),
                                        "fine-tune",
                                        lines(2, "{'messages': [{'role': 'assistant', 'content': 'x'}]}")),
                                1)
                        .body())
                .contains("at least 10");
        assertThat(create(user, Multipart.upload(server, user.key(), "batch", DATA), 1)
                        .body())
                .contains("purpose");
        assertThat(create(user, "file-0", 1).body()).contains("there is no file");
        assertThat(create(user, file, 1, "'colour': 1").body()).contains("colour");
        assertThat(create(user, file, 0).body()).contains("n_epochs");
        assertThat(create(user, file, 1, "'suffix': '../x'").body()).contains("suffix");
        for (String method : List.of(
                "{'type': 'magic'}",
                "{'type': 'reinforcement'}",
                "{'type': 'reinforcement', 'reinforcement': {'grader': {'type': 'rule', 'name': 'none'}}}",
                "{'type': 'reinforcement', 'reinforcement': {'grader': {'type': 'reward_model', 'model': 'x'}}}",
                "{'type': 'dpo', 'dpo': {'hyperparameters': {'beta': 9}}}")) {
            Reply refused = server.post(
                    JOBS, user.key(), "{'model': 'stub', 'training_file': '%s', 'method': %s}".formatted(file, method));
            assertThat(refused.status()).as(refused.body()).isIn(400, 403);
        }
        String prompts = Stream.of(
                        "",
                        ", 'kind': 'song'",
                        ", 'kind': 'poem'",
                        ", 'kind': 'talk', 'request': {}",
                        ", 'kind': 'poem', 'request': {'form': 'HAIKU'}",
                        ", 'kind': 'poem', 'request': {'theme': 'snow'}")
                .map(more -> "{'messages': [{'role': 'user', 'content': 'x'}]%s}\n"
                        .formatted(more)
                        .replace('\'', '"'))
                .collect(Collectors.joining());
        String rule = "{'type': 'reinforcement', 'reinforcement': {'grader': {'type': 'rule', 'name': 'poet'}}}";
        assertThat(server.post(
                                JOBS,
                                user.key(),
                                "{'model': 'stub', 'training_file': '%s', 'method': %s}"
                                        .formatted(Multipart.upload(server, user.key(), "fine-tune", prompts), rule))
                        .json()
                        .at("/error/message")
                        .stringValue())
                .contains("line 1: the rule needs", "line 2: the rule needs", "line 3: there must be a \"request\"")
                .contains("line 4: there must be", "line 5: request.form must be", "line 6: request.theme must be");
        assertThat(server.get(JOBS, user.key()).json().get("data")).isEmpty();
        assertThat(user.balance()).isEqualTo(10_000_000);
        TestUser free = TestUser.onPlan(server, "free");
        Reply large = create(free, Multipart.upload(server, free.key(), "fine-tune", DATA.repeat(100)), 50);
        assertThat(large.status()).as(large.body()).isEqualTo(429);
    }

    @Test
    void anOrganisationHasSoManyJobsAtOnce(@TempDir Path dataDir) throws Exception {
        TestServer server =
                TestServer.start(dataDir, Map.of("MYNAH_FINE_TUNING_PARALLEL", "0", "MYNAH_FINE_TUNING_OPEN", "1"));
        try {
            TestUser user = TestUser.payingFrom(server, 10_000_000);
            String file = Multipart.upload(server, user.key(), "fine-tune", DATA);
            String first = id(create(user, file, 1));
            Reply second = create(user, file, 1);
            assertThat(second.status()).isEqualTo(400);
            assertThat(second.json().at("/error/code").stringValue()).isEqualTo("too_many");

            server.post(JOBS + "/" + first + "/cancel", user.key(), "{}");
            assertThat(server.get("/v1/usage", user.key())
                            .json()
                            .at("/wallet/held")
                            .longValue())
                    .isZero();
            id(create(user, file, 1));
        } finally {
            server.close();
        }
    }
}
