package dev.mynah.server.webapp;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.mynah.server.store.Ids;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

/** Moderation, the audit log, models and other services, as administrators work on them. */
class AdministrationTest extends BrowserTest {
    private static Locator row(Page page, String text) {
        return page.locator("tr").filter(new Locator.FilterOptions().setHasText(text));
    }

    @Test
    void aForbiddenWordIsFoundDecidedAndForgotten() {
        String word = Ids.next("forbidden");
        String email = Ids.next("u") + "@example.com";
        Visitor ada = visitor();
        ada.signUp(email);
        Visitor grace = administrator();
        Page page = grace.page();
        page.navigate("/admin/moderation");
        grace.button("Words").click();
        grace.field("Word").fill(word);
        grace.button("Add word").click();
        assertThat(row(page, word)).containsText("Forbidden here");

        // The rules of a running server follow within a second.
        ada.page().waitForCondition(() -> {
            ada.ask("Tell me about " + word);
            return !Visitor.text(ada.page()).innerText().contains("Hello!");
        });
        grace.button("Queue").click();
        Locator item = page.locator("article.item")
                .filter(new Locator.FilterOptions().setHasText(word))
                .first();
        assertThat(item).containsText(email);
        grace.button("Accounts with strikes").click();
        assertThat(row(page, email)).isVisible();
        row(page, email).getByRole(AriaRole.BUTTON).click();
        assertThat(page.getByText("Saved.")).isVisible();
        assertThat(row(page, email).locator("td").nth(1)).hasText("0");
        grace.button("Queue").click();
        item.getByText("Dismiss").click();
        assertThat(page.getByText("Dismissed: it is no strike any more.")).isVisible();

        grace.button("Policies").click();
        Locator policy = page.getByLabel("Harassment: Said by the user");
        assertThat(policy).isVisible();
        Assertions.assertThat(sideways(page)).isZero();
        policy.selectOption("mask");
        assertThat(page.getByText("Saved.")).isVisible();
        page.reload();
        grace.button("Policies").click();
        assertThat(policy).hasValue("mask");
        change(page, () -> policy.selectOption("warn"));
        Locator guess = page.getByLabel("Harassment: classifier, Said by the user");
        change(page, () -> guess.selectOption("refuse"));
        Locator threshold = page.getByLabel("Harassment: From, %");
        change(page, () -> {
            threshold.fill("75.5");
            threshold.blur();
        });
        page.reload();
        grace.button("Policies").click();
        assertThat(policy).hasValue("warn");
        assertThat(guess).hasValue("refuse");
        assertThat(threshold).hasValue("75.5");
        grace.button("Words").click();
        page.getByLabel("Remove “" + word + "”").click();
        assertThat(row(page, word)).hasCount(0);

        page.locator(".tabs").getByText("Audit log").click();
        grace.field("Search").last().fill(email);
        assertThat(row(page, email).filter(new Locator.FilterOptions().setHasText("moderation.reset")))
                .isVisible();
        page.locator(".filters select").selectOption("plan.");
        assertThat(page.getByText("Nothing of this kind.")).isVisible();
    }

    /** By how much the widest table is wider than what can be seen of it. */
    private static int sideways(Page page) {
        return (int)
                page.evaluate(
                        "() => Math.max(...[...document.querySelectorAll('.table')].map(table => table.scrollWidth - table.clientWidth))");
    }

    /** Changes a policy, and waits until the page shows what holds then. */
    private static void change(Page page, Runnable change) {
        page.waitForResponse(
                response -> response.url().endsWith("/moderation/policies")
                        && response.request().method().equals("GET"),
                change);
    }

