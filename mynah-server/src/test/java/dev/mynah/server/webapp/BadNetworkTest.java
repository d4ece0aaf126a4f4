package dev.mynah.server.webapp;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import dev.mynah.server.store.Ids;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What is asked over a connection that breaks, hangs or forgets is asked once, or not at all and still to be read. */
class BadNetworkTest extends BrowserTest {
    private static final String TRYING = "The server cannot be reached. Trying again…";
    private static final String COUNT_NOTICES = """
            words => {
                window.notices = 0;
                let shown = false;
                new MutationObserver(() => {
                    const now = document.querySelector('.foot').innerText.includes(words);
                    window.notices += now && !shown ? 1 : 0;
                    shown = now;
                }).observe(document.body, { childList: true, subtree: true });
            }""";

    private static final Pattern SOME_TEXT = Pattern.compile("x{3,}");

    /** The server hears the request, its client no answer. */
    private static void loseTheAnswer(Route route) {
        route.fetch();
        route.abort();
    }

    /** Treats questions in some way on their way to the server. */
    private static void questions(Visitor visitor, Consumer<Route> treatment) {
        visitor.context().route("**/messages", route -> {
            if (route.request().method().equals("POST")) {
                treatment.accept(route);
            } else {
                route.resume();
            }
        });
    }

    private static void assertAsked(Page page, int questions) {
        for (int visit = 0; visit < 2; visit++) {
            assertThat(Visitor.answers(page).last()).hasAttribute("aria-busy", "false");
            assertThat(Visitor.questions(page)).hasCount(questions);
            assertThat(Visitor.answers(page)).hasCount(questions);
            assertThat(page.getByLabel("Version 2 of 2")).hasCount(0);
            page.reload();
        }
    }

    @Test
    void whatIsLostOnTheWayIsSentAgainAndAskedOnce() {
        Visitor ada = member();
        Page page = ada.page();
        AtomicInteger attempts = new AtomicInteger();
        questions(ada, route -> {
            switch (attempts.getAndIncrement()) {
                // Nothing ever comes back.
                case 0 -> {}
                case 1 -> loseTheAnswer(route);
                case 2 ->
                    route.fulfill(new Route.FulfillOptions().setStatus(502).setBody("<h1>Bad Gateway</h1>"));
                default -> route.resume();
            }
        });
        page.evaluate(COUNT_NOTICES, TRYING);
        ada.send("echo once");
        assertThat(page.getByText(TRYING)).isVisible();
        assertThat(Visitor.text(page)).hasText("once");
        // From the first failure to the end it stands there, and does not come and go.
        assertThat(page.evaluate("() => window.notices")).isEqualTo(1);
        assertThat(page.getByText(TRYING)).hasCount(0);
        assertAsked(page, 1);
    }

    @Test
    void whileTheNetworkIsAwayTheQuestionWaits() {
        Visitor ada = member();
        Page page = ada.page();
        ada.ask("echo before");
        CDPSession network = ada.context().newCDPSession(page);
        network.send("Network.enable");
        Visitor.network(network, true, 0, 100_000);
        ada.send("echo after");
        assertThat(page.getByText(TRYING)).isVisible();
        Visitor.network(network, false, 300, 20_000);
        assertThat(Visitor.text(page)).hasText("after");
        assertAsked(page, 2);
    }

    @Test
    void anEditedQuestionThatCouldNotBeSentIsStillThereAndAskedOnce() {
        Visitor ada = member();
        Page page = ada.page();
        ada.ask("echo one");
        questions(ada, BadNetworkTest::loseTheAnswer);
        ada.button("Edit").click();
        page.locator("form.edit textarea").fill("echo two");
        page.locator("form.edit").getByText("Send").click();
        assertThat(page.getByText(
                        "The server cannot be reached. Your question was not sent; it stands in the field again."))
                .isVisible();
        assertThat(page.locator("form.edit textarea")).hasValue("echo two");
        ada.context().unroute("**/messages");
        page.locator("form.edit").getByText("Send").click();
        assertThat(Visitor.text(page)).hasText("two");
        assertThat(page.getByLabel("Version 2 of 2")).isVisible();
        assertThat(page.locator(".notice[role=alert]")).hasCount(0);
    }

    @Test
    void asASessionEndsInMidAnswerItIsJoinedAgain() {
        Visitor ada = visitor();
        Page page = ada.page();
        String email = Ids.next("u") + "@example.com";
        ada.signUp(email);
        ada.send("count 150 25");
        assertThat(Visitor.text(page)).hasText(SOME_TEXT);
        ada.context().clearCookies();
        ada.context().setOffline(true);
        page.waitForTimeout(500);
        ada.context().setOffline(false);
        ada.field("E-mail").fill(email);
        ada.field("Password").fill(Visitor.PASSWORD);
        ada.button("Sign in").click();
        assertThat(page.locator("dialog")).hasCount(0);
        assertThat(Visitor.text(page)).hasText("x".repeat(150));
        assertAsked(page, 1);
    }
}
