package dev.mynah.server.moderation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mynah.server.AtOnce;
import dev.mynah.server.Browser;
import dev.mynah.server.TestDatabase;
import dev.mynah.server.TestServer;
import dev.mynah.server.TestServer.Reply;
import dev.mynah.server.TestUser;
import dev.mynah.server.store.Ids;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@ParameterizedClass
@EnumSource(TestDatabase.class)
class ModerationTest {
    private static final String CHAT = "/v1/chat/completions";
    private static final String ADMIN = "/api/admin/moderation";
    private static final String FORBIDDEN = "how to make a b-o-m-b";
    private static final long CREDIT = 1_000_000;

    private final TestServer server;

    ModerationTest(TestDatabase database) {
        server = TestServer.on(database);
    }

    private JsonNode admin(String path) {
        return server.get(ADMIN + path, server.adminKey()).json();
    }

    /** A word that nobody else's test says. */
    private String forbiddenWord() {
        String word = Ids.next("q").replaceAll("[0-9]", "z");
        assertThat(server.post(ADMIN + "/words", server.adminKey(), "{'category': 'custom', 'word': '" + word + "'}")
                        .status())
                .isEqualTo(201);
        return word;
    }

    private static String content(Reply stream) {
        StringBuilder text = new StringBuilder();
        for (String event : stream.events()) {
            if (!event.equals("[DONE]")) {
                text.append(JsonMapper.shared()
                        .readTree(event)
                        .at("/choices/0/delta/content")
                        .asString(""));
            }
        }
        return text.toString();
    }

    @Test
    void aQuestionThatIsRefusedIsAnsweredPolitelyAndForNothing() throws Exception {
        TestUser user = TestUser.payingFrom(server, CREDIT);
        Reply whole = server.post(CHAT, user.key(), TestServer.chat(FORBIDDEN));
        assertThat(whole.status()).isEqualTo(200);
        assertThat(whole.json().at("/choices/0/finish_reason").stringValue()).isEqualTo("content_filter");
        assertThat(whole.json().at("/choices/0/message/content").stringValue())
                .startsWith("I cannot help with this")
                .doesNotContain("number");
        assertThat(whole.json().at("/usage/total_tokens").intValue()).isZero();

        Reply stream = server.post(CHAT, user.key(), TestServer.chat("请教我製造炸 彈", "'stream': true"));
        assertThat(content(stream)).startsWith("这件事我不能帮忙").contains("第 2 次");
        assertThat(stream.body()).contains("\"finish_reason\":\"content_filter\"");
        Reply plain = server.post(
                "/v1/completions", user.key(), "{'model': 'stub', 'prompt': ['echo a', '" + FORBIDDEN + "'], 'n': 2}");
        assertThat(plain.json().get("choices")).hasSize(4);
        assertThat(plain.json().at("/choices/3/finish_reason").stringValue()).isEqualTo("content_filter");
        JsonNode response = server.post("/v1/responses", user.key(), "{'model': 'stub', 'input': '" + FORBIDDEN + "'}")
                .json();
        assertThat(response.get("status").stringValue()).isEqualTo("incomplete");
        assertThat(response.at("/incomplete_details/reason").stringValue()).isEqualTo("content_filter");
        assertThat(response.at("/output/0/content/0/text").stringValue()).startsWith("I cannot help with this");

        assertThat(user.balance()).isEqualTo(CREDIT);
        assertThat(user.usage("prompt_tokens")).isZero();
        assertThat(server.audit().isClean()).isTrue();
    }

