package dev.mynah.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mynah.server.AtOnce;
import dev.mynah.server.Multipart;
import dev.mynah.server.TestDatabase;
import dev.mynah.server.TestServer;
import dev.mynah.server.TestServer.Reply;
import dev.mynah.server.TestUser;
import dev.mynah.server.account.ApiKeys;
import dev.mynah.server.account.OrganisationRepository;
import dev.mynah.server.account.Scopes;
import java.net.http.HttpRequest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Requests that come again by the same name are answered, and charged, once. */
@ParameterizedClass
@EnumSource(TestDatabase.class)
class IdempotencyTest {
    private final TestServer server;
    private final TestUser user;

    IdempotencyTest(TestDatabase database) {
        server = TestServer.on(database);
        user = TestUser.payingFrom(server, 1_000_000);
    }

    private Reply ask(String key, String name, String body) {
        return post("/v1/chat/completions", key, name, body);
    }

    private Reply post(String path, String key, String name, String body) {
        return server.send(
                HttpRequest.newBuilder()
                        .POST(HttpRequest.BodyPublishers.ofString(body.replace('\'', '"')))
                        .header("Content-Type", "application/json")
                        .header("Idempotency-Key", name),
                path,
                key);
    }

    private static String code(Reply reply) {
        return reply.json().at("/error/code").stringValue();
    }

    @Test
    void oneOfManyAtOnceIsAnswered() throws Exception {
        String body = TestServer.chat("count 3 20");
        List<Reply> replies = AtOnce.run(8, i -> ask(user.key(), "once", body));
        Reply again = ask(user.key(), "once", body);

        assertThat(again.status()).isEqualTo(200);
        assertThat(again.header("idempotent-replayed")).isEqualTo("true");
        assertThat(replies).allSatisfy(reply -> {
            if (reply.status() == 200) {
                assertThat(reply.body()).isEqualTo(again.body());
            } else {
                assertThat(reply.status()).isEqualTo(409);
                assertThat(code(reply)).isEqualTo("idempotency_conflict");
            }
        });
        assertThat(user.usage("requests")).isEqualTo(1);
        assertThat(code(ask(user.key(), "once", TestServer.chat("echo other")))).isEqualTo("idempotency_key_reused");
    }

    @Test
    void aNameIsItsUsersOwn() {
        String body = TestServer.chat("echo secret");
        Reply first = ask(user.key(), "mine", body);
        TestUser colleague = TestUser.onPlan(server, "free");
        server.bean(OrganisationRepository.class).addMember(user.organisationId(), colleague.userId(), "member");
        String key = server.bean(ApiKeys.class)
                .create(new ApiKeys.Order(user.caller().projectId(), colleague.userId(), "k", Scopes.ALL, null))
                .secret();
        assertThat(code(ask(key, "mine", body))).isEqualTo("idempotency_key_reused");

        TestUser stranger = TestUser.payingFrom(server, 1_000_000);
        Reply own = ask(stranger.key(), "mine", body);
        assertThat(own.status()).isEqualTo(200);
        assertThat(own.json().get("id")).isNotEqualTo(first.json().get("id"));
    }

    @Test
    void aBatchIsBegunOnce() {
        String file = Multipart.upload(
                server,
                user.key(),
                "batch",
                "{\"custom_id\": \"a\", \"method\": \"POST\", \"url\": \"/v1/chat/completions\", \"body\": {}}");
        String body =
                "{'input_file_id': '" + file + "', 'endpoint': '/v1/chat/completions', 'completion_window': '24h'}";
        Reply first = post("/v1/batches", user.key(), "batch", body);
        assertThat(first.status()).as(first.body()).isEqualTo(200);
        Reply again = post("/v1/batches", user.key(), "batch", body);
        assertThat(again.json().get("id")).isEqualTo(first.json().get("id"));
        assertThat(server.get("/v1/batches", user.key()).json().get("data")).hasSize(1);
    }

    @Test
    void whatFailedMayBeTriedAgainAndAStreamIsNotRepeated() {
        assertThat(ask(user.key(), "fails", TestServer.chat("fail 1")).status()).isEqualTo(500);
        assertThat(ask(user.key(), "fails", TestServer.chat("echo a")).status()).isEqualTo(200);
        String stream = TestServer.chat("echo a", "'stream': true");
        assertThat(ask(user.key(), "stream", stream).events()).contains("[DONE]");
        assertThat(code(ask(user.key(), "stream", stream))).isEqualTo("idempotency_conflict");
        assertThat(user.usage("requests")).isEqualTo(3);
    }
}
