package dev.mynah.server.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mynah.server.Authenticator;
import dev.mynah.server.Browser;
import dev.mynah.server.TestServer;
import dev.mynah.server.TestServer.Reply;
import dev.mynah.server.TestUser;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

class AccountSettingsTest {
    private static final String SECURITY = "/api/account/security";

    @Test
    void whatIsSetHolds(@TempDir Path dataDir) throws Exception {
        TestServer strict = TestServer.start(
                dataDir,
                Map.of(
                        "MYNAH_SECOND_FACTOR",
                        "administrators",
                        "MYNAH_VERIFY_EMAIL",
                        "true",
                        "MYNAH_SIGN_UP",
                        "invitation"));
        try {
            Browser admin = new Browser(strict);
            admin.post(
                    "/api/account/sign-in",
                    "{'email': '" + strict.first().email() + "', 'password': '"
                            + strict.first().password() + "'}");
            assertThat(admin.get("/api/account")
                            .json()
                            .get("second_factor_wanted")
                            .booleanValue())
                    .isTrue();
            assertThat(admin.get("/api/admin/users").status()).isEqualTo(403);
            assertThat(strict.get("/api/admin/users", strict.adminKey()).status())
                    .isEqualTo(403);

            Authenticator app = new Authenticator(admin.post(
                            SECURITY + "/totp",
                            "{'password': '" + strict.first().password() + "'}")
                    .json()
                    .get("secret")
                    .stringValue());
            admin.post(SECURITY + "/totp/confirm", "{'code': '" + app.code(-1) + "'}");
            assertThat(admin.get("/api/admin/users").status()).isEqualTo(200);
            assertThat(strict.get("/api/admin/users", strict.adminKey()).status())
                    .isEqualTo(200);

            // Others speak with models only once their address is confirmed.
            TestUser user = TestUser.onPlan(strict, "free");
            Reply refused = strict.post("/v1/chat/completions", user.key(), TestServer.chat("x"));
            assertThat(refused.json().at("/error/code").stringValue()).isEqualTo("email_unverified");
            strict.bean(UserRepository.class).setEmailVerified(user.userId(), Instant.now());
            assertThat(strict.post("/v1/chat/completions", user.key(), TestServer.chat("x"))
                            .status())
                    .isEqualTo(200);

            // Accounts are by invitation.
            String order = "{'email': 'ada@example.com', 'password': 'correct horse'}";
            assertThat(new Browser(strict).post("/api/account/sign-up", order).status())
                    .isEqualTo(403);
            admin.post("/api/admin/invitations", "{'email': 'ada@example.com'}");
            String token = strict.mailbox().await("ada@example.com", 1).token();
            assertThat(new Browser(strict)
                            .post("/api/account/sign-up", order.replace("}", ", 'invitation': '" + token + "'}"))
                            .status())
                    .isEqualTo(201);
        } finally {
            strict.close();
        }
    }

    @Test
    void proxiesThatAreTrustedSayWhoAsks(@TempDir Path dataDir) throws Exception {
        TestServer server = TestServer.start(
                dataDir,
                Map.of(
                        "MYNAH_TRUSTED_PROXIES",
                        "127\\.0\\.0\\.1|0:0:0:0:0:0:0:1",
                        "MYNAH_PUBLIC_URL",
                        "https://chat.example.com"));
        try {
            String wrong = "{'email': 'nobody@example.com', 'password': 'wrong horse'}";
            Browser browser = new Browser(server);
            // Which the client would not send without TLS.
            String cookie =
                    "XSRF-TOKEN=" + browser.cookie("XSRF-TOKEN").orElseThrow().getValue();
            String[] forwarded = {"X-Forwarded-For", "198.51.100.7", "X-Forwarded-Proto", "http", "Cookie", cookie};
            assertThat(browser.send("POST", "/api/account/sign-in", wrong, forwarded)
                            .status())
                    .isEqualTo(401);
            assertThat(server.bean(JdbcClient.class)
                            .sql("select subject from login_failure where subject like 'address:%'")
                            .query(String.class)
                            .single())
                    .startsWith("address:198.51.100.7 ");
            // The proxy speaks plainly with the service, and people with the proxy over TLS.
            Reply made = browser.send(
                    "POST",
                    "/api/account/sign-up",
                    "{'email': 'ada@example.com', 'password': 'correct horse'}",
                    forwarded);
            assertThat(made.headers().get("set-cookie"))
                    .anySatisfy(
                            set -> assertThat(set).startsWith("mynah_session=").contains("; Secure"));
        } finally {
            server.close();
        }
        assertThatThrownBy(() -> TestServer.start(dataDir, Map.of("MYNAH_TRUSTED_PROXIES", "[")))
                .hasMessageContaining("MYNAH_TRUSTED_PROXIES");
    }
}
