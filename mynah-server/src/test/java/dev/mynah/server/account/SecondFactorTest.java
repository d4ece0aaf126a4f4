package dev.mynah.server.account;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mynah.server.Authenticator;
import dev.mynah.server.Browser;
import dev.mynah.server.Races;
import dev.mynah.server.TestDatabase;
import dev.mynah.server.TestServer;
import dev.mynah.server.TestServer.Reply;
import dev.mynah.server.store.Ids;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

@ParameterizedClass
@EnumSource(TestDatabase.class)
class SecondFactorTest {
    private static final String SECURITY = "/api/account/security";
    private static final String PASSWORD = "{'password': 'correct horse'}";

    private final TestServer server;
    private final String email = Ids.next("f") + "@example.com";

    SecondFactorTest(TestDatabase database) {
        server = TestServer.on(database);
    }

    private static String code(String code) {
        return "{'code': '" + code + "'}";
    }

    /** An account with codes on, by the code of the step before: that of now is still unused. */
    private record Guarded(Browser browser, Authenticator app, List<String> recoveryCodes) {
        static Guarded make(TestServer server, String email) throws Exception {
            Browser browser = Browser.signedUp(server, email);
            Reply enrolment = browser.post(SECURITY + "/totp", PASSWORD);
            Authenticator app = new Authenticator(enrolment.json().get("secret").stringValue());
            Reply confirmed = browser.post(SECURITY + "/totp/confirm", code(app.code(-1)));
            if (confirmed.status() != 200) {
                throw new IllegalStateException(confirmed.body());
            }
            List<String> codes = new ArrayList<>();
            confirmed.json().get("recovery_codes").forEach(one -> codes.add(one.stringValue()));
            return new Guarded(browser, app, codes);
        }
    }

    /** A browser that has given the right password. */
    private Browser halfWay() {
        Browser browser = new Browser(server);
        Reply reply = browser.post("/api/account/sign-in", "{'email': '" + email + "', 'password': 'correct horse'}");
        assertThat(reply.status()).isEqualTo(401);
        assertThat(reply.json().at("/error/code").stringValue()).isEqualTo("code_required");
        assertThat(browser.get("/api/account").status()).isEqualTo(401);
        return browser;
    }

    private static int enter(Browser browser, String code) {
        return browser.post("/api/account/sign-in/code", code(code)).status();
    }

    @Test
    void aCodeIsAskedForAndGoodOnce() throws Exception {
        Guarded guarded = Guarded.make(server, email);
        assertThat(server.bean(JdbcClient.class)
                        .sql("select secret from totp")
                        .query(String.class)
                        .list())
                .doesNotContain(guarded.app.secret());
        Browser browser = halfWay();
        String right = guarded.app.code(0);
        String wrong = right.equals("000000") ? "000001" : "000000";
        assertThat(enter(browser, wrong)).isEqualTo(401);
        assertThat(enter(browser, guarded.app.code(5))).isEqualTo(401);
        assertThat(enter(browser, right)).isEqualTo(200);
        assertThat(browser.get("/api/account").status()).isEqualTo(200);

        // Seen over a shoulder, it is of no use.
        assertThat(enter(halfWay(), right)).isEqualTo(401);
        assertThat(enter(new Browser(server), guarded.app.code(1))).isEqualTo(400);
    }

    @Test
    void ofManyWhoUseACodeAtOnceOneComesIn() throws Exception {
        Guarded guarded = Guarded.make(server, email);
        String right = guarded.app.code(0);
        assertThat(enterAtOnce(4, right)).containsExactlyInAnyOrder(200, 401, 401, 401);
    }

    @Test
    void ofTwoWhoUseARecoveryCodeAtOnceOneComesIn() throws Exception {
        Guarded guarded = Guarded.make(server, email);
        assertThat(enterAtOnce(2, guarded.recoveryCodes.getFirst())).containsExactlyInAnyOrder(200, 401);
    }

    private List<Integer> enterAtOnce(int count, String code) throws Exception {
        ConcurrentLinkedQueue<Browser> halfWay = new ConcurrentLinkedQueue<>();
        for (int i = 0; i < count; i++) {
            halfWay.add(halfWay());
        }
        return Races.run(count, () -> enter(halfWay.remove(), code));
    }

