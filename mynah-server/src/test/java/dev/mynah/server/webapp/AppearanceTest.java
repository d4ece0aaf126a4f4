package dev.mynah.server.webapp;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import dev.mynah.server.store.Ids;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** On a phone, in Chinese, in the dark, and for people who do not see the page. */
class AppearanceTest extends BrowserTest {
    /** Runs axe-core's rules for WCAG 2.2 AA, and tells what breaks them. */
    private static final String AXE = """
            async () => (await axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})).violations
                .flatMap(rule => rule.nodes.map(node => rule.id + ': ' + node.html + ' ' + node.failureSummary))""";

    private static final String ANSWER = """
            ## A table and some code

            | language | greeting |
            |---|---|
            | English | *Hello* |

            7. Call [`greet`](https://example.com).
            - [x] done

            ```java
            // Says hello.
            static String greet(String name) { return "Hello " + name + 1; }
            ```

            > $e = mc^2$
            """;

    private static String axe() {
        try (InputStream in = AppearanceTest.class.getResourceAsStream("/axe.min.js")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void assertAccessible(Page page, String view) {
        page.evaluate(axe());
        assertThat((List<?>) page.evaluate(AXE)).as(view).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = ColorScheme.class,
            names = {"LIGHT", "DARK"})
    void everyViewIsAccessible(ColorScheme theme) {
        server.engine().teach("show", ANSWER);
        Visitor ada = visitor(desktop().setColorScheme(theme).setReducedMotion(ReducedMotion.REDUCE));
        Page page = ada.page();
        page.navigate("/");
        assertThat(ada.button("Sign in")).isVisible();
        assertAccessible(page, "sign-in");

        ada.signUp(Ids.next("u") + "@example.com");
        assertAccessible(page, "new chat");

        ada.ask("show");
        assertThat(page.locator(".hljs-keyword").first()).isVisible();
        assertThat(page.locator(".katex annotation")).hasText("e = mc^2");
        assertThat(page.locator("article ol")).hasAttribute("start", "7");
        assertThat(page.locator("article pre")).hasAttribute("tabindex", "0");
        ada.button("Settings of this chat").click();
        ada.button("Regenerate").click();
        assertThat(page.getByLabel("Version 2 of 2")).isVisible();
        assertAccessible(page, "chat");

        page.navigate("/account");
        assertThat(page.locator(".plot")).isVisible();
        page.getByLabel("Name of the key").fill("laptop");
        ada.button("New key").click();
        assertThat(page.locator(".fresh")).isVisible();
        assertAccessible(page, "account");
    }

    @Test
    void onAPhoneTheChatHasTheWholeWindow() {
        Visitor ada = member(phone());
        Page page = ada.page();
        Locator sidebar = page.locator("nav.sidebar");
        assertThat(sidebar).not().isInViewport();
        assertThat(overflows(page)).isFalse();
        ada.ask("echo hello");
        assertThat(ada.field("Message")).isInViewport();

        ada.button("Open the sidebar").click();
        assertThat(sidebar).isInViewport();
        assertThat(overflows(page)).isFalse();
        page.locator("a.new").click();
        assertThat(sidebar).not().isInViewport();
        assertThat(page.getByText("What would you like to talk about?")).isVisible();

        page.navigate("/account");
        assertThat(page.locator(".plot")).isVisible();
        assertThat(overflows(page)).isFalse();
    }

    @Test
    void theLanguageIsTheBrowsersUntilOneIsChosen() {
        Visitor ada = member();
        ada.button("中文").click();
        assertThat(ada.page().locator("html")).hasAttribute("lang", "zh");
        ada.page().reload();
        assertThat(ada.button("发送")).isVisible();
        assertThat(ada.field("消息")).isVisible();
        ada.button("English").click();
        assertThat(ada.button("Send")).isVisible();

        Visitor li = visitor(new Browser.NewContextOptions().setLocale("zh-CN"));
        li.page().navigate("/");
        assertThat(li.button("登录")).isVisible();
    }

    @Test
    void theThemeIsTheSystemsUntilOneIsChosen() {
        Visitor ada = member(desktop().setColorScheme(ColorScheme.DARK));
        Locator root = ada.page().locator("html");
        assertThat(root).hasAttribute("data-theme", "dark");
        ada.button("Change between light and dark").click();
        ada.page().reload();
        assertThat(root).hasAttribute("data-theme", "light");
    }

    @Test
    void everythingIsReachedWithTheKeyboard() {
        Visitor ada = member();
        ada.ask("echo hello");
        ada.page().keyboard().press("Control+k");
        assertThat(ada.field("Search")).isFocused();
        ada.page().keyboard().press("Control+Shift+O");
        assertThat(ada.page().getByText("What would you like to talk about?")).isVisible();
        assertThat(ada.field("Message")).isFocused();
    }
}
