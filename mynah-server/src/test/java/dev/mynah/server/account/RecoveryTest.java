package dev.mynah.server.account;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mynah.server.Browser;
import dev.mynah.server.Mailbox;
import dev.mynah.server.Races;
import dev.mynah.server.TestDatabase;
import dev.mynah.server.TestServer;
import dev.mynah.server.TestServer.Reply;
import dev.mynah.server.store.Ids;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What goes by mail: confirming an address, a new password, another address. */
@ParameterizedClass
@EnumSource(TestDatabase.class)
class RecoveryTest {
    private static final String RESET = "/api/account/password-reset";
    private static final String CONFIRM = RESET + "/confirm";
    private static final String CHANGE = "/api/account/email";

    private final TestServer server;
    private final Mailbox mailbox;
    private final String email = Ids.next("r") + "@example.com";
    private final Browser browser;

    RecoveryTest(TestDatabase database) {
        server = TestServer.on(database);
        mailbox = server.mailbox();
        browser = Browser.signedUp(server, email);
    }

    private static String confirmation(String token, String password) {
        return "{'token': '" + token + "', 'new_password': '" + password + "'}";
    }

    private int signIn(String address, String password) {
        return new Browser(server)
                .post("/api/account/sign-in", "{'email': '" + address + "', 'password': '" + password + "'}")
                .status();
    }

    private boolean verified() {
        return browser.get("/api/account").json().get("email_verified").booleanValue();
    }

    private String stored(String query) {
        return String.join(
                "\n",
                server.bean(JdbcClient.class).sql(query).query(String.class).list());
    }

    @Test
    void anAddressIsConfirmedOnce() throws Exception {
        String token = mailbox.await(email, 1).token();
        assertThat(verified()).isFalse();

        List<Integer> statuses = Races.run(
                4,
                () -> new Browser(server)
                        .post("/api/account/email-verification/confirm", "{'token': '" + token + "'}")
                        .status());

        assertThat(statuses).containsOnlyOnce(204).contains(400);
        assertThat(verified()).isTrue();
    }

    @Test
    void aForgottenPasswordIsSetOnceByWhoReadsTheMail() throws Exception {
        Browser visitor = new Browser(server);
        assertThat(visitor.post(RESET, "{'email': '" + email.toUpperCase(java.util.Locale.ROOT) + "'}")
                        .status())
                .isEqualTo(202);
        String token = mailbox.await(email, 2).token();
        assertThat(stored("select token_hash from one_time_token") + stored("select content from outgoing_mail"))
                .doesNotContain(token);
        assertThat(visitor.post(CONFIRM, confirmation(token, "short")).status()).isEqualTo(400);
        assertThat(visitor.post(CONFIRM, confirmation("x" + token, "battery staple"))
                        .status())
                .isEqualTo(400);

        List<Integer> statuses = Races.run(
                4,
                () -> new Browser(server)
                        .post(CONFIRM, confirmation(token, "battery staple"))
                        .status());

        assertThat(statuses).containsOnlyOnce(204).contains(400);
        // All sessions are over, and only the new password is good.
        assertThat(browser.get("/api/account").status()).isEqualTo(401);
        assertThat(signIn(email, "correct horse")).isEqualTo(401);
        assertThat(signIn(email, "battery staple")).isEqualTo(200);
        assertThat(mailbox.await(email, 3).subject()).isEqualTo("Your password was changed");
    }

    @Test
    void aNewerLinkAndAnotherAddressEndTheOlderOnes() {
        browser.post(RESET, "{'email': '" + email + "'}");
        browser.post(RESET, "{'email': '" + email + "'}");
        String first = mailbox.await(email, 2).token();
        String second = mailbox.await(email, 3).token();
        assertThat(browser.post(CONFIRM, confirmation(second, "battery staple")).status())
                .isEqualTo(204);
        assertThat(browser.post(CONFIRM, confirmation(first, "thief's password"))
                        .status())
                .isEqualTo(400);
    }