    @Test
    void guessersOfCodesMustWait() throws Exception {
        Guarded guarded = Guarded.make(server, email);
        Browser browser = halfWay();
        server.bean(JdbcClient.class)
                .sql(
                        "insert into login_failure (subject, failures, last_at) select 'code:' || id, 10, current_timestamp from app_user where email = ?")
                .param(email)
                .update();
        assertThat(enter(browser, guarded.app.code(0))).isEqualTo(429);
    }

    @Test
    void recoveryCodesAreGoodOnceAndForTheirOwner() throws Exception {
        Guarded guarded = Guarded.make(server, email);
        assertThat(guarded.recoveryCodes).hasSize(10).allMatch(code -> code.matches("([a-z2-7]{4}-){3}[a-z2-7]{4}"));
        String code = guarded.recoveryCodes.get(3);
        assertThat(enter(halfWay(), code.toUpperCase(java.util.Locale.ROOT).replace("-", " ")))
                .isEqualTo(200);
        assertThat(enter(halfWay(), code)).isEqualTo(401);
        assertThat(guarded.browser.get(SECURITY).json().get("recovery_codes").intValue())
                .isEqualTo(9);
        Guarded other = Guarded.make(server, "other" + email);
        assertThat(enter(halfWay(), other.recoveryCodes.getFirst())).isEqualTo(401);
    }

    @Test
    void whoFoundABrowserOpenChangesNothing() throws Exception {
        Guarded guarded = Guarded.make(server, email);
        assertThat(guarded.browser.post(SECURITY + "/totp", PASSWORD).status()).isEqualTo(409);
        assertThat(guarded.browser
                        .post(SECURITY + "/totp/remove", code(guarded.app.code(0)))
                        .status())
                .isEqualTo(403);
        assertThat(guarded.browser
                        .post(SECURITY + "/totp/remove", "{'code': '000000', 'password': 'correct horse'}")
                        .status())
                .isEqualTo(400);
        assertThat(guarded.browser
                        .post(
                                SECURITY + "/totp/remove",
                                "{'code': '" + guarded.app.code(1) + "', 'password': 'correct horse'}")
                        .status())
                .isEqualTo(204);
        assertThat(new Browser(server)
                        .post("/api/account/sign-in", "{'email': '" + email + "', 'password': 'correct horse'}")
                        .status())
                .isEqualTo(200);
        // A key is no browser.
        String key = guarded.browser
                .post("/api/keys", "{'name': 'k'}")
                .json()
                .get("secret")
                .stringValue();
        assertThat(server.post(SECURITY + "/totp", key, PASSWORD).status()).isEqualTo(403);
        assertThat(server.get(SECURITY, key).status()).isEqualTo(403);
    }

    @Test
    void sessionsAreListedAndEnded() {
        Browser browser = Browser.signedUp(server, email);
        String credentials = "{'email': '" + email + "', 'password': 'correct horse'}";
        Browser second = new Browser(server);
        second.send("POST", "/api/account/sign-in", credentials, "User-Agent", "Lynx/2.9");
        Browser third = new Browser(server);
        third.post("/api/account/sign-in", credentials);
        JsonNode sessions = browser.get(SECURITY).json().get("sessions");
        assertThat(sessions).hasSize(3);
        assertThat(sessions.toString()).contains("Lynx/2.9");
        String id = second.get(SECURITY)
                .json()
                .get("sessions")
                .valueStream()
                .filter(session -> session.get("current").booleanValue())
                .findFirst()
                .orElseThrow()
                .get("id")
                .stringValue();

        Browser stranger = Browser.signedUp(server, "x" + email);
        assertThat(stranger.send("DELETE", SECURITY + "/sessions/" + id, "").status())
                .isEqualTo(404);
        assertThat(browser.send("DELETE", SECURITY + "/sessions/" + id, "").status())
                .isEqualTo(204);
        assertThat(second.get("/api/account").status()).isEqualTo(401);
        assertThat(browser.post(SECURITY + "/sign-out-elsewhere", "").status()).isEqualTo(204);
        assertThat(third.get("/api/account").status()).isEqualTo(401);
        assertThat(browser.get("/api/account").status()).isEqualTo(200);
        assertThat(stranger.get("/api/account").status()).isEqualTo(200);
    }
}
