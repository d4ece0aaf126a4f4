package dev.mynah.server.webapp;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.FilePayload;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What models and people write is text: nothing in it runs, loads, leads astray or breaks the page. */
class HostileTextTest extends BrowserTest {
    private static final String[] ATTACKS = {
        "<script>window.attacked = 1</script>",
        "<img src=x onerror=\"window.attacked = 1\">",
        "<svg onload=\"window.attacked = 1\"><a href=\"javascript:window.attacked=1\">a</a></svg>",
        "<iframe srcdoc=\"<script>parent.attacked = 1</script>\"></iframe>",
        "[link](javascript:window.attacked=1) [link](JaVaScRiPt&colon;window.attacked=1) <javascript:window.attacked=1>",
        "[link](data:text/html,<script>attacked=1</script>) ![image](https://example.com/pixel.png)",
        "[link](https://example.com/\"onmouseover=\"window.attacked=1)",
        "$\\href{javascript:window.attacked=1}{x}$ $\\htmlData{onclick=1}{x}$",
        "<style>body { display: none }</style><form action=\"https://example.com\"><input name=password></form>",
        "```\"><img src=x onerror=\"window.attacked = 1\">\ncode\n```",
        "<math><mtext><table><mglyph><style><img src=x onerror=\"window.attacked = 1\">",
    };

    private static void assertHarmless(Page page) {
        assertThat(page.locator("article a[href]:not([href^='https://'])")).hasCount(0);
        assertThat(page.locator("article :is(script, img, svg[onload], iframe, style, form, [onerror], [onmouseover])"))
                .hasCount(0);
        assertThat(page.evaluate("() => window.attacked")).isNull();
    }

    @Test
    void outputOfTheModelRunsNothing() {
        Visitor ada = member();
        server.engine().teach("attack me", String.join("\n\n", ATTACKS));
        ada.ask("attack me");

        assertThat(Visitor.text(ada.page())).containsText("<script>window.attacked = 1</script>");
        ada.page().locator("article.assistant a[href]").first().hover();
        assertHarmless(ada.page());
    }

    @ParameterizedTest
    @ValueSource(strings = {"<img src=x onerror=\"window.attacked = 1\">", "<script>window.attacked = 1</script>"})
    void messagesAndTitlesAreText(String attack) {
        Visitor ada = member();
        ada.ask(attack);

        assertThat(Visitor.questions(ada.page())).hasText(attack);
        assertThat(ada.page().locator(".chats .here > a")).hasText(attack);
        assertHarmless(ada.page());
        assertThat(ada.page().locator(".chats img")).hasCount(0);
    }

    @Test
    void hiddenDirectionsAreTakenOut() {
        Visitor ada = member();
        server.engine().teach("reverse", "pay \u202E001\u202C dollars \u2066now\u2069, `x\u202E`");
        ada.ask("reverse");

        assertThat(Visitor.text(ada.page()).textContent().strip()).isEqualTo("pay 001 dollars now, x");
    }

    @Test
    void whatIsNeverClosedStaysInItsMessage() {
        Visitor ada = member();
        server.engine().teach("unclosed", "Look:\n\n```java\nint a = 1;\n**not bold**");
        ada.ask("unclosed");

        assertThat(ada.page().locator("article.assistant code")).hasText("int a = 1;\n**not bold**");
        ada.ask("echo next");
        assertThat(Visitor.text(ada.page())).hasText("next");
        assertThat(ada.page().locator("article.assistant figure")).hasCount(1);
    }

    @Test
    void endlessLinesStayInTheWindow() {
        Visitor ada = member(phone());
        String row = "| aaaaaaaaaaaa ".repeat(10) + "|";
        server.engine()
                .teach(
                        "endless",
                        "w".repeat(300) + "\n\n```\n" + "c".repeat(300) + "\n```\n\n" + row + "\n" + "|-".repeat(10)
                                + "|\n" + row + "\n\n$$" + "x+".repeat(60) + "y$$");
        ada.ask("endless");

        assertThat(ada.page().locator("article.assistant table")).isVisible();
        assertThat(ada.page().locator("article.assistant .katex-display")).isVisible();
        assertThat(overflows(ada.page())).isFalse();
        assertThat(ada.page().locator(".scroller").evaluate("scroller => scroller.scrollWidth > scroller.clientWidth"))
                .isEqualTo(false);
    }

    @Test
    void brokenTablesAndFormulasAreText() {
        Visitor ada = member();
        server.engine()
                .teach(
                        "broken",
                        "| a | b\n|--\n| 1 | 2 | 3 |\n\n| a | b |\n|---|---|\n| 1 |\n| 1 | 2 | 3 |\n\n$\\frac{1}{$ and $$\\begin{matrix}$$\n\n- [ ] *open **bold\n> quote");
        ada.ask("broken");
        assertThat(Visitor.text(ada.page())).containsText("*open **bold");
        assertThat(Visitor.text(ada.page())).containsText("\\begin{matrix}");
        assertThat(Visitor.text(ada.page()).locator("table").last().locator("tr"))
                .hasCount(3);
        assertThat(overflows(ada.page())).isFalse();
    }

    @Test
    void aHugeCodeBlockScrollsInItself() {
        Visitor ada = member();
        String code = "int value = 12345;\\n".repeat(5_000);
        String file =
                "[{\"title\": \"Huge\", \"mapping\": {\"a\": {\"parent\": null, \"children\": [\"b\"], \"message\": {\"author\": {\"role\": \"user\"}, \"content\": {\"parts\": [\"code\"]}}},"
                        + " \"b\": {\"parent\": \"a\", \"children\": [], \"message\": {\"author\": {\"role\": \"assistant\"}, \"content\": {\"parts\": [\"```java\\n"
                        + code + "```\"]}}}}}]";
        ada.page()
                .locator("input[type=file]")
                .setInputFiles(new FilePayload(
                        "conversations.json", "application/json", file.getBytes(StandardCharsets.UTF_8)));
        ada.page().locator(".chats li > a").getByText("Huge").click();
        assertThat(ada.page().locator("article .hljs-type").first()).isVisible();
        assertThat((boolean) ada.page()
                        .locator("article pre")
                        .evaluate("pre => pre.clientHeight < innerHeight && pre.scrollHeight > 20000"))
                .isTrue();
        ada.ask("echo next");
        assertThat(Visitor.text(ada.page())).hasText("next");
    }
}