    @Test
    void anAnswerIsCutBeforeAForbiddenWordAndCostsWhatWasShown() throws Exception {
        String word = forbiddenWord();
        TestUser user = TestUser.payingFrom(server, CREDIT);
        String question = Ids.next("ask");
        server.engine().teach(question, "ab " + word + " and more");

        Reply stream = server.post(CHAT, user.key(), TestServer.chat(question, "'stream': true", "'logprobs': true"));
        assertThat(content(stream)).isEqualTo("ab \n\nThis is not a topic here.");
        assertThat(stream.body())
                .contains("\"finish_reason\":\"content_filter\"")
                .doesNotContain("\"token\":\"q\"");
        assertThat(user.usage("completion_tokens")).isEqualTo(3);

        Reply whole = server.post(CHAT, user.key(), TestServer.chat(question));
        assertThat(whole.json().at("/choices/0/message/content").stringValue())
                .isEqualTo("ab \n\nThis is not a topic here.");
        assertThat(whole.json().at("/usage/completion_tokens").intValue()).isEqualTo(3);
        assertThat(user.balance()).isEqualTo(CREDIT - user.usage("cost"));
        assertThat(server.audit().isClean()).isTrue();

        JsonNode item = admin("/items?state=open&limit=1").at("/data/0");
        assertThat(item.get("direction").stringValue()).isEqualTo("output");
        assertThat(item.get("excerpt").stringValue()).startsWith("ab " + word);
        assertThat(item.get("email").stringValue()).contains("@");
    }

    @Test
    void personalDataIsCovered() {
        TestUser user = TestUser.payingFrom(server, CREDIT);
        Reply reply = server.post(CHAT, user.key(), TestServer.chat("echo card 4111 1111 1111 1111 a@b.example"));
        assertThat(reply.json().at("/choices/0/message/content").stringValue())
                .isEqualTo("card ******************* a@b.example");
        assertThat(reply.json().at("/choices/0/finish_reason").stringValue()).isEqualTo("stop");
    }

    @Test
    void toolsAndTheirCallsAreCheckedAsTextsAre() {
        String word = forbiddenWord();
        TestUser user = TestUser.payingFrom(server, CREDIT);
        String function = "'tools': [{'type': 'function', 'function': {'name': 'f', %s}}]";
        String parameters = "'parameters': {'type': 'object', 'properties': {%s}}";
        for (String bad : List.of(
                "'description': 'say " + word + "'",
                parameters.formatted("'a': {'type': 'string', 'description': '" + word + "'}"),
                parameters.formatted("'a': {'enum': ['" + word + "']}"),
                parameters.formatted("'" + word + "': {'type': 'string'}"))) {
            Reply refused = server.post(CHAT, user.key(), TestServer.chat("echo a", function.formatted(bad)));
            assertThat(refused.json().at("/choices/0/finish_reason").stringValue())
                    .as(bad)
                    .isEqualTo("content_filter");
            server.post(ADMIN + "/accounts/" + user.userId() + "/reset", server.adminKey(), "{}");
        }
        assertThat(user.balance()).isEqualTo(CREDIT);
        // Tools that come in a later turn are refused too.
        String later =
                "{'model': 'stub', 'messages': [{'role': 'user', 'content': 'a'}, {'role': 'assistant', 'content': 'b'},"
                        + " {'role': 'user', 'content': 'c'}], " + function.formatted("'description': '" + word + "'")
                        + "}";
        assertThat(server.post(CHAT, user.key(), later)
                        .json()
                        .at("/choices/0/finish_reason")
                        .stringValue())
                .isEqualTo("content_filter");

        // The word with an escape, as the model would read it; and an address.
        String calls = List.of(
                        "{\\\"a\\\": \\\"\\\\u0071" + word.substring(1) + "\\\"}",
                        "{\\\"to\\\": \\\"a@b.example\\\", \\\"ok\\\": [1, true]}",
                        "no JSON " + word)
                .stream()
                .map(arguments ->
                        "{'id': 'c', 'type': 'function', 'function': {'name': 'f', 'arguments': '" + arguments + "'}}")
                .collect(Collectors.joining(", "));
        String policy = "{'category': 'personal-data/contact', 'input': '%s'}";
        server.send("PATCH", ADMIN + "/policies", server.adminKey(), policy.formatted("mask"));
        try {
            Reply reply = server.post(
                    CHAT,
                    user.key(),
                    "{'model': 'stub', 'messages': [{'role': 'user', 'content': 'a'}, {'role': 'assistant', 'tool_calls': ["
                            + calls + "]}, {'role': 'tool', 'tool_call_id': 'c', 'content': 'b'}]}");
            assertThat(reply.status()).as(reply.body()).isEqualTo(200);
            assertThat(server.engine().lastPrompt())
                    .contains("assistant: c=f{},c=f{\"to\":\"***********\",\"ok\":[1,true]},c=f{}\n");
        } finally {
            server.send("PATCH", ADMIN + "/policies", server.adminKey(), policy.formatted("allow"));
        }
    }

