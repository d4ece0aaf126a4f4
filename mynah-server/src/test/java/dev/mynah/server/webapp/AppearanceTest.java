package dev.mynah.server.webapp;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import org.junit.jupiter.api.Test;

/** On a phone, in Chinese, in the dark. */
class AppearanceTest extends BrowserTest {
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
}
