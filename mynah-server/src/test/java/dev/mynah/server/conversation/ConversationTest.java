package dev.mynah.server.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mynah.engine.SamplingOptions;
import dev.mynah.server.AtOnce;
import dev.mynah.server.Browser;
import dev.mynah.server.TestDatabase;
import dev.mynah.server.TestServer;
import dev.mynah.server.TestServer.Reply;
import dev.mynah.server.store.Ids;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@ParameterizedClass
@EnumSource(TestDatabase.class)
class ConversationTest {
    private static final String PATH = "/api/conversations";

    private final Browser browser;
    private final Browser stranger;
    private final TestServer server;

    ConversationTest(TestDatabase database) {
        server = TestServer.on(database);
        browser = Browser.signedUp(server, Ids.next("a") + "@example.com");
        stranger = Browser.signedUp(server, Ids.next("b") + "@example.com");
    }

    private String conversation() {
        return browser.post(PATH, "{'model': 'stub'}").json().get("id").stringValue();
    }

    private JsonNode ask(String conversation, String body) {
        Reply reply = browser.post(PATH + "/" + conversation + "/messages", body);
        assertThat(reply.status()).as(reply.body()).isEqualTo(201);
        return reply.json();
    }

    private Reply stream(String conversation, JsonNode answer, String... headers) {
        return browser.send(
                "GET",
                PATH + "/" + conversation + "/messages/" + answer.get("id").stringValue() + "/stream",
                "",
                headers);
    }

    private static String text(Reply stream) {
        StringBuilder text = new StringBuilder();
        for (String event : stream.events()) {
            JsonNode piece = JsonMapper.shared().readTree(event).get("text");
            text.append(piece == null ? "" : piece.stringValue());
        }
        return text.toString();
    }

    @Test
    void aQuestionIsAnsweredAndKept() {
        String id = conversation();
        JsonNode exchange = ask(id, "{'content': 'echo 你好 you'}");
        Reply stream = stream(id, exchange.get("answer"));

        assertThat(text(stream)).isEqualTo("你好 you");
        assertThat(stream.events().getLast()).isEqualTo("{\"state\":\"complete\",\"cut\":false}");
        JsonNode messages = browser.get(PATH + "/" + id + "/messages").json().get("data");
        assertThat(messages).hasSize(2);
        assertThat(messages.get(1).get("content").stringValue()).isEqualTo("你好 you");
        assertThat(messages.get(1).get("parent_id")).isEqualTo(messages.get(0).get("id"));
        assertThat(browser.get(PATH + "/" + id).json().get("title").stringValue())
                .isEqualTo("echo 你好 you");
        JsonNode answer = browser.get(PATH + "/" + id + "/messages/"
                        + messages.get(1).get("id").stringValue())
                .json();
        assertThat(answer).isEqualTo(messages.get(1));
        assertThat(answer.get("model").stringValue()).isEqualTo(TestServer.MODEL);
        assertThat(answer.get("completion_tokens").intValue()).isEqualTo(11);
        assertThat(answer.get("prompt_tokens").intValue()).isPositive();
        assertThat(answer.get("rating").isNull()).isTrue();
        assertThat(messages.get(0).get("model").isNull()).isTrue();
    }