    @Test
    void whetherThereIsAnAccountIsNotTold() {
        Browser visitor = new Browser(server);
        String nobody = "nobody" + email;
        Reply known = visitor.post(RESET, "{'email': '" + email + "'}");
        Reply unknown = visitor.post(RESET, "{'email': '" + nobody + "'}");

        assertThat(unknown.status()).isEqualTo(known.status());
        assertThat(unknown.body()).isEqualTo(known.body());
        mailbox.await(email, 2);
        // Both did the same work in the database; the mail to nobody is dropped.
        assertThat(mailbox.to(nobody)).isEmpty();
        assertThat(stored("select recipient from outgoing_mail")).doesNotContain(nobody);
        for (int i = 0; i < 2; i++) {
            visitor.post(RESET, "{'email': '" + nobody + "'}");
        }
        assertThat(visitor.post(RESET, "{'email': '" + nobody + "'}").status()).isEqualTo(429);
    }

    @Test
    void anExpiredLinkIsRefused() {
        browser.post(RESET, "{'email': '" + email + "'}");
        String token = mailbox.await(email, 2).token();
        server.bean(JdbcClient.class)
                .sql(
                        "update one_time_token set expires_at = current_timestamp where user_id = (select id from app_user where email = ?)")
                .param(email)
                .update();
        assertThat(browser.post(CONFIRM, confirmation(token, "battery staple")).status())
                .isEqualTo(400);
        assertThat(signIn(email, "correct horse")).isEqualTo(200);
    }

    @Test
    void bothAddressesAgreeToAChange() {
        String verification = mailbox.await(email, 1).token();
        browser.post("/api/account/email-verification/confirm", "{'token': '" + verification + "'}");
        String fresh = "new" + email;
        assertThat(browser.post(CHANGE, "{'email': '" + fresh + "'}").status()).isEqualTo(403);
        assertThat(browser.post(CHANGE, "{'email': '" + fresh + "', 'password': 'wrong horse'}")
                        .status())
                .isEqualTo(400);
        assertThat(browser.post(CHANGE, "{'email': '" + fresh + "', 'password': 'correct horse'}")
                        .status())
                .isEqualTo(202);
        assertThat(mailbox.await(email, 2).text()).contains(fresh);

        String old = "{'token': '" + mailbox.await(email, 2).token() + "'}";
        Reply first = browser.post(CHANGE + "/confirm", old);
        assertThat(first.json().get("done").booleanValue()).isFalse();
        assertThat(browser.get("/api/account").json().get("email").stringValue())
                .isEqualTo(email);
        assertThat(browser.post(CHANGE + "/confirm", old).status()).isEqualTo(400);
        Reply second = browser.post(
                CHANGE + "/confirm", "{'token': '" + mailbox.await(fresh, 1).token() + "'}");
        assertThat(second.json().get("done").booleanValue()).isTrue();

        assertThat(browser.get("/api/account").json().get("email").stringValue())
                .isEqualTo(fresh);
        assertThat(signIn(fresh, "correct horse")).isEqualTo(200);
        assertThat(signIn(email, "correct horse")).isEqualTo(401);
        assertThat(mailbox.await(email, 3).subject()).isEqualTo("Your e-mail address was changed");
    }

    @Test
    void anAddressThatAnotherHasIsNotTaken() {
        String taken = "taken" + email;
        Browser.signedUp(server, taken);
        browser.post(CHANGE, "{'email': '" + taken + "', 'password': 'correct horse'}");
        String token = mailbox.await(taken, 2).token();
        assertThat(browser.post(CHANGE + "/confirm", "{'token': '" + token + "'}")
                        .status())
                .isEqualTo(400);
        assertThat(browser.get("/api/account").json().get("email").stringValue())
                .isEqualTo(email);
    }

    @Test
    void mailsAreInTheReadersLanguage() {
        browser.send("POST", RESET, "{'email': '" + email + "'}", "Accept-Language", "zh-CN");
        Mailbox.Received mail = mailbox.await(email, 2);
        assertThat(mail.subject()).isEqualTo("设置新密码");
        assertThat(mail.text()).contains("30 分钟内有效").contains(server.url() + "/reset-password#");
    }
}
