package dev.mynah.server.webapp;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ReducedMotion;
import dev.mynah.server.Authenticator;
import dev.mynah.server.TestServer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every view and dialog, in both languages and themes. */
class AccessibilityTest extends BrowserTest {
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

    /** Two queues whose administrator also works on them. */
    private static final String QUEUES = """
            async () => {
                const { api } = await import('/app/api.js');
                const { email } = await api.account();
                const make = async (kind, task) => {
                    const queue = await api.admin.createQueue({ name: kind, kind, labels_per_task: 2, guidelines: '# Be fair' });
                    await api.admin.setMembers(queue.id, [email]);
                    await api.admin.addTasks(queue.id, [{ messages: [{ role: 'user', content: 'Write' }], ...task }]);
                    return queue.id;
                };
                return [await make('ranking', { answers: ['one', 'two'] }), await make('demonstration', {})];
            }""";

    private static Browser.NewContextOptions still() {
        return desktop().setReducedMotion(ReducedMotion.REDUCE);
    }

    /** Checks a dialog, and leaves it with Escape. */
    private static void checkDialog(Page page, String name) {
        assertThat(page.locator("dialog[open]")).isVisible();
        Axe.check(page, name);
        page.keyboard().press("Escape");
        assertThat(page.locator("dialog[open]")).hasCount(0);
    }

    private static void visit(Page page, String path, String sign) {
        page.navigate(path);
        assertThat(page.locator(sign).first()).isVisible();
        Axe.check(page, path);
    }

    @Test
    void whoeverComes() {
        Page page = visitor(still()).page();
        visit(page, "/", ".auth form");
        visit(page, "/sign-up", ".auth [name=name]");
        for (String path : List.of("/forgot-password", "/reset-password#x", "/verify-email#x", "/change-email#x")) {
            visit(page, path, ".auth form");
        }
        visit(page, "/invitation#x", ".auth .error");
        visit(page, "/share/none", "h1");
    }

    @Test
    void whoChats() {
        // Who agrees to help is shown two answers now and then.
        server.send("PUT", "/api/admin/settings", server.adminKey(), "{'comparison_rate': 0}");
        server.engine().teach("show", ANSWER);
        Visitor ada = member(still());
        Page page = ada.page();
        Axe.check(page, "new chat");
        page.getByText("+ New assistant").click();
        checkDialog(page, "assistant");

        ada.ask("show");
        assertThat(page.locator(".hljs-keyword").first()).isVisible();
        assertThat(page.locator(".katex annotation")).hasText("e = mc^2");
        assertThat(page.locator("article ol")).hasAttribute("start", "7");
        assertThat(page.locator("article pre")).hasAttribute("tabindex", "0");
        ada.button("Settings of this chat").click();
        ada.button("Regenerate").click();
        assertThat(page.getByLabel("Version 2 of 2")).isVisible();
        Axe.check(page, "chat");
        ada.button("Good answer").click();
        assertThat(page.locator("dialog[open]")).isVisible();
        Axe.check(page, "consent");
        ada.button("I agree").click();
        assertThat(page.locator("form.reasons")).isVisible();
        ada.button("Bad answer").click();
        Axe.check(page, "feedback");
        ada.button("Share").click();
        ada.button("Make a link").click();
        assertThat(page.getByLabel("Link")).isVisible();
        Page shared = visitor(still()).page();
        visit(shared, page.getByLabel("Link").inputValue(), "article .katex");
        checkDialog(page, "share");
        page.keyboard().press("Control+/");
        checkDialog(page, "keyboard shortcuts");
        page.getByLabel("Options for “show”").click();
        Axe.check(page, "menu");
        ada.button("Delete").click();
        checkDialog(page, "delete");
        ada.button("Compare four answers").click();
        assertThat(page.locator(".rank > li")).hasCount(4);
        Axe.check(page, "ranking");
        ada.button("Skip").click();
        page.getByLabel("Options for “show”").click();
        ada.button("Move to a folder").click();
        page.locator("dialog input").fill("Work");
        Axe.check(page, "move");
        ada.dialogButton("Save").click();
        page.locator(".folder").click();
        assertThat(page.locator(".inside li")).isVisible();
        Axe.check(page, "folder");
        page.getByLabel("Options for the folder “Work”").click();
        ada.button("Rename").click();
        checkDialog(page, "rename folder");
        ada.button("Select").click();
        page.locator(".choice input").check();
        Axe.check(page, "several chats");
        ada.button("Stop choosing").click();
        page.getByText("Advanced").click();
        Axe.check(page, "advanced settings");
        ada.button("Settings of this chat").click();
        ada.send("fail 4");
        assertThat(page.locator(".ended")).isVisible();
        Axe.check(page, "failed answer");
        visit(page, "/c/conv_none", "main [role=alert]");
        visit(page, "/temporary", "[role=note]");
        visit(page, "/?folder=Work", ".in-folder");
        ada.context().clearCookies();
        page.locator("a.new").click();
        ada.field("Message").fill("echo late");
        ada.field("Message").press("Enter");
        assertThat(page.locator("dialog.expired")).isVisible();
        Axe.check(page, "expired session");
    }

