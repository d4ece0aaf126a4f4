package dev.mynah.server.webapp;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import dev.mynah.server.TestServer;
import dev.mynah.server.store.Ids;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every view and dialog against axe-core's rules for WCAG 2.2 AA, in both themes. */
class AccessibilityTest extends BrowserTest {
    /** Tells what breaks the rules. */
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

    /** A queue whose administrator also works on it. */
    private static final String QUEUE = """
            async () => {
                const { api } = await import('/app/api.js');
                const { email } = await api.account();
                const queue = await api.admin.createQueue({ name: 'Poems', kind: 'ranking', labels_per_task: 2, guidelines: '# Be fair' });
                await api.admin.setMembers(queue.id, [email]);
                await api.admin.addTasks(queue.id, [{ messages: [{ role: 'user', content: 'Write' }], answers: ['one', 'two'] }]);
                return queue.id;
            }""";

    private static String axe() {
        try (InputStream in = AccessibilityTest.class.getResourceAsStream("/axe.min.js")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void assertAccessible(Page page, String view) {
        page.evaluate(axe());
        assertThat((List<?>) page.evaluate(AXE)).as(view).isEmpty();
    }

    private static Browser.NewContextOptions still(ColorScheme theme) {
        return desktop().setColorScheme(theme).setReducedMotion(ReducedMotion.REDUCE);
    }

    /** Checks a dialog, and leaves it with Escape. */
    private static void assertDialogAccessible(Page page, String name) {
        assertThat(page.locator("dialog[open]")).isVisible();
        assertAccessible(page, name);
        page.keyboard().press("Escape");
        assertThat(page.locator("dialog[open]")).hasCount(0);
    }

    @ParameterizedTest
    @EnumSource(
            value = ColorScheme.class,
            names = {"LIGHT", "DARK"})
    void whatEverybodySees(ColorScheme theme) {
        server.engine().teach("show", ANSWER);
        Visitor ada = visitor(still(theme));
        Page page = ada.page();
        page.navigate("/");
        assertThat(ada.button("Sign in")).isVisible();
        assertAccessible(page, "sign-in");

        ada.signUp(Ids.next("u") + "@example.com");
        assertAccessible(page, "new chat");
        page.getByText("+ New assistant").click();
        assertDialogAccessible(page, "assistant");

        ada.ask("show");
        assertThat(page.locator(".hljs-keyword").first()).isVisible();
        assertThat(page.locator(".katex annotation")).hasText("e = mc^2");
        assertThat(page.locator("article ol")).hasAttribute("start", "7");
        assertThat(page.locator("article pre")).hasAttribute("tabindex", "0");
        ada.button("Settings of this chat").click();
        ada.button("Regenerate").click();
        assertThat(page.getByLabel("Version 2 of 2")).isVisible();
        assertAccessible(page, "chat");
        ada.button("Good answer").click();
        assertThat(page.locator("dialog[open]")).isVisible();
        assertAccessible(page, "consent");
        ada.button("I agree").click();
        assertThat(page.locator("form.reasons")).isVisible();
        assertAccessible(page, "feedback");
        ada.button("Share").click();
        assertDialogAccessible(page, "share");
        page.keyboard().press("Control+/");
        assertDialogAccessible(page, "keyboard shortcuts");
        page.getByLabel("Options for “show”").click();
        assertAccessible(page, "menu");
        ada.button("Delete").click();
        assertDialogAccessible(page, "delete");
        ada.button("Compare four answers").click();
        assertThat(page.locator(".rank > li")).hasCount(4);
        assertAccessible(page, "ranking");
        page.navigate("/c/conv_none");
        assertThat(page.getByText("There is no such chat")).isVisible();
        assertAccessible(page, "missing chat");

        page.navigate("/account");
        assertThat(page.locator(".plot")).isVisible();
        page.getByLabel("Name of the key").fill("laptop");
        ada.button("New key").click();
        assertThat(page.locator(".fresh")).isVisible();
        assertAccessible(page, "account");
    }

    @ParameterizedTest
    @EnumSource(
            value = ColorScheme.class,
            names = {"LIGHT", "DARK"})
    void whatAdministratorsSee(ColorScheme theme) {
        Visitor grace = administrator(still(theme));
        Page page = grace.page();
        page.navigate("/admin");
        assertThat(page.locator(".checks li").first()).isVisible();
        assertThat(page.locator(".plot").first()).isVisible();
        assertAccessible(page, "health");
        grace.button("Emergency stop").click();
        assertDialogAccessible(page, "emergency stop");
        for (String section : List.of("Users", "Plans", "Feedback", "Moderation", "Audit log")) {
            page.locator(".tabs").getByText(section).click();
            assertThat(page.locator("main :is(table, form, .card, .empty, select)")
                            .first())
                    .isVisible();
            assertAccessible(page, section);
        }
        page.navigate("/admin/moderation");
        for (String part : List.of("Policies", "Words", "Accounts with strikes")) {
            grace.button(part).click();
            assertThat(page.locator("main :is(table, .empty)").first()).isVisible();
            assertAccessible(page, part);
        }
        page.navigate("/admin/models");
        page.getByLabel("Edit " + TestServer.MODEL).click();
        assertDialogAccessible(page, "model");
        grace.button("Add a service").click();
        assertDialogAccessible(page, "service");
        assertAccessible(page, "models");
        page.navigate("/studio");
        assertThat(page.getByText("No training run yet.")).isVisible();
        assertAccessible(page, "studio");

        String queue = (String) page.evaluate(QUEUE);
        page.navigate("/labelling");
        assertThat(page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setName("New queue")))
                .isVisible();
        assertAccessible(page, "labelling queues");
        page.navigate("/labelling/" + queue);
        Locator answers = page.locator(".rank li");
        assertThat(answers).hasCount(2);
        assertAccessible(page, "labelling desk");
    }
}
