package dev.mynah.server.feedback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mynah.server.AtOnce;
import dev.mynah.server.Browser;
import dev.mynah.server.TestDatabase;
import dev.mynah.server.TestServer;
import dev.mynah.server.TestServer.Reply;
import dev.mynah.server.TestUser;
import dev.mynah.server.store.Ids;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.simple.JdbcClient;

@ParameterizedClass
@EnumSource(TestDatabase.class)
class FeedbackTest {
    private static final String PATH = "/api/conversations/";
    private static final String CONSENT = "/api/account/feedback-consent";

    private final TestServer server;
    private final Browser browser;
    private final String mark = Ids.next("mark");
    private final String messages;

    FeedbackTest(TestDatabase database) {
        server = TestServer.on(database);
        browser = Browser.signedUp(server, mark + "@example.com");
        messages = PATH
                + browser.post("/api/conversations", "{'model': 'stub'}")
                        .json()
                        .get("id")
                        .stringValue()
                + "/messages/";
    }

    private String answer(String path, String json) {
        String id = browser.post(path, json).json().at("/answer/id").stringValue();
        browser.get(messages + id + "/stream");
        return id;
    }

    private Reply rate(Browser who, String answer, String json) {
        return who.send("PUT", messages + answer + "/feedback", json);
    }

    private List<String> export(String kind) {
        Reply reply = server.get("/api/feedback/export?kind=" + kind, server.adminKey());
        assertThat(reply.status()).isEqualTo(200);
        return reply.body().lines().filter(line -> line.contains(mark)).toList();
    }

    @Test
    void feedbackOfWhoAgreesBecomesTrainingDataWithoutPersonalData() {
        String ask = messages.substring(0, messages.length() - 1);
        String content = "echo " + mark + " a@b.example or +49 170 1234567";
        String system = "'system': 'Call 13812345678.'";
        String first = answer(ask, "{'content': '" + content + "', " + system + "}");
        String second = answer(messages + first + "/regenerate", "{'max_tokens': 3, " + system + "}");
        assertThat(rate(browser, first, "{'rating': 'good'}").status()).isEqualTo(204);
        assertThat(rate(browser, second, "{'rating': 'good', 'reasons': ['style']}")
                        .status())
                .isEqualTo(204);
        assertThat(rate(
                                browser,
                                second,
                                "{'rating': 'bad', 'reasons': ['wrong'], 'comment': 'c', 'corrected': 'Right.'}")
                        .status())
                .isEqualTo(204);

        assertThat(browser.get(CONSENT).json().get("consent").isNull()).isTrue();
        assertThat(export("conversations")).isEmpty();
        browser.send("PUT", CONSENT, "{'consent': true}");
        String prompt =
                "\"messages\":[{\"role\":\"system\",\"content\":\"Call [phone].\"},{\"role\":\"user\",\"content\":\"echo "
                        + mark + " [email] or [phone]\"}";
        assertThat(export("conversations"))
                .containsExactly(
                        "{" + prompt + ",{\"role\":\"assistant\",\"content\":\"" + mark
                                + " [email] or [phone]\"}],\"model\":\"stub\"}",
                        "{" + prompt + ",{\"role\":\"assistant\",\"content\":\"Right.\"}],\"model\":\"stub\"}");
        assertThat(export("rankings"))
                .containsExactly(
                        "{" + prompt + "],\"chosen\":\"" + mark + " [email] or [phone]\",\"rejected\":\"mar\"}",
                        "{" + prompt + "],\"chosen\":\"Right.\",\"rejected\":\"mar\"}");
        browser.send("PUT", CONSENT, "{'consent': false}");
        assertThat(export("rankings")).isEmpty();
    }

    @Test
    void whatIsSaidTwiceAtOnceIsKeptOnce() throws Exception {
        String ask = messages.substring(0, messages.length() - 1);
        String first = answer(ask, "{'content': 'echo " + mark + "'}");
        String second = answer(messages + first + "/regenerate", "{'max_tokens': 3}");
        String ranking = "{'message_ids': ['" + second + "', '" + first + "']}";
        assertThat(AtOnce.run(
                        20,
                        i -> i % 2 == 0
                                ? rate(browser, first, "{'rating': 'good'}").status()
                                : browser.send("PUT", ask.replace("/messages", "/rankings"), ranking)
                                        .status()))
                .containsOnly(204);
    }