    @Test
    void whoManagesAnAccount() throws Exception {
        Visitor ada = member(still());
        Page page = ada.page();
        ada.ask("echo hello");
        page.navigate("/account");
        assertThat(page.locator(".plot")).isVisible();
        page.getByLabel("Name of the key").fill("laptop");
        ada.button("New key").click();
        assertThat(page.locator(".fresh")).isVisible();
        Axe.check(page, "account");
        for (int i = 0; i < 2; i++) {
            ada.button("Change").nth(i).click();
            checkDialog(page, "security, " + i);
        }
        ada.button("Add a passkey").click();
        checkDialog(page, "passkey");
        ada.button("Set up").click();
        page.locator("dialog [name=password]").fill(Visitor.PASSWORD);
        ada.dialogButton("Continue").click();
        assertThat(page.locator(".qr")).isVisible();
        Axe.check(page, "authenticator app");
        Authenticator app =
                new Authenticator(page.locator("dialog code").innerText().replace(" ", ""));
        page.locator("dialog [name=code]").fill(app.code(0));
        ada.dialogButton("Turn on").click();
        assertThat(page.locator(".codes")).isVisible();
        checkDialog(page, "recovery codes");
        ada.button("Remove").click();
        checkDialog(page, "without the app");
        for (String button : List.of("Archive all chats", "Delete all chats")) {
            ada.button(button).click();
            checkDialog(page, button);
        }
        ada.button("Delete my account").click();
        checkDialog(page, "delete the account");

        visit(page, "/organisation", ".facts li");
        ada.field("Name of the project").fill("Second");
        ada.button("Add a project").click();
        page.getByLabel("Remove “Second”").click();
        checkDialog(page, "delete the project");
        page.navigate("/account");
        ada.button("Add credit").click();
        assertThat(page.locator(".test")).isVisible();
        Axe.check(page, "payment");
        visit(page, "/studio/jobs", "form.work");
        visit(page, "/studio/batches", ".empty");
        visit(page, "/studio/models", "form.work");
        visit(page, "/labelling", ".empty");
    }

    @Test
    void whoRunsTheService() {
        Visitor grace = administrator(still());
        Page page = grace.page();
        page.navigate("/admin");
        assertThat(page.locator(".checks li").first()).isVisible();
        assertThat(page.locator(".plot").first()).isVisible();
        Axe.check(page, "health");
        grace.button("Emergency stop").click();
        checkDialog(page, "emergency stop");
        page.navigate("/admin/vouchers");
        grace.field("Worth").fill("1");
        grace.button("Make codes").click();
        assertThat(page.locator(".fresh code")).isVisible();
        Axe.check(page, "vouchers");
        for (String section :
                List.of("users", "plans", "payments", "subscriptions", "statements", "feedback", "audit")) {
            visit(page, "/admin/" + section, "main :is(table, form, .card, .empty, select)");
        }
        page.navigate("/admin/moderation");
        assertThat(page.locator(".segments")).isVisible();
        for (String part : List.of("Queue", "Policies", "Words", "Accounts with strikes")) {
            grace.button(part).click();
            assertThat(page.locator("main :is(table, .empty, article.item)").first())
                    .isVisible();
            Axe.check(page, part);
        }
        page.navigate("/admin/models");
        page.getByLabel("Edit " + TestServer.MODEL).click();
        checkDialog(page, "model");
        grace.button("Add a service").click();
        checkDialog(page, "service");
        Axe.check(page, "models");
        page.navigate("/studio");
        assertThat(page.getByText("No training run yet.")).isVisible();
        Axe.check(page, "studio");
        page.navigate("/studio/models");
        grace.button("Deploy this model").click();
        checkDialog(page, "deploy");
    }

    @Test
    void whoLabels() {
        Page page = administrator(still()).page();
        List<?> queues = (List<?>) page.evaluate(QUEUES);
        page.navigate("/labelling");
        assertThat(page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setName("New queue")))
                .isVisible();
        Axe.check(page, "labelling queues");
        visit(page, "/labelling/" + queues.getFirst(), ".rank li");
        Locator answers = page.locator(".rank li");
        assertThat(answers).hasCount(2);
        visit(page, "/labelling/" + queues.getLast(), "textarea");
    }
}
