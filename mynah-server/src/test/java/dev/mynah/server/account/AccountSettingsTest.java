package dev.mynah.server.account;

import static org.assertj.core.api.Assertions.assertThat;

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
}
