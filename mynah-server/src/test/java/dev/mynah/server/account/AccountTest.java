package dev.mynah.server.account;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mynah.server.Browser;
import dev.mynah.server.TestDatabase;
import dev.mynah.server.TestServer;
import dev.mynah.server.TestServer.Reply;
import dev.mynah.server.store.Ids;
import dev.mynah.server.store.Transactions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.simple.JdbcClient;

@ParameterizedClass
@EnumSource(TestDatabase.class)
class AccountTest {
    private final TestServer server;
    private final String email = Ids.next("u") + "@example.com";

    AccountTest(TestDatabase database) {
        server = TestServer.on(database);
    }

    private String credentials(String password) {
        return "{'email': '" + email + "', 'password': '" + password + "'}";
    }

    @Test
    void signUpOutAndIn() {
        Browser browser = Browser.signedUp(server, email);

        Reply account = browser.get("/api/account");
        assertThat(account.json().get("email").stringValue()).isEqualTo(email);
        assertThat(account.json().get("plan").stringValue()).isEqualTo("free");
        assertThat(account.json().get("role").stringValue()).isEqualTo("user");
        assertThat(account.header("content-security-policy")).contains("default-src 'self'");
        assertThat(browser.cookie("mynah_session").orElseThrow().isHttpOnly()).isTrue();

        assertThat(browser.post("/api/account/sign-out", "").status()).isEqualTo(204);
        assertThat(browser.get("/api/account").status()).isEqualTo(401);
        assertThat(browser.post("/api/account/sign-in", credentials("wrong horse"))
                        .status())
                .isEqualTo(401);
        assertThat(browser.post("/api/account/sign-in", credentials("correct horse"))
                        .status())
                .isEqualTo(200);
        assertThat(browser.get("/api/account").status()).isEqualTo(200);
        assertThat(browser.post("/api/account/sign-up", credentials("correct horse"))
                        .status())
                .isEqualTo(409);
    }

    @Test
    void aForgedRequestIsRefused() {
        Browser browser = Browser.signedUp(server, email);
        browser.forget("XSRF-TOKEN");

        assertThat(browser.post("/api/keys", "{'name': 'x'}").status()).isEqualTo(403);
        assertThat(server.bean(ApiKeys.class)
                        .ofUser(browser.get("/api/account").json().get("id").stringValue()))
                .isEmpty();
    }

    @Test
    void guessersMustWait() {
        Browser.signedUp(server, email);
        // What ten failures leave behind: hashes may take longer on a busy machine than the first waits.
        server.bean(JdbcClient.class)
                .sql("insert into login_failure (subject, failures, last_at) values (?, 10, current_timestamp)")
                .param("account:" + email)
                .update();

        // Even the right password waits, or a guesser would know it by that.
        Reply refused = new Browser(server).post("/api/account/sign-in", credentials("correct horse"));

        assertThat(refused.status()).isEqualTo(429);
        assertThat(Integer.parseInt(refused.header("retry-after"))).isPositive();
    }

    @Test
    void waitsDoubleAndASuccessEndsThem() {
        Instant[] now = {Instant.parse("2026-01-01T00:00:00Z")};
        LoginThrottle throttle =
                new LoginThrottle(server.bean(JdbcClient.class), server.bean(Transactions.class), new Clock() {
                    @Override
                    public ZoneId getZone() {
                        return ZoneOffset.UTC;
                    }

                    @Override
                    public Clock withZone(ZoneId zone) {
                        return this;
                    }

                    @Override
                    public Instant instant() {
                        return now[0];
                    }
                });

        for (int i = 0; i < 3; i++) {
            assertThat(throttle.attempt(email, 3)).isEmpty();
        }
        for (int seconds : new int[] {2, 4, 8}) {
            assertThat(throttle.attempt(email, 3)).contains(Duration.ofSeconds(seconds));
            now[0] = now[0].plusSeconds(seconds);
            assertThat(throttle.attempt(email, 3)).isEmpty();
        }
        assertThat(throttle.attempt(email, 3)).isPresent();
        throttle.succeeded(email);
        assertThat(throttle.attempt(email, 3)).isEmpty();

        // What many share is never left alone for a day, and begins anew at midnight all the same.
        for (int i = 0; i < 3; i++) {
            assertThat(throttle.attempt(throttle.shared(email), 3)).isEmpty();
            now[0] = now[0].plusSeconds(7 * 3600);
        }
        now[0] = Instant.parse("2026-01-01T23:59:00Z");
        assertThat(throttle.attempt(throttle.shared(email), 3)).isEmpty();
        assertThat(throttle.attempt(throttle.shared(email), 3)).isPresent();
        now[0] = Instant.parse("2026-01-02T00:00:00Z");
        assertThat(throttle.attempt(throttle.shared(email), 3)).isEmpty();
    }

    @Test
    void aNewPasswordEndsOtherSessions() {
        Browser browser = Browser.signedUp(server, email);
        Browser other = new Browser(server);
        other.post("/api/account/sign-in", credentials("correct horse"));
        assertThat(other.get("/api/account").status()).isEqualTo(200);

        Reply changed = browser.post(
                "/api/account/password", "{'old_password': 'correct horse', 'new_password': 'battery staple'}");

        assertThat(changed.status()).as(changed.body()).isEqualTo(200);
        assertThat(browser.get("/api/account").status()).isEqualTo(200);
        assertThat(other.get("/api/account").status()).isEqualTo(401);
    }

    @Test
    void keysAreShownOnceScopedAndRevocable() {
        Browser browser = Browser.signedUp(server, email);
        Reply created = browser.post("/api/keys", "{'name': 'mine', 'scopes': ['usage']}");
        assertThat(created.status()).as(created.body()).isEqualTo(201);
        String key = created.json().get("secret").stringValue();
        String id = created.json().get("id").stringValue();

        assertThat(server.get("/v1/usage", key).status()).isEqualTo(200);
        assertThat(server.post("/v1/chat/completions", key, TestServer.chat("x"))
                        .status())
                .isEqualTo(403);
        assertThat(browser.get("/api/keys").body()).contains(id).doesNotContain(key);
        assertThat(server.post("/api/keys", key, "{'name': 'more'}").status()).isEqualTo(403);

        // A key that ends makes none that outlives it.
        String ending = browser.post("/api/keys", "{'name': 'ending', 'expires_at': 4000000000}")
                .json()
                .get("secret")
                .stringValue();
        for (String wanted : List.of("", ", 'expires_at': 4000000001", ", 'expires_at': 3999999999")) {
            assertThat(server.post("/api/keys", ending, "{'name': 'more'" + wanted + "}")
                            .json()
                            .get("expires_at")
                            .stringValue())
                    .isEqualTo(Instant.ofEpochSecond(wanted.endsWith("9") ? 3_999_999_999L : 4_000_000_000L)
                            .toString());
        }

        Browser stranger = Browser.signedUp(server, "x" + email);
        assertThat(stranger.send("DELETE", "/api/keys/" + id, "").status()).isEqualTo(404);
        assertThat(browser.send("DELETE", "/api/keys/" + id, "").status()).isEqualTo(204);
        assertThat(server.get("/v1/usage", key).status()).isEqualTo(401);
        assertThat(browser.get("/api/admin/users").status()).isEqualTo(403);
    }
}
