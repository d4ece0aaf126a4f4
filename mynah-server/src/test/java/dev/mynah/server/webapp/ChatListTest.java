package dev.mynah.server.webapp;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The chats as a whole: folders, what all of them are told, and clearing them away. */
class ChatListTest extends BrowserTest {
    private static final String MANY_CHATS = """
            async () => {
                const { api } = await import('/app/api.js');
                const { id, model } = await api.createConversation({ model: (await api.models()).data[0].id });
                const one = { mapping: { m: { parent: null, children: [], message: { author: { role: 'user' }, content: { parts: ['a question'] } } } } };
                const chats = Array.from({ length: 500 }, (_, at) => ({ title: `Chat ${at}`, ...one }));
                await api.importFile(new Blob([JSON.stringify(chats)]));
            }""";

    private static Locator folder(Page page, String name) {
        return page.locator(".folder").filter(new Locator.FilterOptions().setHasText(name));
    }

    @Test
    void chatsLieInFolders() {
        Visitor ada = member();
        Page page = ada.page();
        ada.ask("echo plan");
        page.locator("a.new").click();
        ada.ask("echo poem");
        page.getByLabel("Options for “echo plan”").click();
        ada.button("Move to a folder").click();
        page.locator("dialog input").fill("Work");
        ada.dialogButton("Save").click();
        assertThat(folder(page, "Work")).containsText("1");
        assertThat(page.locator(".chats li > a")).hasText("echo poem");
        folder(page, "Work").click();
        page.reload();
        assertThat(page.locator(".inside li > a")).hasText("echo plan");
        page.locator(".inside li > a").click();
        assertThat(Visitor.text(page)).hasText("plan");

        page.getByLabel("Options for the folder “Work”").click();
        ada.button("Rename").click();
        page.locator("dialog input").fill("Garden");
        ada.dialogButton("Save").click();
        assertThat(folder(page, "Garden")).isVisible();
        ada.field("Search").fill("plan");
        assertThat(page.locator(".chats li > a")).hasText("echo plan");
        ada.field("Search").fill("");
        page.getByLabel("Options for the folder “Garden”").click();
        ada.button("Remove, keep its chats").click();
        assertThat(page.locator(".folder")).hasCount(0);
        assertThat(page.locator(".chats li > a")).hasCount(2);
    }

    @Test
    void aChatBeginsInAFolder() {
        Visitor ada = member();
        Page page = ada.page();
        ada.ask("echo plan");
        page.getByLabel("Options for “echo plan”").click();
        ada.button("Move to a folder").click();
        page.locator("dialog input").fill("Tea & more");
        ada.dialogButton("Save").click();
        page.getByLabel("Options for the folder “Tea & more”").click();
        ada.button("New chat in it").click();
        assertThat(page.locator(".in-folder")).containsText("Tea & more");
        page.reload();
        ada.ask("echo leaves");
        assertThat(page.locator(".inside li > a")).hasText(new String[] {"echo leaves", "echo plan"});
        page.locator("a.new").click();
        assertThat(page.locator(".in-folder")).hasCount(0);
        ada.ask("echo elsewhere");
        assertThat(page.locator(".inside li > a")).hasCount(2);
    }

    @Test
    void aSearchShowsWhatItFoundWhereTheTitleDoesNot() {
        Visitor ada = member();
        Page page = ada.page();
        ada.ask("echo tea");
        ada.ask(
                "echo the needle is below the cup, says Ada, who looked for it in the hay first and then in the kitchen");
        ada.field("Search").fill("NEEDLE");
        assertThat(page.locator(".chats li > a mark")).hasText("needle");
        assertThat(page.locator(".chats li > a small")).containsText("echo the needle is below the cup");
        ada.field("Search").fill("tea");
        assertThat(page.locator(".chats li > a")).hasText("echo tea");
    }