    @Test
    void conversationsAreCheckedToo() {
        String word = forbiddenWord();
        Browser browser = Browser.signedUp(server, Ids.next("m") + "@example.com");
        String path = "/api/conversations/"
                + browser.post("/api/conversations", "{'model': 'stub'}")
                        .json()
                        .get("id")
                        .stringValue() + "/messages";
        JsonNode refused = browser.post(path, "{'content': '教我制作炸弹'}").json().get("answer");
        String id = refused.get("id").stringValue();
        assertThat(browser.get(path + "/" + id + "/stream").body()).contains("\"state\":\"complete\"");
        assertThat(browser.get(path).json().at("/data/1/content").stringValue()).startsWith("这件事我不能帮忙");

        String question = Ids.next("ask");
        server.engine().teach(question, "fine " + word);
        JsonNode cut = browser.post(path, "{'content': '" + question + "', 'parent_id': '" + id + "'}")
                .json()
                .get("answer");
        assertThat(browser.get(path + "/" + cut.get("id").stringValue() + "/stream")
                        .body())
                .doesNotContain(word);
        assertThat(browser.get(path).json().at("/data/3/content").stringValue())
                .isEqualTo("fine \n\nThis is not a topic here.");
        // The model does not see again what was refused.
        assertThat(server.engine().lastPrompt()).contains("user: [removed]").doesNotContain("炸弹");
    }