    @Test
    void whatComesAgainIsNotAskedAgain() throws Exception {
        String[] once = {"Idempotency-Key", Ids.next("once")};
        String id = browser.send("POST", PATH, "{'model': 'stub'}", once)
                .json()
                .get("id")
                .stringValue();
        Reply begun = browser.send("POST", PATH, "{'model': 'stub'}", once);
        assertThat(begun.json().get("id").stringValue()).isEqualTo(id);
        assertThat(stranger.send("POST", PATH, "{'model': 'stub'}", once)
                        .json()
                        .get("id")
                        .stringValue())
                .isNotEqualTo(id);

        String messages = PATH + "/" + id + "/messages";
        List<Reply> replies = AtOnce.run(4, n -> browser.send("POST", messages, "{'content': 'echo once'}", once));
        assertThat(replies).allMatch(reply -> reply.status() == 201);
        JsonNode exchange = replies.getFirst().json();
        assertThat(replies)
                .allMatch(reply -> reply.json()
                        .get("answer")
                        .get("id")
                        .equals(exchange.get("answer").get("id")));
        assertThat(text(stream(id, exchange.get("answer")))).isEqualTo("once");
        String[] anew = {"Idempotency-Key", Ids.next("anew")};
        String regenerate = messages + "/" + exchange.get("answer").get("id").stringValue() + "/regenerate";
        JsonNode second = browser.send("POST", regenerate, "", anew).json().get("answer");
        assertThat(browser.send("POST", regenerate, "", anew)
                        .json()
                        .get("answer")
                        .get("id"))
                .isEqualTo(second.get("id"));
        stream(id, second);
        assertThat(browser.get(messages).json().get("data")).hasSize(3);

        Reply other = browser.send("POST", messages, "{'content': 'echo other'}", once);
        assertThat(other.status()).isEqualTo(400);
        assertThat(other.json().get("error").get("code").stringValue()).isEqualTo("idempotency_key_reused");
        assertThat(browser.send("POST", messages, "{'content': 'echo'}", "Idempotency-Key", "x".repeat(65))
                        .status())
                .isEqualTo(400);
    }

    @Test
    void allChatsAreToldWhatTheAccountSays() {
        String instructions = "/api/account/instructions";
        assertThat(browser.get(instructions).json().get("instructions").stringValue())
                .isEmpty();
        browser.send("PUT", instructions, "{'instructions': ' Be brief. '}");
        String id = conversation();
        JsonNode answer = ask(id, "{'content': 'echo 1', 'system': 'Be kind.'}").get("answer");
        stream(id, answer);
        assertThat(server.engine().lastPrompt()).isEqualTo("system: Be brief.\n\nBe kind.\nuser: echo 1\n");
        stream(
                id,
                browser.post(PATH + "/" + id + "/messages/" + answer.get("id").stringValue() + "/regenerate", "")
                        .json()
                        .get("answer"));
        assertThat(server.engine().lastPrompt()).isEqualTo("system: Be brief.\nuser: echo 1\n");

        assertThat(browser.send("PUT", instructions, "{'instructions': '" + "x".repeat(10_001) + "'}")
                        .status())
                .isEqualTo(400);
        browser.send("PUT", instructions, "{'instructions': ''}");
        stream(id, ask(id, "{'content': 'echo 2'}").get("answer"));
        assertThat(server.engine().lastPrompt()).isEqualTo("user: echo 2\n");
    }

