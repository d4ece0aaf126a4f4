package dev.mynah.server.webapp;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Without a mouse. */
class KeyboardTest extends BrowserTest {
    private static final int MOST_STOPS = 80;
    private static final String NAME =
            "() => document.activeElement.getAttribute('aria-label') ?? document.activeElement.innerText ?? ''";
    private static final String IN_DIALOG =
            "() => document.activeElement === document.body || document.activeElement.closest('dialog') !== null";

    /** Goes with the key to what has a name. */
    private static void go(Page page, String key, String name) {
        for (int stop = 0; stop < MOST_STOPS; stop++) {
            page.keyboard().press(key);
            if (String.valueOf(page.evaluate(NAME)).strip().equals(name)) {
                return;
            }
        }
        throw new AssertionError("no way to " + name + " with " + key);
    }

    @Test
    void aConversationIsHeldWithoutAMouse() {
        Visitor ada = member();
        Page page = ada.page();
        assertThat(ada.field("Message")).isFocused();
        page.keyboard().type("count 1000 20");
        page.keyboard().press("Enter");
        assertThat(Visitor.text(page)).hasText(Pattern.compile("x{3,}"));
        page.keyboard().press("Escape");
        assertThat(Visitor.answers(page).getByText("Stopped.")).isVisible();

        page.keyboard().press("Control+Shift+O");
        assertThat(page.locator(".hello")).isVisible();
        page.keyboard().type("echo one");
        page.keyboard().press("Enter");
        assertThat(Visitor.text(page)).hasText("one");
        assertThat(ada.button("Regenerate")).isVisible();

        go(page, "Shift+Tab", "Regenerate");
        page.keyboard().press("Enter");
        assertThat(page.getByLabel("Version 2 of 2")).isVisible();
        // The button was away while the answer came.
        assertThat(ada.field("Message")).isFocused();
        go(page, "Shift+Tab", "Previous version");
        page.keyboard().press("Enter");
        assertThat(page.getByLabel("Version 1 of 2")).isVisible();

        page.keyboard().press("Shift+Escape");
        go(page, "Shift+Tab", "Edit");
        page.keyboard().press("Enter");
        assertThat(page.locator("form.edit textarea")).isFocused();
        page.keyboard().press("Escape");
        assertThat(ada.button("Edit")).isFocused();
        page.keyboard().press("Enter");
        page.keyboard().press("Control+a");
        page.keyboard().type("echo two");
        page.keyboard().press("Control+Enter");
        assertThat(Visitor.text(page)).hasText("two");
    }

    @Test
    void theSidebarIsReachedAndLeft() {
        Visitor ada = member();
        Page page = ada.page();
        ada.ask("echo hello");
        page.keyboard().press("Control+k");
        assertThat(ada.field("Search")).isFocused();
        go(page, "Tab", "Options for “echo hello”");
        page.keyboard().press("Enter");
        go(page, "Tab", "Rename");
        page.keyboard().press("Enter");
        assertThat(page.locator(".chats input")).isFocused();
        page.keyboard().type("Greeting");
        page.keyboard().press("Enter");
        assertThat(page.locator(".chats .here > a")).hasText("Greeting");

        page.keyboard().press("Control+Shift+S");
        assertThat(page.locator("nav.sidebar")).not().isInViewport();
        // As with Caps Lock.
        page.keyboard().press("Control+K");
        assertThat(page.locator("nav.sidebar")).isInViewport();
        assertThat(ada.field("Search")).isFocused();
        page.keyboard().press("Shift+Escape");
        assertThat(ada.field("Message")).isFocused();
    }

    @Test
    void chatsAreChosenMovedAndDeletedWithoutAMouse() {
        Visitor ada = member();
        Page page = ada.page();
        ada.ask("echo one");
        page.keyboard().press("Control+Shift+O");
        ada.ask("echo two");
        go(page, "Shift+Tab", "Select");
        page.keyboard().press("Enter");
        assertThat(ada.button("All")).isFocused();
        page.keyboard().press("Shift+Tab");
        page.keyboard().press("Space");
        assertThat(page.getByText("1 chosen")).isVisible();
        go(page, "Tab", "Move");
        page.keyboard().press("Enter");
        assertThat(page.locator("dialog input")).isFocused();
        page.keyboard().type("Work");
        page.keyboard().press("Enter");
        assertThat(page.locator("dialog[open]")).hasCount(0);
        page.keyboard().press("Control+k");
        go(page, "Tab", "Options for the folder “Work”");
        page.keyboard().press("Enter");
        go(page, "Tab", "New chat in it");
        page.keyboard().press("Enter");
        assertThat(page.locator(".in-folder")).isVisible();

        page.keyboard().press("Control+k");
        go(page, "Tab", "Options for “echo two”");
        page.keyboard().press("Enter");
        go(page, "Tab", "Delete");
        page.keyboard().press("Enter");
        assertThat(page.locator("dialog[open]")).isVisible();
        page.keyboard().press("Escape");
        assertThat(page.getByLabel("Options for “echo two”")).isFocused();
        page.keyboard().press("Enter");
        go(page, "Tab", "Delete");
        page.keyboard().press("Enter");
        go(page, "Tab", "Delete");
        page.keyboard().press("Enter");
        assertThat(page.getByText("echo two")).hasCount(0);
        // Somewhere to go on from, since what had the focus is gone.
        assertThat(page.locator("a.new")).isFocused();

        page.keyboard().press("Shift+Escape");
        go(page, "Shift+Tab", "Begin a temporary chat");
        page.keyboard().press("Enter");
        assertThat(page.locator("[role=note]")).isVisible();
        assertThat(ada.field("Message")).isFocused();
        page.keyboard().type("echo gone");
        page.keyboard().press("Enter");
        assertThat(Visitor.text(page)).hasText("gone");
        assertThat(ada.field("Message")).isFocused();
    }

    @Test
    void dialogsKeepTheFocusAndGiveItBack() {
        Visitor ada = member();
        Page page = ada.page();
        ada.ask("echo hello");
        page.keyboard().press("Control+/");
        assertThat(page.locator("dialog[open]")).isVisible();
        for (int stop = 0; stop < 5; stop++) {
            page.keyboard().press("Tab");
            assertThat(page.evaluate(IN_DIALOG)).isEqualTo(true);
        }
        page.keyboard().press("Escape");
        assertThat(page.locator("dialog[open]")).hasCount(0);
        assertThat(ada.field("Message")).isFocused();

        go(page, "Shift+Tab", "Share");
        page.keyboard().press("Enter");
        assertThat(page.locator("dialog[open]")).isVisible();
        go(page, "Tab", "Close");
        page.keyboard().press("Enter");
        assertThat(page.locator("dialog[open]")).hasCount(0);
        assertThat(ada.button("Share")).isFocused();
    }
}
