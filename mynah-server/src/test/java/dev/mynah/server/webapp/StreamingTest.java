package dev.mynah.server.webapp;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import dev.mynah.server.store.Ids;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** While an answer comes: what moves, what is said, and what a bad network does. */
class StreamingTest extends BrowserTest {
    private static final Pattern SOME_TEXT = Pattern.compile("x{3,}");
    private static final String ANSWER = """
            # Tea

            It is *hot*, and there is $x^2$ of it.

            ```java
            int cups = 2;
            ```

            | day | cups |
            |---|---|
            | Monday | 2 |

            1. Boil water.
            2. Wait.
            """;

    /** Adds up the layout shifts from now on (Layout Instability API). */
    private static final String WATCH_SHIFTS = """
            () => {
                window.shifts = [];
                new PerformanceObserver((list) => window.shifts.push(...list.getEntries().map((entry) => entry.value))).observe({type: 'layout-shift', buffered: false});
            }""";

    /** Remembers what the live region of the chat says. */
    private static final String LISTEN = """
            () => {
                window.said = [];
                const region = document.querySelector('mynah-chat > [aria-live=polite]');
                new MutationObserver(() => window.said.push(region.textContent.trim())).observe(region, {childList: true, characterData: true, subtree: true});
            }""";

    @Test
    void nothingMovesAndParagraphsAreAnnounced() {
        Visitor ada = member();
        Page page = ada.page();
        server.engine().teach("tea", ANSWER);
        page.evaluate(LISTEN);
        page.evaluate(WATCH_SHIFTS);
        ada.ask("say 8 tea");
        assertThat(page.locator(".katex").first()).isVisible();
        assertThat(page.locator(".hljs-type")).isVisible();

        double shifted =
                ((Number) page.evaluate("() => window.shifts.reduce((sum, one) => sum + one, 0)")).doubleValue();
        assertThat(shifted).as("cumulative layout shift").isLessThan(0.1);
        List<?> said = (List<?>) page.evaluate("() => window.said");
        assertThat(said).hasSizeBetween(3, 8);
        assertThat(said.getLast().toString()).endsWith("The answer is complete.");
        assertThat(said.toString()).contains("Tea").contains("It is hot, and");
    }

    @Test
    void whoReadsBackIsLeftAlone() {
        Visitor ada = member(desktop().setViewportSize(800, 400));
        Page page = ada.page();
        ada.send("count 1600 10");
        Locator scroller = page.locator(".scroller");
        page.waitForFunction(
                "() => { const s = document.querySelector('.scroller'); return s.scrollHeight > s.clientHeight + 200; }");
        scroller.hover();
        page.mouse().wheel(0, -2000);
        assertThat(ada.button("Go to the end")).isVisible();
        page.waitForFunction("() => document.querySelector('.scroller').scrollTop === 0");
        int before = Visitor.text(page).textContent().length();
        page.waitForFunction("before => document.querySelector('.markdown').textContent.length > before + 100", before);
        assertThat(scroller.evaluate("s => s.scrollTop")).isEqualTo(0);
        ada.button("Go to the end").click();
        assertThat(ada.button("Go to the end")).hasCount(0);
        page.waitForFunction(
                "() => { const s = document.querySelector('.scroller'); return s.scrollHeight - s.scrollTop - s.clientHeight < 80; }");
        ada.button("Stop").click();
    }

    @Test
    void whatIsSelectedStaysSelected() {
        Visitor ada = member();
        Page page = ada.page();
        String words = "First paragraph.\n\n" + "More words to come. ".repeat(20);
        server.engine().teach("words", words);
        ada.send("say 10 words");
        assertThat(Visitor.text(page).locator("p")).hasCount(2);
        Visitor.text(page).locator("p").first().evaluate("p => getSelection().selectAllChildren(p)");
        assertThat(ada.button("Send")).isVisible();
        assertThat(page.evaluate("() => getSelection().toString()")).isEqualTo("First paragraph.");
    }

    @Test
    void aSlowAndBrokenNetworkOnlyDelaysTheAnswer() {
        Visitor ada = member();
        Page page = ada.page();
        CDPSession network = ada.context().newCDPSession(page);
        network.send("Network.enable");
        Visitor.network(network, false, 300, 20_000);
        ada.send("count 600 20");
        assertThat(Visitor.text(page)).hasText(SOME_TEXT);
        Visitor.network(network, true, 300, 20_000);
        page.waitForTimeout(500);
        Visitor.network(network, false, 300, 20_000);

        assertThat(Visitor.text(page)).hasText("x".repeat(600));
        assertThat(Visitor.answers(page)).hasCount(1);
        assertThat(page.getByText("The server cannot be reached. Trying again…"))
                .hasCount(0);
    }

    @Test
    void whileTheServerIsGoneNothingIsLost() {
        Visitor ada = member();
        Page page = ada.page();
        ada.ask("echo before");
        ada.context().route("**/api/**", Route::abort);
        ada.field("Message").fill("echo after");
        ada.field("Message").press("Enter");
        assertThat(page.getByText(
                        "The server cannot be reached. Your question was not sent; it stands in the field again."))
                .isVisible();
        assertThat(ada.field("Message")).hasValue("echo after");
        page.locator(".chats .here > a").click();
        page.locator("a.new").click();
        page.locator(".chats li > a").first().click();
        assertThat(page.getByText("The chat could not be loaded")).isVisible();

        ada.context().unroute("**/api/**");
        ada.button("Try again").click();
        assertThat(Visitor.text(page)).hasText("before");
        assertThat(ada.field("Message")).hasValue("echo after");
        ada.field("Message").press("Enter");
        assertThat(Visitor.text(page)).hasText("after");
    }

    @Test
    void anotherTabSeesWhatIsAskedInThisOne() {
        Visitor ada = member();
        ada.ask("echo " + Ids.next("first"));
        Page other = ada.otherTab();
        other.navigate(ada.page().url());
        assertThat(Visitor.answers(other)).hasCount(1);
        ada.send("count 60 20");
        other.bringToFront();
        for (Page page : new Page[] {ada.page(), other}) {
            assertThat(Visitor.text(page)).hasText("x".repeat(60));
            assertThat(Visitor.answers(page)).hasCount(2);
        }
    }
}
