package dev.mynah.server.webapp;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A chat that is kept nowhere is a chat in all that its user does, and gone with its page. */
class TemporaryChatTest extends BrowserTest {
    private static final String CONVERSATIONS =
            "async () => (await (await fetch('/api/conversations')).json()).data.length";

    /** Opens one from a new chat. */
    private Visitor begin() {
        Visitor ada = member();
        ada.button("Begin a temporary chat").click();
        assertThat(ada.page().getByRole(AriaRole.NOTE)).containsText("Temporary chat");
        return ada;
    }

    private static void send(Visitor visitor, String question) {
        visitor.field("Message").fill(question);
        visitor.field("Message").press("Enter");
    }

    @Test
    void itIsHeldLikeAnyOtherAndKeptNowhere() {
        Visitor ada = begin();
        Page page = ada.page();
        send(ada, "echo secret");
        assertThat(Visitor.text(page)).hasText("secret");
        assertThat(page.locator(".origin")).containsText("stub · 7 tokens");
        send(ada, "echo more");
        assertThat(Visitor.text(page)).hasText("more");
        assertThat(server.engine().lastPrompt()).isEqualTo("user: echo secret\nassistant: secret\nuser: echo more\n");
        ada.button("Regenerate").last().click();
        assertThat(page.getByLabel("Version 2 of 2")).isVisible();
        ada.button("Edit").first().click();
        page.locator("form.edit textarea").fill("echo other");
        page.locator("form.edit").getByText("Send").click();
        assertThat(Visitor.text(page)).hasText("other");
        assertThat(server.engine().lastPrompt()).isEqualTo("user: echo other\n");
        for (String kept : new String[] {"Good answer", "Bad answer", "Compare four answers", "Share"}) {
            assertThat(ada.button(kept)).hasCount(0);
        }

        assertThat(page.evaluate(CONVERSATIONS)).isEqualTo(0);
        assertThat((String) page.evaluate("() => JSON.stringify(localStorage)")).doesNotContain("secret", "other");
        // It is metered all the same.
        assertThat(page.evaluate("async () => (await (await fetch('/api/account/quota')).json()).requests"))
                .isEqualTo(4);
        ada.field("Message").fill("half a thought");
        page.reload();
        assertThat(page.locator(".hello")).isVisible();
        assertThat(ada.field("Message")).hasValue("");
        assertThat(Visitor.answers(page)).hasCount(0);
        ada.button("Leave the temporary chat").click();
        ada.ask("echo kept");
        assertThat(page.evaluate(CONVERSATIONS)).isEqualTo(1);
    }

    @Test
    void itsAnswerStopsAndEndsWithItsReader() {
        Visitor ada = begin();
        Page page = ada.page();
        int before = server.engine().running();
        send(ada, "count 1500 20");
        assertThat(Visitor.text(page)).hasText(Pattern.compile("x{3,}"));
        ada.button("Stop").click();
        assertThat(page.getByText("Stopped.")).isVisible();
        ada.button("Continue").click();
        assertThat(ada.button("Stop")).isVisible();
        assertThat(server.engine().lastPrompt()).matches("user: count 1500 20\nassistant: x{3,}");
        ada.button("Stop").click();
        assertThat(page.getByText("Stopped.")).isVisible();
        assertThat(Visitor.answers(page)).hasCount(1);
        send(ada, "count 1400 20");
        assertThat(Visitor.text(page)).hasText(Pattern.compile("x{3,}"));
        page.locator("a.new").click();
        assertThat(page.locator(".hello")).isVisible();
        assertThat(Visitor.answers(page)).hasCount(0);
        while (server.engine().running() > before) {
            page.waitForTimeout(20);
        }
    }

    @Test
    void whatCannotBeSentIsStillThere() {
        Visitor ada = begin();
        Page page = ada.page();
        ada.context().route("**/api/chat/completions", Route::abort);
        send(ada, "echo once");
        assertThat(page.getByText(
                        "The server cannot be reached. Your question was not sent; it stands in the field again."))
                .isVisible();
        assertThat(ada.field("Message")).hasValue("echo once");
        ada.context().unroute("**/api/chat/completions");
        // What is not reached at first is tried again.
        page.route("**/api/chat/completions", Route::abort, new Page.RouteOptions().setTimes(1));
        ada.field("Message").press("Enter");
        assertThat(Visitor.text(page)).hasText("once");
        send(ada, "fail 4");
        assertThat(page.locator(".ended")).isVisible();
    }

    /** The model of the tests reads 2,000 tokens. */
    @Test
    void whatIsOlderThanTheContextIsLeftOut() {
        Visitor ada = begin();
        send(ada, "echo " + "a".repeat(900));
        assertThat(Visitor.text(ada.page())).hasText("a".repeat(900));
        send(ada, "echo " + "b".repeat(900));
        assertThat(Visitor.text(ada.page())).hasText(Pattern.compile("b{3,}"));
        assertThat(server.engine().lastPrompt()).doesNotContain("echo a").contains("echo b");
    }
}
