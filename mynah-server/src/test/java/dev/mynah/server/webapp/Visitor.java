package dev.mynah.server.webapp;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.google.gson.JsonObject;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Somebody who uses the web app. Remembers what went wrong in the page: an error, a breach of the content security policy, a request to another host. */
final class Visitor implements AutoCloseable {
    static final String PASSWORD = "correct horse battery";

    private static final Pattern CONVERSATION = Pattern.compile(".*/c/conv_\\w+");

    private final BrowserContext context;
    private final List<String> troubles = new ArrayList<>();
    private final Page page;

    Visitor(BrowserContext context, String url) {
        this.context = context;
        context.onRequest(request -> {
            if (!request.url().startsWith(url) && !request.url().startsWith("data:")) {
                troubles.add("asked for " + request.url());
            }
        });
        context.onWebError(error -> troubles.add(error.error()));
        context.onConsoleMessage(message -> {
            // A refusal that the page handles is logged by the browser all the same.
            if (message.type().equals("error") && !message.text().startsWith("Failed to load resource")) {
                troubles.add(message.text());
            }
        });
        page = context.newPage();
    }

    Page page() {
        return page;
    }

    BrowserContext context() {
        return context;
    }

    /** Another tab of the same window. */
    Page otherTab() {
        return context.newPage();
    }

    List<String> troubles() {
        return troubles;
    }

    /** Makes an account in the page. */
    void signUp(String email) {
        page.navigate("/sign-up");
        field("Name").fill("Ada");
        field("E-mail").fill(email);
        field("Password").fill(PASSWORD);
        button("Sign up").click();
        assertThat(button("Send")).isVisible();
    }

    Locator field(String label) {
        return page.getByLabel(label, new Page.GetByLabelOptions().setExact(true));
    }

    Locator button(String name) {
        return button(page, name);
    }

    /** A button of the dialog that is open. */
    Locator dialogButton(String name) {
        return page.locator("dialog")
                .getByRole(
                        AriaRole.BUTTON,
                        new Locator.GetByRoleOptions().setName(name).setExact(true));
    }

    static Locator button(Page page, String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    /** Writes and sends; the server has it when this returns. */
    void send(String text) {
        field("Message").fill(text);
        field("Message").press("Enter");
        assertThat(field("Message")).hasValue("");
        assertThat(page).hasURL(CONVERSATION);
    }

    /** Asks, and waits for the whole answer. */
    void ask(String question) {
        send(question);
        assertThat(answers(page).last()).hasAttribute("aria-busy", "false");
    }

    static Locator answers(Page page) {
        return page.locator("article.assistant");
    }

    static Locator questions(Page page) {
        return page.locator("article.user .bubble");
    }

    /**
     * Emulates a network.
     *
     * @param latency    milliseconds before anything comes back
     * @param throughput bytes a second
     */
    static void network(CDPSession session, boolean offline, int latency, int throughput) {
        JsonObject conditions = new JsonObject();
        conditions.addProperty("offline", offline);
        conditions.addProperty("latency", latency);
        conditions.addProperty("downloadThroughput", throughput);
        conditions.addProperty("uploadThroughput", throughput);
        session.send("Network.emulateNetworkConditions", conditions);
    }

    /** What the last answer says. */
    static Locator text(Page page) {
        return answers(page).last().locator(".markdown");
    }

    @Override
    public void close() {
        context.close();
    }
}