    @Test
    void chatsLieInFolders() {
        for (String body : List.of("'title': 'a', 'folder': ' Work '", "'title': 'b'", "'title': 'c'")) {
            assertThat(browser.post(PATH, "{'model': 'stub', " + body + "}").status())
                    .isEqualTo(201);
        }
        JsonNode all = browser.get(PATH).json().get("data");
        browser.send("PATCH", PATH + "/" + all.get(0).get("id").stringValue(), "{'folder': 'Work', 'pinned': true}");
        assertThat(titles("folder=Work")).containsExactly("c", "a");
        assertThat(titles("folder=")).containsExactly("b");
        assertThat(titles("pinned=true")).containsExactly("c");
        assertThat(titles("pinned=false&folder=Work")).containsExactly("a");
        assertThat(titles("q=A")).containsExactly("a");
        String folders = PATH + "/folders";
        assertThat(browser.send("PATCH", folders, "{'name': 'Work', 'to': 'Home'}")
                        .body())
                .isEqualTo("{\"data\":[{\"name\":\"Home\",\"conversations\":2}],\"next\":null}");
        assertThat(browser.send("PATCH", folders, "{'name': 'Work', 'to': 'Home'}")
                        .status())
                .isEqualTo(404);
        assertThat(stranger.get(folders).json().get("data")).isEmpty();
        browser.send("PATCH", folders, "{'name': 'Home', 'to': ''}");
        assertThat(titles("folder=")).hasSize(3);
        assertThat(browser.post(PATH, "{'model': 'stub', 'folder': '" + "x".repeat(101) + "'}")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void allChatsAreArchivedOrDeletedAtOnce() {
        conversation();
        conversation();
        String others =
                stranger.post(PATH, "{'model': 'stub'}").json().get("id").stringValue();
        assertThat(browser.post(PATH + "/archive", "").status()).isEqualTo(204);
        assertThat(titles("")).isEmpty();
        assertThat(titles("archived=true")).hasSize(2);
        conversation();
        assertThat(browser.send("DELETE", PATH, "").status()).isEqualTo(204);
        assertThat(titles("")).isEmpty();
        assertThat(titles("archived=true")).isEmpty();
        assertThat(stranger.get(PATH + "/" + others).status()).isEqualTo(200);
    }

    @Test
    void severalAreChangedTogetherOrNone() {
        String one = conversation();
        String two = conversation();
        String others =
                stranger.post(PATH, "{'model': 'stub'}").json().get("id").stringValue();
        String both = "'ids': ['" + one + "', '" + two + "']";
        assertThat(browser.send("PATCH", PATH, "{" + both + ", 'archived': true, 'folder': ' Tea '}")
                        .status())
                .isEqualTo(204);
        assertThat(titles("")).isEmpty();
        assertThat(titles("archived=true&folder=Tea")).hasSize(2);
        assertThat(browser.send("PATCH", PATH, "{" + both + ", 'archived': false, 'folder': ''}")
                        .status())
                .isEqualTo(204);
        assertThat(titles("folder=")).hasSize(2);

        String foreign = "'ids': ['" + one + "', '" + others + "']";
        assertThat(browser.send("PATCH", PATH, "{" + foreign + ", 'archived': true}")
                        .status())
                .isEqualTo(404);
        assertThat(browser.post(PATH + "/delete", "{" + foreign + "}").status()).isEqualTo(404);
        for (String wrong : List.of("", "'ids': []", "'ids': [7]", both + ", 'folder': '" + "x".repeat(101) + "'")) {
            assertThat(browser.send("PATCH", PATH, "{" + wrong + "}").status())
                    .as(wrong)
                    .isEqualTo(400);
        }
        assertThat(titles("folder=")).hasSize(2);
        assertThat(browser.post(PATH + "/delete", "{" + both + "}").status()).isEqualTo(204);
        assertThat(titles("")).isEmpty();
        assertThat(stranger.get(PATH + "/" + others).status()).isEqualTo(200);
    }

    /** Deletes conversations in which an answer is being written. */
    @ParameterizedTest
    @ValueSource(strings = {"DELETE /{id}", "POST /delete {'ids': ['{id}']}", "DELETE "})
    void whatIsWrittenForNobodyEndsAndIsSettled(String way) throws InterruptedException {
        String id = conversation();
        JsonNode answer = ask(id, "{'content': 'count 1500 20'}").get("answer");
        String messageId = answer.get("id").stringValue();
        LiveAnswer live = server.bean(LiveAnswers.class).find(messageId).orElseThrow();
        live.read(0, Duration.ofMinutes(1));
        String[] call = way.replace("{id}", id).split(" ", 3);
        assertThat(browser.send(call[0], PATH + call[1], call.length < 3 ? "" : call[2])
                        .status())
                .isEqualTo(204);

        while (server.bean(LiveAnswers.class).find(messageId).isPresent()) {
            Thread.sleep(10);
        }
        assertThat(live.read(0, Duration.ZERO)).hasSizeBetween(1, 1499);
        JdbcClient jdbc = server.bean(JdbcClient.class);
        String answerId = live.answer().id();
        assertThat(jdbc.sql("select completion_tokens from usage_record where answer_id = ?")
                        .param(answerId)
                        .query(Integer.class)
                        .single())
                .isBetween(1, 1499);
        assertThat(jdbc.sql("select count(*) from answer_chunk where answer_id = ?")
                        .param(answerId)
                        .query(Integer.class)
                        .single())
                .isZero();
        assertThat(browser.get(PATH + "/" + id).status()).isEqualTo(404);
    }

    @Test
    void aQuestionInAChatThatIsDeletedAtThatMomentIsNotFound() throws Exception {
        for (int round = 0; round < 5; round++) {
            String id = conversation();
            List<Integer> statuses = AtOnce.run(
                    2,
                    i -> i == 0
                            ? browser.post(PATH + "/" + id + "/messages", "{'content': 'echo a'}")
                                    .status()
                            : browser.send("DELETE", PATH + "/" + id, "").status());
            assertThat(statuses.getFirst()).isIn(201, 404);
            assertThat(statuses.getLast()).isEqualTo(204);
        }
    }

    @Test
    void aTitleIsCutBetweenWords() {
        assertThat(Conversations.title(" one  \t two \nthree")).isEqualTo("one two");
        assertThat(Conversations.title("word ".repeat(20)))
                .isEqualTo("word ".repeat(12).strip() + "…");
        assertThat(Conversations.title("雪".repeat(80))).isEqualTo("雪".repeat(59) + "…");
        assertThat(Conversations.title("🐦".repeat(80))).isEqualTo("🐦".repeat(29) + "…");
    }

    @Test
    void severalReadersJoinAndResumeWithoutSeeingAnythingTwice() {
        String id = conversation();
        JsonNode answer = ask(id, "{'content': 'count 30 20'}").get("answer");
        Reply first = stream(id, answer);
        Reply later = stream(id, answer);
        Reply resumed = stream(id, answer, "Last-Event-ID", "20");

        assertThat(text(first)).isEqualTo("x".repeat(30));
        assertThat(text(later)).isEqualTo("x".repeat(30));
        assertThat(text(resumed)).isEqualTo("x".repeat(10));
    }

    @Test
    void anAnswerThatIsStoppedKeepsItsPart() throws InterruptedException {
        String id = conversation();
        JsonNode answer = ask(id, "{'content': 'count 1500 20'}").get("answer");
        Thread.sleep(200);
        String message = PATH + "/" + id + "/messages/" + answer.get("id").stringValue();
        assertThat(browser.post(message + "/stop", "").status()).isEqualTo(204);
        Reply stream = stream(id, answer);

        assertThat(stream.events().getLast()).isEqualTo("{\"state\":\"stopped\",\"cut\":false}");
        assertThat(text(stream)).hasSizeLessThan(1500);
        JsonNode kept =
                browser.get(PATH + "/" + id + "/messages").json().get("data").get(1);
        assertThat(kept.get("content").stringValue()).isEqualTo(text(stream));
    }

    @Test
    void questionsAreEditedAndAnswersMadeAnewAsBranches() {
        String id = conversation();
        JsonNode first = ask(id, "{'content': 'echo one'}");
        stream(id, first.get("answer"));
        String answerId = first.get("answer").get("id").stringValue();
        JsonNode second = ask(id, "{'content': 'echo two', 'parent_id': '" + answerId + "'}");
        stream(id, second.get("answer"));
        JsonNode edited = ask(id, "{'content': 'echo three', 'parent_id': '" + answerId + "'}");
        stream(id, edited.get("answer"));
        JsonNode anew = browser.post(PATH + "/" + id + "/messages/" + answerId + "/regenerate", "")
                .json();
        stream(id, anew.get("answer"));

        JsonNode messages = browser.get(PATH + "/" + id + "/messages").json().get("data");
        assertThat(messages).hasSize(7);
        assertThat(edited.get("question").get("parent_id").stringValue()).isEqualTo(answerId);
        assertThat(anew.get("answer").get("parent_id"))
                .isEqualTo(first.get("question").get("id"));
        assertThat(messages.get(6).get("content").stringValue()).isEqualTo("one");
    }

    @Test
    void listsGoPageByPage() {
        List<String> ids = Stream.generate(this::conversation).limit(5).toList();
        JsonNode first = browser.get(PATH + "?limit=3").json();
        JsonNode second = browser.get(
                        PATH + "?limit=3&after=" + first.get("next").stringValue())
                .json();

        assertThat(first.get("data")).hasSize(3);
        assertThat(first.get("data").get(0).get("id").stringValue()).isEqualTo(ids.getLast());
        assertThat(second.get("data")).hasSize(2);
        assertThat(second.get("data").get(1).get("id").stringValue()).isEqualTo(ids.getFirst());
        assertThat(second.get("next").isNull()).isTrue();
    }

    @Test
    void whatIsChangedAtOnceStays() throws Exception {
        List<String> ids = Stream.generate(this::conversation).limit(10).toList();
        AtOnce.run(
                20,
                i -> browser.send(
                        "PATCH",
                        PATH + "/" + ids.get(i / 2),
                        i % 2 == 0 ? "{'title': 'Found by itself'}" : "{'pinned': true}"));
        for (String id : ids) {
            JsonNode now = browser.get(PATH + "/" + id).json();
            assertThat(now.get("title").stringValue()).isEqualTo("Found by itself");
            assertThat(now.get("pinned").booleanValue()).isTrue();
        }
    }

    private String excerpt(String search) {
        return browser.get(PATH + "?q=" + search).json().at("/data/0/excerpt").stringValue();
    }

    private List<String> titles(String query) {
        return browser.get(PATH + "?" + query)
                .json()
                .get("data")
                .valueStream()
                .map(item -> item.get("title").stringValue())
                .toList();
    }

    @Test
    void conversationsAreFoundByTitleAndText() {
        for (String title : List.of("Parrots", "100%", "100 birds", "under_score")) {
            browser.post(PATH, "{'model': 'stub', 'title': '" + title + "'}");
        }
        String id = conversation();
        browser.send("PATCH", PATH + "/" + id, "{'title': 'Other'}");
        stream(id, ask(id, "{'content': 'echo the Mynah talks'}").get("answer"));

        assertThat(titles("q=pARR")).containsExactly("Parrots");
        assertThat(titles("q=100%25")).containsExactly("100%");
        assertThat(titles("q=r_s")).containsExactly("under_score");
        assertThat(titles("q=mynah+TALKS")).containsExactly("Other");
        assertThat(titles("q=%21")).isEmpty();
        assertThat(excerpt("mynah+TALKS")).isEqualTo("echo the Mynah talks");
        // The title tells why already.
        assertThat(browser.get(PATH + "?q=parrots").json().at("/data/0").has("excerpt"))
                .isFalse();
        ask(id, "{'content': 'x" + "\uD83E\uDD9C".repeat(50) + "\\na needle\\n in " + "hay ".repeat(100) + "'}");
        assertThat(excerpt("NEEDLE")).matches("…(\uD83E\uDD9C)+ a needle in (hay )+(hay|ha|h)");
        JsonNode page = browser.get(PATH + "?q=100&limit=1").json();
        assertThat(page.get("data").get(0).get("title").stringValue()).isEqualTo("100 birds");
        assertThat(titles("q=100&limit=1&after=" + page.get("next").stringValue()))
                .containsExactly("100%");
        assertThat(stranger.get(PATH + "?q=100").json().get("data")).isEmpty();
        assertThat(browser.get(PATH + "?q=" + "x".repeat(201)).status()).isEqualTo(400);
    }

    @Test
    void aConversationIsPinnedAndKeepsItsPlace() {
        String id = conversation();
        JsonNode before = browser.get(PATH + "/" + id).json();
        JsonNode after =
                browser.send("PATCH", PATH + "/" + id, "{'pinned': true}").json();

        assertThat(before.get("pinned").booleanValue()).isFalse();
        assertThat(after.get("pinned").booleanValue()).isTrue();
        assertThat(after.get("updated_at")).isEqualTo(before.get("updated_at"));
        assertThat(browser.get(PATH).json().get("data").get(0).get("pinned").booleanValue())
                .isTrue();
    }

    @Test
    void settingsOfAnAnswerHoldForItAlone() {
        String id = conversation();
        JsonNode first =
                ask(id, "{'content': 'echo abcdef', 'system': 'Be brief.', 'temperature': 0, 'max_tokens': 3}");
        assertThat(text(stream(id, first.get("answer")))).isEqualTo("abc");
        SamplingOptions used = server.engine().last().sampling();
        assertThat(used.temperature()).isZero();
        assertThat(server.engine().lastPrompt()).isEqualTo("system: Be brief.\nuser: echo abcdef\n");

        String again =
                PATH + "/" + id + "/messages/" + first.get("answer").get("id").stringValue() + "/regenerate";
        assertThat(text(stream(
                        id, browser.post(again, "{'max_tokens': 2}").json().get("answer"))))
                .isEqualTo("ab");
        assertThat(text(stream(id, browser.post(again, "").json().get("answer"))))
                .isEqualTo("abcdef");
        assertThat(server.engine().lastPrompt()).isEqualTo("user: echo abcdef\n");

        for (String wrong : List.of(
                "'temperature': 2.1",
                "'temperature': -1",
                "'max_tokens': 0",
                "'system': 7",
                "'top_p': 0",
                "'frequency_penalty': 3",
                "'presence_penalty': 'a'",
                "'seed': 0.5",
                "'stop': ['']",
                "'top_k': 1")) {
            assertThat(browser.post(PATH + "/" + id + "/messages", "{'content': 'x', " + wrong + "}")
                            .status())
                    .as(wrong)
                    .isEqualTo(400);
        }
        assertThat(browser.post(again, "{'min_p': 1}").status()).isEqualTo(400);
    }

    @Test
    void anAnswerIsSampledAsWishedAndGoesOnSo() {
        String id = conversation();
        JsonNode answer = ask(
                        id,
                        "{'content': 'echo abcdef', 'top_p': 0.5, 'frequency_penalty': 1, 'presence_penalty': -1, 'seed': 7, 'stop': ['e', 'f'], 'max_tokens': 2}")
                .get("answer");
        stream(id, answer);
        SamplingOptions first = server.engine().last().sampling();
        assertThat(List.of(first.topP(), first.frequencyPenalty(), first.presencePenalty()))
                .containsExactly(0.5, 1.0, -1.0);
        assertThat(first.seed()).isEqualTo(7);
        assertThat(first.stop()).containsExactly("e", "f");
        String messages = PATH + "/" + id + "/messages/";
        stream(
                id,
                browser.post(messages + answer.get("id").stringValue() + "/continue", "")
                        .json());
        assertThat(server.engine().last().sampling()).isEqualTo(first);
    }

    @Test
    void anotherModelAnswersNext() {
        String id = conversation();
        browser.send("PATCH", PATH + "/" + id, "{'model': 'gone'}");
        assertThat(browser.post(PATH + "/" + id + "/messages", "{'content': 'echo a'}")
                        .status())
                .isEqualTo(404);
        browser.send("PATCH", PATH + "/" + id, "{'model': 'stub'}");
        assertThat(text(stream(id, ask(id, "{'content': 'echo a'}").get("answer"))))
                .isEqualTo("a");
    }

    @Test
    void anothersConversationIsNotThere() {
        String id = conversation();
        JsonNode exchange = ask(id, "{'content': 'echo one'}");
        String answer = exchange.get("answer").get("id").stringValue();
        String path = PATH + "/" + id;

        assertThat(stranger.get(path).status()).isEqualTo(404);
        assertThat(stranger.get(path + "/messages").status()).isEqualTo(404);
        assertThat(stranger.get(path + "/messages/" + answer + "/stream").status())
                .isEqualTo(404);
        assertThat(stranger.post(path + "/messages", "{'content': 'x'}").status())
                .isEqualTo(404);
        assertThat(stranger.post(path + "/messages/" + answer + "/stop", "").status())
                .isEqualTo(404);
        assertThat(stranger.send("PATCH", path, "{'title': 'mine'}").status()).isEqualTo(404);
        assertThat(stranger.send("DELETE", path, "").status()).isEqualTo(404);
        String own = stranger.post(PATH, "{'model': 'stub'}").json().get("id").stringValue();
        assertThat(stranger.post(PATH + "/" + own + "/messages", "{'content': 'x', 'parent_id': '" + answer + "'}")
                        .status())
                .isEqualTo(404);
        stream(id, exchange.get("answer"));
        assertThat(browser.send("DELETE", path, "").status()).isEqualTo(204);
        assertThat(browser.get(path).status()).isEqualTo(404);
    }
}