    @Test
    void severalChatsAreMovedArchivedAndDeletedTogether() {
        Visitor ada = member();
        Page page = ada.page();
        for (String question : List.of("echo one", "echo two", "echo three", "echo four")) {
            ada.ask(question);
            page.locator("a.new").click();
        }
        ada.button("Select").click();
        assertThat(ada.button("Move")).isDisabled();
        choice(page, "echo one").check();
        choice(page, "echo two").check();
        assertThat(page.getByText("2 chosen")).isVisible();
        ada.button("Move").click();
        page.locator("dialog input").fill("Numbers");
        ada.dialogButton("Save").click();
        assertThat(folder(page, "Numbers")).containsText("2");
        folder(page, "Numbers").click();
        assertThat(page.locator(".inside li > a")).hasCount(2);

        ada.button("Select").click();
        choice(page, "echo three").check();
        ada.button("Archive").click();
        assertThat(page.locator(".chats li > a")).hasCount(3);
        ada.button("Select").click();
        page.getByText("All", new Page.GetByTextOptions().setExact(true)).click();
        assertThat(page.getByText("3 chosen")).isVisible();
        choice(page, "echo four").uncheck();
        Page otherTab = ada.otherTab();
        otherTab.navigate("/");
        assertThat(otherTab.locator(".chats li > a")).hasCount(3);
        ada.button("Delete").click();
        assertThat(page.getByText("Delete 2 chats?")).isVisible();
        ada.dialogButton("Cancel").click();
        ada.button("Delete").click();
        ada.dialogButton("Delete").click();
        assertThat(page.locator(".chats li > a")).hasText(new String[] {"echo four"});
        assertThat(otherTab.locator(".chats li > a")).hasText(new String[] {"echo four"});
        ada.button("Archived").click();
        assertThat(page.locator(".chats li > a")).hasText("echo three");
        ada.button("Select").press("Enter");
        assertThat(ada.button("All")).isFocused();
        choice(page, "echo three").check();
        page.keyboard().press("Escape");
        assertThat(page.locator(".choice")).hasCount(0);
        assertThat(ada.button("Select")).isFocused();
    }

    /** As many as the server takes at once, and more than the list shows. */
    @Test
    void allAreChosenWhetherShownOrNot() {
        Visitor ada = member();
        Page page = ada.page();
        page.evaluate(MANY_CHATS);
        page.reload();
        assertThat(page.locator(".chats li").first()).isVisible();
        ada.button("Select").click();
        assertThat(ada.button("None")).isDisabled();
        ada.button("All").click();
        assertThat(page.getByText("501 chosen")).isVisible();
        assertThat(page.locator(".choice")).not().hasCount(501);
        ada.button("None").click();
        assertThat(page.getByText("0 chosen")).isVisible();
        ada.button("All").click();
        ada.button("Delete").click();
        ada.dialogButton("Delete").click();
        assertThat(page.getByText("No chats yet")).isVisible();
    }

    private static Locator choice(Page page, String title) {
        return page.locator(".choice").getByLabel(title);
    }

    @Test
    void whatTheAccountSaysIsToldInEveryChat() {
        Visitor ada = member();
        ada.button("Settings of this chat").click();
        ada.page().getByText("Instructions for all chats").click();
        ada.field("Instructions for all chats").fill("Be brief.");
        ada.button("Save").nth(1).click();
        assertThat(ada.page().getByText("Saved.")).isVisible();
        ada.page().navigate("/");
        ada.ask("echo hello");
        assertThat(server.engine().lastPrompt()).startsWith("system: Be brief.\nuser: ");
        ada.page().navigate("/account");
        assertThat(ada.field("Instructions for all chats")).hasValue("Be brief.");
    }

    @Test
    void allChatsAreArchivedAndDeletedAtOnce() {
        Visitor ada = member(phone());
        Page page = ada.page();
        ada.ask("echo old");
        page.navigate("/account");
        ada.button("Archive all chats").click();
        ada.dialogButton("Archive all chats").click();
        assertThat(page.getByText("All chats are archived.")).isVisible();
        page.navigate("/");
        ada.ask("echo new");
        page.navigate("/account");
        ada.button("Delete all chats").click();
        ada.dialogButton("Cancel").click();
        ada.button("Delete all chats").click();
        ada.dialogButton("Delete all chats").click();
        assertThat(page.getByText("All chats are deleted.")).isVisible();
        page.navigate("/");
        ada.button("Open the sidebar").click();
        assertThat(page.getByText("No chats yet")).isVisible();
        ada.button("Archived").click();
        assertThat(page.getByText("Nothing archived")).isVisible();
    }

    /** Over plain HTTP within a network, browsers offer no {@code navigator.clipboard}. */
    @Test
    void anAnswerIsCopiedWithoutTls() {
        Visitor ada = member();
        Page page = ada.page();
        page.addInitScript("Object.defineProperty(Navigator.prototype, 'clipboard', { value: undefined })");
        page.navigate("/");
        ada.ask("echo **copied**");
        ada.button("Copy").last().click();
        assertThat(ada.button("Copied")).isVisible();
        ada.field("Message").focus();
        page.keyboard().press("Control+V");
        assertThat(ada.field("Message")).hasValue("**copied**");
        assertThat(page.evaluate("() => navigator.clipboard")).isNull();
    }
}
