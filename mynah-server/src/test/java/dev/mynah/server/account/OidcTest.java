package dev.mynah.server.account;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mynah.server.Authenticator;
import dev.mynah.server.Browser;
import dev.mynah.server.TestServer;
import dev.mynah.server.TestServer.Reply;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Signing in with an OpenID Connect provider, and what attackers would make of it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OidcTest {
    private static final String BEGIN = "/oauth2/authorization/corp";
    private static final String FORGE = "/oauth2/authorization/forge";

    private final OidcProviderStub provider;
    private TestServer server;

    OidcTest() throws Exception {
        provider = new OidcProviderStub();
    }

    @BeforeAll
    void start(@TempDir Path dataDir) throws IOException {
        server = TestServer.start(dataDir, provider.settings());
    }

    @AfterAll
    void stop() {
        server.close();
        provider.close();
    }

    /** Goes to the provider, which sends the browser back: the address it is sent to. */
    private String answer(Browser browser) throws Exception {
        String there = browser.get(BEGIN).header("location");
        assertThat(there).contains("nonce=");
        return answer(there);
    }

    private String answer(String there) throws Exception {
        assertThat(there)
                .startsWith(provider.issuer() + "/authorize?")
                .contains("code_challenge_method=S256", "state=");
        String back = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(there)).build(), HttpResponse.BodyHandlers.discarding())
                .headers()
                .firstValue("location")
                .orElseThrow();
        assertThat(back).startsWith(server.url());
        return back.substring(server.url().length());
    }

    /** Where somebody ends who signs in. */
    private String signIn(Browser browser) throws Exception {
        Reply reply = browser.get(answer(browser));
        assertThat(reply.status()).as(reply.body()).isEqualTo(302);
        return reply.header("location").replace(server.url(), "");
    }

    private static String email(Browser browser) {
        Reply reply = browser.get("/api/account");
        return reply.status() == 200 ? reply.json().get("email").stringValue() : "nobody";
    }

    @Test
    void anAccountIsMadeAndKnownAgain() throws Exception {
        provider.signIn("ada", "ada@corp.example", true);
        Browser browser = new Browser(server);
        assertThat(browser.get("/api/account/sign-in/ways").body()).contains("Example Corp");
        assertThat(signIn(browser)).isEqualTo("/");
        assertThat(email(browser)).isEqualTo("ada@corp.example");
        assertThat(browser.get("/api/account").json().get("email_verified").booleanValue())
                .isTrue();
        String id = browser.get("/api/account").json().get("id").stringValue();

        // The subject counts from here on, whatever the address becomes.
        provider.signIn("ada", "lovelace@corp.example", false);
        Browser later = new Browser(server);
        assertThat(signIn(later)).isEqualTo("/");
        assertThat(later.get("/api/account").json().get("id").stringValue()).isEqualTo(id);
        // Without a password, a fresh session is proof enough.
        assertThat(later.post("/api/account/security/totp", "{}").status()).isEqualTo(200);
    }

    @Test
    void accountsAreLinkedOnlyWhereBothSidesKnowTheAddress() throws Exception {
        Browser owner = Browser.signedUp(server, "grace@corp.example");
        provider.signIn("grace", "grace@corp.example", true);
        // Whoever made the account has not shown that the address is theirs.
        assertThat(signIn(new Browser(server))).isEqualTo("/sign-in?problem=account_unverified");
        String token = server.mailbox().await("grace@corp.example", 1).token();
        owner.post("/api/account/email-verification/confirm", "{'token': '" + token + "'}");

        provider.signIn("grace", "grace@corp.example", false);
        assertThat(signIn(new Browser(server))).isEqualTo("/sign-in?problem=email_unverified");
        provider.signIn("mallory", "GRACE@corp.example", false);
        assertThat(signIn(new Browser(server))).isEqualTo("/sign-in?problem=email_unverified");

        provider.signIn("grace", "grace@corp.example", true);
        Browser browser = new Browser(server);
        assertThat(signIn(browser)).isEqualTo("/");
        assertThat(browser.get("/api/account").json().get("id"))
                .isEqualTo(owner.get("/api/account").json().get("id"));
    }

    @Test
    void anAnswerIsGoodOnceAndInTheBrowserThatAsked() throws Exception {
        provider.signIn("eve", "eve@corp.example", true);
        Browser browser = new Browser(server);
        String answer = answer(browser);
        Browser victim = new Browser(server);
        assertThat(victim.get(answer).header("location")).endsWith("/sign-in?problem=provider_failed");
        assertThat(email(victim)).isEqualTo("nobody");
        // Begun there too, but with another state.
        victim.get(BEGIN);
        assertThat(victim.get(answer).header("location")).endsWith("/sign-in?problem=provider_failed");

        assertThat(browser.get(answer).header("location")).endsWith("/");
        assertThat(email(browser)).isEqualTo("eve@corp.example");
        Browser again = new Browser(server);
        assertThat(again.get(answer).header("location")).endsWith("problem=provider_failed");
        assertThat(browser.get(answer).header("location")).endsWith("problem=provider_failed");
    }

    @Test
    void forgedTokensAreRefused() throws Exception {
        provider.signIn("mallory", "victim@corp.example", true);
        provider.tamper(claims -> claims.claim("nonce", "of another sign-in"));
        assertThat(signIn(new Browser(server))).isEqualTo("/sign-in?problem=provider_failed");
        provider.tamper(claims -> claims.audience("another client"));
        assertThat(signIn(new Browser(server))).isEqualTo("/sign-in?problem=provider_failed");
        provider.tamper(claims -> claims.issuer("https://another.example"));
        assertThat(signIn(new Browser(server))).isEqualTo("/sign-in?problem=provider_failed");
        provider.tamper(claims -> claims);
        provider.signWithAnotherKey();
        assertThat(signIn(new Browser(server))).isEqualTo("/sign-in?problem=provider_failed");
    }

    @Test
    void theSecondStepIsAskedForHereToo() throws Exception {
        provider.signIn("joan", "joan@corp.example", true);
        Browser browser = new Browser(server);
        signIn(browser);
        Authenticator app = new Authenticator(browser.post("/api/account/security/totp", "{}")
                .json()
                .get("secret")
                .stringValue());
        browser.post("/api/account/security/totp/confirm", "{'code': '" + app.code(-1) + "'}");

        Browser later = new Browser(server);
        assertThat(signIn(later)).isEqualTo("/sign-in?step=code");
        assertThat(email(later)).isEqualTo("nobody");
        later.post("/api/account/sign-in/code", "{'code': '" + app.code(0) + "'}");
        assertThat(email(later)).isEqualTo("joan@corp.example");
    }

    /** As with GitHub: no ID token, the user's name is a number, and addresses are told apart from the page, which shows any. */
    @Test
    void aProviderOfOAuth2AloneTellsWhoSomebodyIs() throws Exception {
        provider.signIn("ignored", "ada@forge.example", false);
        Browser unverified = new Browser(server);
        String back =
                unverified.get(answer(unverified.get(FORGE).header("location"))).header("location");
        assertThat(back).endsWith("/sign-in?problem=email_unverified");

        provider.signIn("ignored", "ada@forge.example", true);
        Browser browser = new Browser(server);
        assertThat(browser.get("/api/account/sign-in/ways").body()).contains("Forge");
        assertThat(browser.get(answer(browser.get(FORGE).header("location"))).header("location"))
                .endsWith("/");
        assertThat(email(browser)).isEqualTo("ada@forge.example");
        String id = browser.get("/api/account").json().get("id").stringValue();

        provider.signIn("ignored", "new@forge.example", false);
        Browser later = new Browser(server);
        later.get(answer(later.get(FORGE).header("location")));
        assertThat(later.get("/api/account").json().get("id").stringValue()).isEqualTo(id);
    }
}