    @Test
    void textsAreCheckedOnRequest() {
        JsonNode reply = server.post(
                        "/v1/moderations",
                        server.adminKey(),
                        "{'model': 'omni-moderation-latest', 'input': ['a poem', '我想自杀']}")
                .json();
        assertThat(reply.get("id").stringValue()).startsWith("modr-");
        assertThat(reply.get("model").stringValue()).isEqualTo("mynah-moderation");
        assertThat(reply.at("/results/0/flagged").booleanValue()).isFalse();
        JsonNode second = reply.at("/results/1");
        assertThat(second.get("flagged").booleanValue()).isTrue();
        assertThat(second.get("categories").get("self-harm/intent").booleanValue())
                .isTrue();
        assertThat(second.get("categories").get("hate/threatening").booleanValue())
                .isFalse();
        assertThat(second.get("category_scores").get("self-harm/intent").doubleValue())
                .isEqualTo(1);
        // What the classifier finds likely is a probability, whatever it is said to be.
        assertThat(reply.at("/results/0/category_scores/sexual").doubleValue()).isBetween(1e-9, 0.2);
        assertThat(second.get("category_applied_input_types")
                        .get("sexual")
                        .get(0)
                        .stringValue())
                .isEqualTo("text");
        assertThat(server.post("/v1/moderations", server.adminKey(), "{'input': [{'type': 'text', 'text': '我想自杀'}]}")
                        .json()
                        .at("/results/0/flagged")
                        .booleanValue())
                .isTrue();
        String large = "{'input': ['" + "x".repeat(600_000) + "', '" + "x".repeat(600_000) + "']}";
        for (String bad : new String[] {large, "{}", "{'input': []}", "{'input': 3}", "{'input': 'a', 'x': 1}"}) {
            Reply refused = server.post("/v1/moderations", server.adminKey(), bad);
            assertThat(refused.status()).as(bad).isEqualTo(400);
            assertThat(refused.json().at("/error/type").stringValue()).isEqualTo("invalid_request_error");
        }
        assertThat(server.post("/v1/moderations", server.adminKey(), "{'input': 'a', 'model': 'gpt-9'}")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void whatOnlyTheClassifierFindsIsPutBeforeTheOperatorsAndRefusedWhereTheySaySo() {
        String question = "How can I break into a house at night and steal the television?";
        TestUser user = TestUser.payingFrom(server, CREDIT);
        assertThat(server.post(CHAT, user.key(), TestServer.chat(question))
                        .json()
                        .at("/choices/0/finish_reason")
                        .stringValue())
                .isEqualTo("stop");
        JsonNode item = admin("/items?state=open&limit=1").at("/data/0");
        assertThat(item.get("action").stringValue()).isEqualTo("warn");
        assertThat(item.get("probability").doubleValue()).isBetween(0.05, 1.0);

        String policy = "{'category': 'illicit', 'input': 'refuse', 'output': 'refuse'";
        String stricter = policy + ", 'classifier': {'input': 'refuse', 'output': 'warn', 'threshold': 0.05}}";
        JsonNode all = server.send("PATCH", ADMIN + "/policies", server.adminKey(), stricter)
                .json();
        assertThat(all.toString())
                .contains("\"classifier\":{\"input\":\"refuse\",\"output\":\"warn\",\"threshold\":0.05}");
        Reply refused = server.post(CHAT, user.key(), TestServer.chat(question));
        assertThat(refused.json().at("/choices/0/finish_reason").stringValue()).isEqualTo("content_filter");
        for (String bad : new String[] {
            policy + ", 'reason': ' '}",
            "{'input': 'warn'}",
            policy + ", 'classifier': {'input': 'refuse', 'output': 'warn', 'threshold': 2}}",
            "{'category': 'custom', 'input': 'warn', 'output': 'warn', 'classifier': {'input': 'warn', 'output': 'warn', 'threshold': 0.5}}"
        }) {
            assertThat(server.send("PATCH", ADMIN + "/policies", server.adminKey(), bad)
                            .status())
                    .as(bad)
                    .isEqualTo(400);
        }
        assertThat(server.send(
                                "PATCH",
                                ADMIN + "/policies",
                                server.adminKey(),
                                policy + ", 'classifier': {'input': 'warn'}}")
                        .json()
                        .toString())
                .contains("\"classifier\":{\"input\":\"warn\",\"output\":\"warn\",\"threshold\":0.05}");
    }

    @Test
    void changesOfOnePolicyAtOnceLeaveEachOtherAlone() throws Exception {
        List<String> changes = List.of(
                "'input': 'mask'",
                "'output': 'alert'",
                "'reason': 'Not here.'",
                "'classifier': {'input': 'refuse'}",
                "'classifier': {'output': 'alert'}",
                "'classifier': {'threshold': 0.75}");
        List<Reply> replies = AtOnce.run(
                changes.size(),
                i -> server.send(
                        "PATCH",
                        ADMIN + "/policies",
                        server.adminKey(),
                        "{'category': 'hate', " + changes.get(i) + "}"));
        assertThat(replies).allMatch(reply -> reply.status() == 200);
        JsonNode hate = admin("/policies")
                .valueStream()
                .filter(policy -> policy.get("category").stringValue().equals("hate"))
                .findFirst()
                .orElseThrow();
        assertThat(hate.toString())
                .contains("\"input\":\"mask\",\"output\":\"alert\",\"reason_zh\":\"Not here.\"")
                .contains("\"classifier\":{\"input\":\"refuse\",\"output\":\"alert\",\"threshold\":0.75}");
        JsonNode restored = server.send(
                        "PATCH",
                        ADMIN + "/policies",
                        server.adminKey(),
                        "{'category': 'hate', 'input': 'refuse', 'output': 'refuse', 'reason': '', 'classifier': {'input': 'warn', 'output': 'warn'}}")
                .json();
        assertThat(restored.toString()).doesNotContain("Not here.");
    }

    @Test
    void strikesSuspendAnAccountUntilSomebodyLiftsIt() {
        TestUser user = TestUser.payingFrom(server, CREDIT);
        for (int i = 0; i < 5; i++) {
            assertThat(server.post(CHAT, user.key(), TestServer.chat(FORBIDDEN)).status())
                    .isEqualTo(200);
        }
        Reply suspended = server.post(CHAT, user.key(), TestServer.chat("echo a"));
        assertThat(suspended.status()).isEqualTo(403);
        assertThat(suspended.json().at("/error/code").stringValue()).isEqualTo("generation_suspended");
        assertThat(server.get("/v1/models", user.key()).status()).isEqualTo(200);
        assertThat(admin("/accounts?limit=200").toString()).contains(user.userId() + "\",\"strikes\":5");
        assertThat(server.post(ADMIN + "/accounts/" + user.userId() + "/reset", user.key(), "{}")
                        .status())
                .isEqualTo(403);

        assertThat(server.post(ADMIN + "/accounts/" + user.userId() + "/reset", server.adminKey(), "{}")
                        .status())
                .isEqualTo(204);
        assertThat(server.post(CHAT, user.key(), TestServer.chat("echo a")).status())
                .isEqualTo(200);
        assertThat(server.get("/api/admin/audit?limit=20", server.adminKey()).body())
                .contains("moderation.suspend", "moderation.reset", user.userId());
        assertThat(user.usage("requests")).isEqualTo(6);
    }

    @Test
    void anItemThatIsDismissedIsNoStrike() {
        TestUser user = TestUser.payingFrom(server, CREDIT);
        for (int i = 0; i < 6; i++) {
            assertThat(server.post(CHAT, user.key(), TestServer.chat(FORBIDDEN)).status())
                    .isEqualTo(200);
            String id = admin("/items?limit=1").at("/data/0/id").stringValue();
            JsonNode decided = server.send(
                            "PATCH", ADMIN + "/items/" + id, server.adminKey(), "{'decision': 'dismiss'}")
                    .json();
            assertThat(decided.get("state").stringValue()).isEqualTo("dismissed");
            assertThat(decided.get("user_id").stringValue()).isEqualTo(user.userId());
        }
        assertThat(server.get("/api/admin/audit?limit=1", server.adminKey()).body())
                .contains("moderation.dismiss");
        assertThat(server.send("PATCH", ADMIN + "/items/none", server.adminKey(), "{'decision': 'uphold'}")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void wordsAndPoliciesAreChangedWhileTheServiceRuns() {
        String word = forbiddenWord();
        TestUser user = TestUser.payingFrom(server, CREDIT);
        assertThat(server.post(ADMIN + "/words", server.adminKey(), "{'category': 'custom', 'word': '" + word + "'}")
                        .status())
                .isEqualTo(409);
        assertThat(server.post(ADMIN + "/words", server.adminKey(), "{'category': 'king', 'word': 'a'}")
                        .status())
                .isEqualTo(400);
        assertThat(server.post(ADMIN + "/words", server.adminKey(), "{'category': 'hate', 'word': '--'}")
                        .status())
                .isEqualTo(400);
        String id = "";
        for (JsonNode one : admin("/words?limit=200").get("data")) {
            id = one.get("word").stringValue().equals(word) ? one.get("id").stringValue() : id;
        }
        assertThat(server.post(CHAT, user.key(), TestServer.chat("echo " + word))
                        .json()
                        .at("/choices/0/finish_reason")
                        .stringValue())
                .isEqualTo("content_filter");
        server.send("DELETE", ADMIN + "/words/" + id, server.adminKey(), "");
        assertThat(server.post(CHAT, user.key(), TestServer.chat("echo " + word))
                        .json()
                        .at("/choices/0/message/content")
                        .stringValue())
                .isEqualTo(word);

        String policy = "{'category': 'personal-data/contact', 'input': '%s', 'output': 'mask'%s}";
        server.send("PATCH", ADMIN + "/policies", server.adminKey(), policy.formatted("refuse", ", 'reason': 'Nope.'"));
        try {
            assertThat(server.post(CHAT, user.key(), TestServer.chat("echo a@b.example"))
                            .json()
                            .at("/choices/0/message/content")
                            .stringValue())
                    .startsWith("Nope.");
            server.send("PATCH", ADMIN + "/policies", server.adminKey(), policy.formatted("mask", ""));
            assertThat(server.post(CHAT, user.key(), TestServer.chat("echo a@b.example!"))
                            .json()
                            .at("/choices/0/message/content")
                            .stringValue())
                    .isEqualTo("***********!");
            assertThat(admin("/policies").toString()).contains("\"input\":\"mask\",\"output\":\"mask\"");
        } finally {
            server.send(
                    "PATCH",
                    ADMIN + "/policies",
                    server.adminKey(),
                    policy.replace("mask", "allow").formatted("allow", ""));
        }
        assertThat(server.get("/api/admin/audit?limit=20", server.adminKey()).body())
                .contains("moderation.word.add", "moderation.word.remove", "moderation.policy");
    }
}
