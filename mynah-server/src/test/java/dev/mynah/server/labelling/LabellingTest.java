package dev.mynah.server.labelling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mynah.server.Browser;
import dev.mynah.server.TestDatabase;
import dev.mynah.server.TestServer;
import dev.mynah.server.TestServer.Reply;
import dev.mynah.server.store.Ids;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;

@ParameterizedClass
@EnumSource(TestDatabase.class)
class LabellingTest {
    private static final String ADMIN = "/api/admin/labelling";
    private static final String DESK = "/api/labelling";

    private final TestServer server;
    private final String mark = Ids.next("l");
    private final Browser ada;
    private final Browser li;

    LabellingTest(TestDatabase database) {
        server = TestServer.on(database);
        ada = Browser.signedUp(server, mark + "-ada@example.com");
        li = Browser.signedUp(server, mark + "-li@example.com");
    }

    private JsonNode admin(String method, String path, String json) {
        Reply reply = server.send(method, ADMIN + path, server.adminKey(), json);
        assertThat(reply.status()).as(reply.body()).isBetween(200, 299);
        return reply.body().isEmpty() ? NullNode.getInstance() : reply.json();
    }

    private String queue(String kind, int labels, String... tasks) {
        String id = admin(
                        "POST",
                        "/queues",
                        "{'name': 'Q', 'kind': '" + kind + "', 'guidelines': '# Be fair', 'labels_per_task': " + labels
                                + "}")
                .get("id")
                .stringValue();
        admin(
                "PUT",
                "/queues/" + id + "/members",
                "{'emails': ['" + mark + "-ada@example.com', '" + mark + "-li@example.com']}");
        admin("POST", "/queues/" + id + "/tasks", "{'tasks': [" + String.join(", ", tasks) + "]}");
        return id;
    }

    private static String ranking(String question, String... answers) {
        return "{'messages': [{'role': 'user', 'content': '" + question + "'}], 'answers': ['"
                + String.join("', '", answers) + "']}";
    }

    private static JsonNode next(Browser who, String queue) {
        return who.post(DESK + "/queues/" + queue + "/next", "{}").json();
    }

    private static void label(Browser who, JsonNode task, String json) {
        Reply reply = who.send("PUT", DESK + "/tasks/" + task.get("id").stringValue(), json);
        assertThat(reply.status()).as(reply.body()).isEqualTo(204);
    }

    private static final String LEFT = "{'state': 'done', 'ranks': [1, 2]}";
    private static final String RIGHT = "{'state': 'done', 'ranks': [2, 1]}";

    @Test
    void twoPeopleLabelEveryTaskAndWhatTheyDoNotAgreeOnIsDecided() {
        String id = queue("ranking", 2, ranking("one", "a", "b"), ranking("two", "c", "d"), ranking("three", "e", "f"));
        for (String judgement : List.of(LEFT, LEFT, RIGHT)) {
            label(ada, next(ada, id), judgement);
        }
        for (String judgement : List.of(LEFT, RIGHT, RIGHT)) {
            label(li, next(li, id), judgement);
        }
        assertThat(ada.post(DESK + "/queues/" + id + "/next", "{}").status()).isEqualTo(204);

        JsonNode figures = admin("GET", "/queues", "")
                .get("data")
                .valueStream()
                .filter(queue -> queue.get("id").stringValue().equals(id))
                .findFirst()
                .orElseThrow()
                .get("figures");
        assertThat(figures.get("done").intValue()).isEqualTo(3);
        assertThat(figures.get("disputed").intValue()).isEqualTo(1);
        // Two of three agreed; by chance 4 of 9.
        assertThat(figures.at("/pairs/0/kappa").doubleValue()).isCloseTo(0.4, within(1e-9));
        assertThat(figures.get("fleiss_kappa").doubleValue()).isCloseTo(1 / 3.0, within(1e-9));

        JsonNode dispute = admin("GET", "/queues/" + id + "/disputes", "").at("/data/0");
        assertThat(dispute.at("/task/messages/0/content").stringValue()).isEqualTo("two");
        assertThat(dispute.get("labels")).hasSize(2);
        assertThat(export(id)).hasSize(2);
        admin("PUT", "/tasks/" + dispute.at("/task/id").stringValue() + "/verdict", "{'ranks': [2, 1]}");
        assertThat(admin("GET", "/queues/" + id + "/disputes", "").get("data")).isEmpty();
        assertThat(export(id))
                .contains(
                        "{\"messages\":[{\"role\":\"user\",\"content\":\"two\"}],\"answers\":[\"c\",\"d\"],\"ranks\":[2,1]}");
    }

    private List<String> export(String queue) {
        return server.get(ADMIN + "/queues/" + queue + "/export", server.adminKey())
                .body()
                .lines()
                .toList();
    }

    @Test
    void aTaskIsItsLabellersUntilItIsDoneSkippedOrFlagged() {
        String id = queue("ranking", 1, ranking("one", "a", "b"), ranking("two", "c", "d"));
        JsonNode first = next(ada, id);
        assertThat(next(ada, id)).isEqualTo(first);
        JsonNode second = next(li, id);
        assertThat(second.get("id")).isNotEqualTo(first.get("id"));
        label(ada, first, "{'state': 'skipped'}");
        label(li, second, "{'state': 'flagged', 'note': 'both are false'}");

        assertThat(ada.post(DESK + "/queues/" + id + "/next", "{}").status()).isEqualTo(204);
        assertThat(next(li, id).get("id")).isEqualTo(first.get("id"));
        assertThat(admin("GET", "/queues/" + id + "/disputes", "")
                        .at("/data/0/labels/0/note")
                        .stringValue())
                .isEqualTo("both are false");
    }

    @Test
    void demonstrationsAreWritten() {
        String id = queue("demonstration", 1, "{'messages': [{'role': 'user', 'content': 'hello'}]}");
        label(ada, next(ada, id), "{'state': 'done', 'text': 'Good morning.'}");
        assertThat(export(id))
                .containsExactly(
                        "{\"messages\":[{\"role\":\"user\",\"content\":\"hello\"},{\"role\":\"assistant\",\"content\":\"Good morning.\"}]}");
    }

    @Test
    void whatDoesNotBelongIsRefused() {
        String id = queue("ranking", 1, ranking("one", "a", "b"));
        JsonNode task = next(ada, id);
        String path = DESK + "/tasks/" + task.get("id").stringValue();
        assertThat(li.send("PUT", path, LEFT).status()).isEqualTo(404);
        for (String wrong : List.of(
                "{'state': 'done'}",
                "{'state': 'done', 'ranks': [1]}",
                "{'state': 'done', 'ranks': [0, 1]}",
                "{'state': 'done', 'ranks': [1, 3]}",
                "{'state': 'late'}")) {
            assertThat(ada.send("PUT", path, wrong).status()).as(wrong).isEqualTo(400);
        }
        admin("PUT", "/queues/" + id + "/members", "{'emails': ['" + mark + "-li@example.com']}");
        assertThat(ada.send("PUT", path, LEFT).status()).isEqualTo(404);
        Browser stranger = Browser.signedUp(server, mark + "-eve@example.com");
        assertThat(stranger.post(DESK + "/queues/" + id + "/next", "{}").status())
                .isEqualTo(404);
        assertThat(stranger.get(ADMIN + "/queues").status()).isEqualTo(403);
        assertThat(server.post(
                                ADMIN + "/queues/" + id + "/tasks",
                                server.adminKey(),
                                "{'tasks': [" + ranking("x", "a", "a") + "]}")
                        .status())
                .isEqualTo(400);
    }
}