    @Test
    void aModelWritesTitlesOnceItIsChosenForIt() {
        String instruction =
                "Write a title of at most six words for this conversation, in its language. Answer with the title alone.";
        server.engine().teach(instruction, "“The Sea at Night”");
        Visitor ada = member();
        Page page = ada.page();
        Locator chats = page.locator(".chats li > a");
        ada.ask("echo before");
        Visitor grace = administrator();
        grace.page().navigate("/admin/models");
        grace.page().getByLabel("Titles of chats").selectOption("stub");
        assertThat(grace.page().getByText("Saved.")).isVisible();
        try {
            page.navigate("/");
            ada.ask("echo the sea");
            assertThat(chats).hasText(new String[] {"The Sea at Night", "echo before"});
            assertThat(page).hasTitle("The Sea at Night · Mynah");
            Assertions.assertThat(server.engine().lastPrompt()).contains("User: echo the sea\n\nAssistant: the sea");

            // It is asked once, and not where the chat has a name.
            server.engine().teach(instruction, "Another Title");
            ada.ask("echo more");
            page.navigate("/");
            ada.send("count 200 20");
            page.getByLabel("Options for “count 200 20”").click();
            ada.button("Rename").click();
            page.locator(".chats input").fill("Mine");
            page.locator(".chats input").press("Enter");
            assertThat(Visitor.answers(page)).hasAttribute("aria-busy", "false");
            assertThat(page.locator(".origin")).isVisible();
            page.reload();
            assertThat(chats).hasText(new String[] {"Mine", "The Sea at Night", "echo before"});
        } finally {
            server.send("PUT", "/api/admin/settings", server.adminKey(), "{'title_model': null}");
        }
        Assertions.assertThat(
                        server.send("PUT", "/api/admin/settings", server.adminKey(), "{'title_model': 'none such'}")
                                .status())
                .isEqualTo(400);
        Assertions.assertThat(server.send("PUT", "/api/admin/settings", server.adminKey(), "{}")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void peopleAreInvitedWithARole() {
        String email = Ids.next("new") + "@example.com";
        Visitor grace = administrator();
        Page page = grace.page();
        page.navigate("/admin/users");
        page.locator("mynah-invitations input").fill(email);
        page.locator("mynah-invitations select").selectOption("operator");
        grace.button("Invite").click();
        assertThat(row(page, email)).containsText("Operator");
        assertThat(row(page, email)).containsText("Grace");
        page.getByLabel("Take back the invitation of " + email).click();
        assertThat(row(page, email)).hasCount(0);
    }

    @Test
    void anotherServiceAndItsModelAreAddedChangedAndTakenAway() {
        String service = Ids.next("gpu").replace("_", "");
        String model = Ids.next("big");
        Visitor grace = administrator();
        Page page = grace.page();
        page.navigate("/admin/models");
        grace.button("Add a service").click();
        page.locator("dialog [name=id]").fill(service);
        page.locator("dialog [name=url]").fill("http://127.0.0.1:9/v1");
        page.locator("dialog [name=key]").fill("secret");
        grace.dialogButton("Save").click();
        assertThat(row(page, service)).containsText("stored");

        grace.button("Add a model").click();
        page.locator("dialog [name=id]").fill(model);
        grace.dialogButton("Save").click();
        assertThat(page.locator("dialog .error")).isVisible();
        page.getByLabel("Name of the model at " + service).fill("qwen3-32b");
        grace.dialogButton("Save").click();
        assertThat(row(page, model)).containsText(service + " → qwen3-32b");

        page.getByLabel("Edit " + model).click();
        page.locator("dialog [name=input]").fill("0.75");
        grace.dialogButton("Save").click();
        assertThat(row(page, model)).containsText("0.75");
        page.getByLabel(model + " enabled").uncheck();
        assertThat(page.getByText("Saved.")).isVisible();
        page.reload();
        assertThat(page.getByLabel(model + " enabled")).not().isChecked();
        page.getByLabel("New chats begin with").selectOption(model);
        assertThat(page.getByText("Saved.")).isVisible();
        page.reload();
        assertThat(page.getByLabel("New chats begin with")).hasValue(model);
        page.getByLabel("New chats begin with").selectOption("");
        page.getByLabel("Delete " + service).click();
        Axe.check(page, "delete a service");
        grace.dialogButton("Delete").click();
        assertThat(page.getByText("http://127.0.0.1:9/v1")).hasCount(0);

        page.locator(".tabs").getByText("Audit log").click();
        assertThat(row(page, model).first()).isVisible();
        Assertions.assertThat(sideways(page)).isZero();
    }
}
