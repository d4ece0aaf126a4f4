package dev.mynah.server.webapp;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.google.gson.JsonObject;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.mynah.server.Authenticator;
import dev.mynah.server.Mailbox;
import dev.mynah.server.store.Ids;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

/** How people guard their accounts, and come back into them. */
class SecurityInBrowserTest extends BrowserTest {
    private static final String FRESH = "another horse battery";

    private final Mailbox mailbox = server.mailbox();
    private String email = "";

    private Visitor signedUp() {
        Visitor visitor = visitor();
        email = Ids.next("s") + "@example.com";
        visitor.signUp(email);
        return visitor;
    }

    private static void signOut(Visitor visitor) {
        visitor.context().clearCookies();
        visitor.page().navigate("/sign-in");
    }

    private void signIn(Visitor visitor, String password) {
        visitor.field("E-mail").fill(email);
        visitor.field("Password").fill(password);
        visitor.button("Sign in").click();
    }

    private static Locator row(Page page, String text) {
        return page.locator(".facts li").filter(new Locator.FilterOptions().setHasText(text));
    }

    private static Locator dialogButton(Visitor visitor, String name) {
        return visitor.page()
                .locator("dialog")
                .getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName(name));
    }

    @Test
    void aForgottenPasswordComesBackByMail() {
        Visitor visitor = signedUp();
        Page page = visitor.page();
        page.navigate("/verify-email#" + mailbox.await(email, 1).token());
        visitor.button("Confirm").click();
        assertThat(page.getByText("Your address is confirmed.")).isVisible();

        signOut(visitor);
        page.getByText("Forgot your password?").click();
        visitor.field("E-mail").fill(email);
        visitor.button("Send the link").click();
        assertThat(page.getByRole(AriaRole.STATUS)).containsText("a mail with a link is on its way");
        page.navigate("/reset-password#" + mailbox.await(email, 2).token());
        visitor.field("New password").fill(FRESH);
        Assertions.assertThat(page.url()).doesNotContain("#");
        visitor.button("Save").click();
        assertThat(page.getByText("Your password is changed")).isVisible();
        page.getByText("Sign in").click();
        signIn(visitor, FRESH);
        assertThat(visitor.button("Send")).isVisible();
    }

    @Test
    void anAppIsSetUpAndAskedFor() throws Exception {
        Visitor visitor = signedUp();
        Page page = visitor.page();
        page.navigate("/account");
        row(page, "Authenticator app").getByRole(AriaRole.BUTTON).click();
        page.locator("dialog").getByLabel("Password").fill(Visitor.PASSWORD);
        dialogButton(visitor, "Continue").click();
        assertThat(page.getByRole(
                        AriaRole.IMG, new Page.GetByRoleOptions().setName("QR code for the authenticator app")))
                .isVisible();
        Authenticator app =
                new Authenticator(page.locator("dialog code").innerText().replace(" ", ""));
        visitor.field("Code").fill(app.code(-1));
        dialogButton(visitor, "Turn on").click();
        String recovery = page.locator(".codes").innerText().lines().findFirst().orElseThrow();
        dialogButton(visitor, "I have kept them").click();
        assertThat(row(page, "Authenticator app")).containsText("10 recovery codes left");

        signOut(visitor);
        signIn(visitor, Visitor.PASSWORD);
        visitor.field("Code").fill("not the code");
        visitor.button("Sign in").click();
        assertThat(page.getByRole(AriaRole.ALERT)).containsText("This code is wrong");
        visitor.field("Code").fill(recovery);
        visitor.button("Sign in").click();
        assertThat(visitor.button("Send")).isVisible();
    }

    @Test
    void aPasskeySignsInWithoutAPassword() {
        Visitor visitor = signedUp();
        Page page = visitor.page();
        CDPSession device = visitor.context().newCDPSession(page);
        device.send("WebAuthn.enable");
        JsonObject options = new JsonObject();
        options.addProperty("protocol", "ctap2");
        options.addProperty("transport", "internal");
        options.addProperty("hasResidentKey", true);
        options.addProperty("hasUserVerification", true);
        options.addProperty("isUserVerified", true);
        options.addProperty("automaticPresenceSimulation", true);
        JsonObject arguments = new JsonObject();
        arguments.add("options", options);
        String id = device.send("WebAuthn.addVirtualAuthenticator", arguments)
                .get("authenticatorId")
                .getAsString();

        page.navigate("/account");
        visitor.button("Add a passkey").click();
        visitor.field("Name, to know it by").fill("My <b>laptop</b>");
        page.locator("dialog").getByLabel("Password").fill(Visitor.PASSWORD);
        dialogButton(visitor, "Continue").click();
        assertThat(row(page, "My <b>laptop</b>")).containsText("not used yet");

        signOut(visitor);
        visitor.button("Use a passkey").click();
        assertThat(visitor.button("Send")).isVisible();
        page.navigate("/account");
        assertThat(row(page, "My <b>laptop</b>")).containsText("last used");

        // A device that does not check who holds it is not enough.
        JsonObject unverified = new JsonObject();
        unverified.addProperty("authenticatorId", id);
        unverified.addProperty("isUserVerified", false);
        device.send("WebAuthn.setUserVerified", unverified);
        signOut(visitor);
        visitor.button("Use a passkey").click();
        assertThat(page.getByRole(AriaRole.ALERT)).containsText("The device showed no passkey");
        unverified.addProperty("isUserVerified", true);
        device.send("WebAuthn.setUserVerified", unverified);
        visitor.button("Use a passkey").click();
        assertThat(visitor.button("Send")).isVisible();

        // Once it is removed, it opens nothing.
        page.navigate("/account");
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Remove “My <b>laptop</b>”"))
                .click();
        Axe.check(page, "remove a passkey");
        page.locator("dialog").getByLabel("Password").fill(Visitor.PASSWORD);
        dialogButton(visitor, "Remove").click();
        assertThat(row(page, "My <b>laptop</b>")).hasCount(0);
        signOut(visitor);
        visitor.button("Use a passkey").click();
        assertThat(page.getByRole(AriaRole.ALERT)).containsText("This passkey is not known here");
    }

    @Test
    void otherBrowsersAreSignedOut() {
        Visitor visitor = signedUp();
        Visitor elsewhere = visitor();
        elsewhere.page().navigate("/sign-in");
        signIn(elsewhere, Visitor.PASSWORD);
        assertThat(elsewhere.button("Send")).isVisible();

        visitor.page().navigate("/account");
        visitor.button("Sign out everywhere else").click();
        assertThat(visitor.button("Sign out everywhere else")).hasCount(0);
        elsewhere.page().reload();
        assertThat(elsewhere.button("Sign in")).isVisible();
    }
}