    @Test
    void answersThatAreRankedBecomeTrainingData() {
        String ask = messages.substring(0, messages.length() - 1);
        String first = answer(ask, "{'content': 'echo " + mark + "abc'}");
        String second = answer(messages + first + "/regenerate", "{'max_tokens': 3}");
        String third = answer(messages + first + "/regenerate", "{'max_tokens': 5}");
        String path = ask.replace("/messages", "/rankings");
        String order = String.join("', '", second, first, third);
        browser.send("PUT", CONSENT, "{'consent': true}");

        assertThat(browser.send("PUT", path, "{'message_ids': ['" + order + "']}")
                        .status())
                .isEqualTo(204);
        assertThat(export("rankings"))
                .containsExactly("{\"messages\":[{\"role\":\"user\",\"content\":\"echo " + mark
                        + "abc\"}],\"answers\":[\"mar\",\"" + mark + "abc\",\"" + mark.substring(0, 5) + "\"]}");
        String other = answer(ask, "{'content': 'echo x', 'parent_id': '" + first + "'}");
        for (String wrong : List.of(first, first + "', '" + first, first + "', '" + other, first + "', 'msg_x")) {
            assertThat(browser.send("PUT", path, "{'message_ids': ['" + wrong + "']}")
                            .status())
                    .as(wrong)
                    .isBetween(400, 409);
        }
    }

    @Test
    void comparisonsComeAsOftenAsSetAndOnlyToThoseWhoAgree() {
        String ask = messages.substring(0, messages.length() - 1);
        String settings = "/api/admin/settings";
        double before = server.get(settings, server.adminKey())
                .json()
                .get("comparison_rate")
                .doubleValue();
        try {
            server.send("PUT", settings, server.adminKey(), "{'comparison_rate': 1}");
            assertThat(browser.post(ask, "{'content': 'echo a'}")
                            .json()
                            .get("compare")
                            .booleanValue())
                    .isFalse();
            browser.send("PUT", CONSENT, "{'consent': true}");
            assertThat(browser.post(ask, "{'content': 'echo a'}")
                            .json()
                            .get("compare")
                            .booleanValue())
                    .isTrue();
            // Who pays for each token is not asked, whatever else the user belongs to.
            TestUser paying = TestUser.payingFrom(server, 1_000_000);
            server.send("PUT", CONSENT, paying.key(), "{'consent': true}");
            server.bean(JdbcClient.class)
                    .sql("insert into organisation_member (organisation_id, user_id, role) values (?, ?, 'member')")
                    .params(TestUser.onPlan(server, "free").organisationId(), paying.userId())
                    .update();
            String chat = server.post("/api/conversations", paying.key(), "{'model': 'stub'}")
                    .json()
                    .get("id")
                    .stringValue();
            assertThat(server.post(PATH + chat + "/messages", paying.key(), "{'content': 'echo a'}")
                            .json()
                            .get("compare")
                            .booleanValue())
                    .isFalse();
            server.send("PUT", settings, server.adminKey(), "{'comparison_rate': 0}");
            assertThat(browser.post(ask, "{'content': 'echo a'}")
                            .json()
                            .get("compare")
                            .booleanValue())
                    .isFalse();
        } finally {
            server.send("PUT", settings, server.adminKey(), "{'comparison_rate': " + before + "}");
        }
        assertThat(server.send("PUT", settings, server.adminKey(), "{'comparison_rate': 1.5}")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void administratorsReadWhatIsSaidWithoutPersonalData() {
        String answer =
                answer(messages.substring(0, messages.length() - 1), "{'content': 'echo " + mark + " a@b.example'}");
        rate(browser, answer, "{'rating': 'bad', 'reasons': ['wrong', 'style']}");
        String path = "/api/admin/feedback?rating=bad";
        assertThat(server.get(path, server.adminKey()).body()).doesNotContain(mark);
        browser.send("PUT", CONSENT, "{'consent': true}");
        String body = server.get(path, server.adminKey()).body();
        assertThat(body).contains(mark, "[email]", "[\"wrong\",\"style\"]").doesNotContain("a@b.example");
        assertThat(browser.get(path).status()).isEqualTo(403);
        assertThat(server.get("/api/admin/feedback?rating=fine", server.adminKey())
                        .status())
                .isEqualTo(400);
    }

    @Test
    void whatCannotBeRatedIsRefused() {
        String answer = answer(messages.substring(0, messages.length() - 1), "{'content': 'echo a'}");
        Browser stranger = Browser.signedUp(server, Ids.next("s") + "@example.com");
        String question = browser.get(messages.substring(0, messages.length() - 1))
                .json()
                .at("/data/0/id")
                .stringValue();

        assertThat(rate(stranger, answer, "{'rating': 'good'}").status()).isEqualTo(404);
        assertThat(rate(browser, question, "{'rating': 'good'}").status()).isEqualTo(409);
        for (String wrong : List.of(
                "{}", "{'rating': 'fine'}", "{'rating': 'bad', 'reasons': ['x']}", "{'rating': 'bad', 'x': 1}")) {
            assertThat(rate(browser, answer, wrong).status()).as(wrong).isEqualTo(400);
        }
        assertThat(stranger.get("/api/feedback/export").status()).isEqualTo(403);
    }
}
