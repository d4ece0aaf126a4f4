package dev.mynah.server.webapp;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.FilePayload;
import dev.mynah.server.TestServer;
import dev.mynah.server.store.Ids;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Beyond the conversation: feedback, limits, the emergency stop, lost connections, links, labelling. */
class ServiceInBrowserTest extends BrowserTest {
    private static final Pattern SOME_TEXT = Pattern.compile("x{3,}");

    @Test
    void whoAgreesHelpsWithFeedbackAndMayTakeItBack() {
        String mark = Ids.next("fb");
        Visitor ada = member();
        ada.ask("echo " + mark);
        ada.button("Bad answer").click();
        ada.button("I agree").click();
        ada.page().getByLabel("Not true").check();
        ada.field("A better answer (optional)").fill("Better " + mark);
        ada.button("Send feedback").click();
        assertThat(ada.page().getByText("Thank you")).isVisible();
        ada.button("Good answer").click();
        assertThat(ada.page().locator("dialog")).hasCount(0);
        ada.button("Compare four answers").click();
        Locator first = ada.page().locator(".rank li").first();
        first.press("ArrowDown");
        assertThat(ada.page().locator(".rank li").nth(1)).isFocused();
        ada.button("Send the order").click();
        assertThat(ada.page().getByLabel("Version 2 of 4")).isVisible();

        assertThat(export()).contains(mark);
        ada.page().navigate("/account");
        Locator consent = ada.page().getByLabel("My feedback may be used to train models");
        assertThat(consent).isChecked();
        ada.page().waitForResponse(response -> response.request().method().equals("PUT"), consent::uncheck);
        ada.page().reload();
        assertThat(consent).isEnabled();
        assertThat(consent).not().isChecked();
        assertThat(export()).doesNotContain(mark);
    }

    private String export() {
        return server.get("/api/feedback/export?kind=conversations", server.adminKey())
                .body();
    }

    @Test
    void whoHasUsedUpTheDayIsToldSo() {
        Visitor ada = member();
        server.send("PATCH", "/api/admin/plans/free", server.adminKey(), "{'requests_per_day': 1}");
        try {
            ada.ask("echo one");
            ada.field("Message").fill("echo two");
            ada.field("Message").press("Enter");
            assertThat(ada.page().getByText("requests per day: limit 1")).isVisible();
            assertThat(ada.field("Message")).hasValue("echo two");
            ada.page().navigate("/account");
            assertThat(ada.page().getByText("1 / 1")).isVisible();
        } finally {
            server.send("PATCH", "/api/admin/plans/free", server.adminKey(), "{'requests_per_day': 200}");
        }
    }

    @Test
    void theEmergencyStopEndsAnswersOnceItIsConfirmed() {
        Visitor ada = member();
        Visitor grace = administrator();
        grace.page().navigate("/admin");
        ada.send("count 1000 20");
        assertThat(Visitor.text(ada.page())).hasText(SOME_TEXT);
        grace.button("Emergency stop").click();
        grace.button("Cancel").click();
        assertThat(ada.button("Stop")).isVisible();
        grace.button("Emergency stop").click();
        grace.button("Stop now").click();
        try {
            assertThat(grace.page().getByText("The service is stopped")).isVisible();
            assertThat(ada.page().getByText("Stopped.")).isVisible();
            ada.field("Message").fill("echo refused");
            ada.field("Message").press("Enter");
            assertThat(ada.page().getByRole(AriaRole.ALERT)).isVisible();
            grace.button("Resume the service").click();
            assertThat(grace.page().getByText("The service is running.")).isVisible();
            ada.field("Message").press("Enter");
            assertThat(Visitor.text(ada.page())).hasText("refused");
        } finally {
            server.send("PUT", "/api/admin/stop", server.adminKey(), "{'stopped': false}");
        }
    }

    @Test
    void administratorsFindUsersAndGiveThemPlans() {
        Visitor grace = administrator();
        Page page = grace.page();
        String email = Ids.next("u") + "@example.com";
        visitor().signUp(email);
        page.navigate("/admin/users");
        grace.field("Search").last().fill(email);
        page.getByLabel("Plan: " + email).selectOption("plus");
        assertThat(page.getByText("Saved.")).isVisible();
        page.locator(".tabs").getByText("Audit log").click();
        assertThat(page.getByText("user.plan").first()).isVisible();
        page.locator(".tabs").getByText("Plans").click();
        assertThat(page.locator("form.card")).hasCount(3);
        page.locator(".tabs").getByText("Models").click();
        Pattern own = Pattern.compile("^\\s*" + TestServer.MODEL);
        assertThat(page.locator("tr").filter(new Locator.FilterOptions().setHasText(own)))
                .containsText("this server");
        page.navigate("/studio");
        assertThat(page.getByText("No training run yet.")).isVisible();
    }

    @Test
    void twoAnswersAreComparedSideBySide() {
        Visitor ada = member();
        ada.ask("echo first");
        ada.button("Good answer").click();
        ada.button("I agree").click();
        server.send("PUT", "/api/admin/settings", server.adminKey(), "{'comparison_rate': 1}");
        try {
            ada.field("Message").fill("echo second");
            ada.field("Message").press("Enter");
            assertThat(ada.page().locator(".compare .column")).hasCount(2);
            assertThat(ada.button("Answer B is better")).isVisible();
            Axe.check(ada.page(), "two answers");
            ada.page().getByText("What is sent").click();
            assertThat(ada.page().locator(".sent pre")).hasText("echo second");
            ada.button("Answer B is better").click();
        } finally {
            server.send("PUT", "/api/admin/settings", server.adminKey(), "{'comparison_rate': 0}");
        }
        assertThat(ada.page().getByLabel("Version 2 of 2")).isVisible();
        assertThat(Visitor.text(ada.page())).hasText("second");
    }

    @Test
    void fourAnswersAreRankedByDragging() {
        Visitor ada = member();
        ada.ask("echo rank me");
        ada.button("Compare four answers").click();
        ada.button("No, thank you").click();
        Locator answers = ada.page().locator(".rank li");
        assertThat(answers).hasCount(4);
        answers.nth(3).locator(".rank-head").dragTo(answers.nth(0).locator(".rank-head"));
        assertThat(answers.first()).containsText("Answer D");
        ada.button("Send the order").click();
        assertThat(ada.page().getByLabel("Version 4 of 4")).isVisible();
    }

    @Test
    void anAnswerGoesOnAfterALostConnection() {
        Visitor ada = member();
        ada.send("count 120 25");
        assertThat(Visitor.text(ada.page())).hasText(SOME_TEXT);
        ada.context().setOffline(true);
        ada.page().waitForTimeout(500);
        ada.context().setOffline(false);

        assertThat(Visitor.text(ada.page())).hasText("x".repeat(120));
        assertThat(Visitor.answers(ada.page())).hasCount(1);
    }

    @Test
    void aCutAnswerIsContinued() {
        Visitor ada = member();
        ada.button("Settings of this chat").click();
        ada.field("Longest answer, in tokens").fill("4");
        ada.ask("echo abcdefgh");
        ada.button("Continue").click();

        assertThat(Visitor.text(ada.page())).hasText("abcdabcd");
        assertThat(Visitor.answers(ada.page())).hasCount(1);
    }

    @Test
    void aSharedChatIsReadWithoutAnAccountUntilItIsRevoked() {
        Visitor ada = member();
        ada.ask("echo **shared**");
        ada.button("Share").click();
        ada.button("Make a link").click();
        String link = ada.page().getByLabel("Link").inputValue();
        Visitor eve = visitor();
        eve.page().navigate(link);
        assertThat(eve.page().locator("article strong")).hasText("shared");
        assertThat(eve.button("Edit")).hasCount(0);

        ada.button("Revoke").click();
        assertThat(ada.page().getByLabel("Link")).hasCount(0);
        eve.page().reload();
        assertThat(eve.page().getByText("This chat is not shared, or no longer."))
                .isVisible();
    }

    @Test
    void chatsAreArchivedAndImported() {
        Visitor ada = member();
        ada.ask("echo away");
        ada.page().getByLabel("Options for “echo away”").click();
        ada.button("Archive").click();
        assertThat(ada.page().getByText("No chats yet")).isVisible();
        ada.button("Archived").click();
        assertThat(ada.page().locator(".chats li > a")).hasText("echo away");
        ada.page().locator(".list-foot").getByText("Chats").click();

        String file =
                "[{\"title\": \"Old <b>chat</b>\", \"mapping\": {\"a\": {\"id\": \"a\", \"parent\": null, \"children\": [],"
                        + " \"message\": {\"author\": {\"role\": \"user\"}, \"content\": {\"parts\": [\"hi\"]}}}}}]";
        ada.page()
                .locator("input[type=file]")
                .setInputFiles(new FilePayload(
                        "<img src=x onerror=alert(1)>.json",
                        "application/json",
                        file.getBytes(StandardCharsets.UTF_8)));
        assertThat(ada.page().getByText("Imported. Chats: 1, messages: 1.")).isVisible();
        ada.page().getByText("Old <b>chat</b>").click();
        assertThat(Visitor.questions(ada.page())).hasText("hi");
    }

    @Test
    void anAssistantTellsTheModelWhoItIs() {
        Visitor ada = member();
        ada.page().getByText("+ New assistant").click();
        ada.page().locator("dialog").getByLabel("Name").fill("Parrot");
        ada.page().locator("dialog").getByLabel("Instructions").fill("Repeat everything.");
        ada.page().locator("dialog").getByLabel("Starters, one a line").fill("echo polly");
        ada.button("Save").click();
        ada.button("Parrot").click();
        ada.page().locator(".starters").getByText("echo polly").click();
        assertThat(ada.field("Message")).hasValue("echo polly");
        ada.field("Message").press("Enter");
        assertThat(Visitor.text(ada.page())).hasText("polly");
        assertThat(server.engine().lastPrompt()).startsWith("system: Repeat everything.\n");
    }

    private static void submit(Page page, boolean swapped) {
        Locator first = page.locator(".rank li").first();
        assertThat(first).isVisible();
        if (swapped) {
            first.press("ArrowDown");
        }
        Visitor.button(page, "Submit").click();
    }

    @Test
    void twoPeopleLabelAndTheirAgreementIsShown() {
        Visitor grace = administrator();
        String ada = Ids.next("ada") + "@example.com";
        String li = Ids.next("li") + "@example.com";
        Visitor[] people = {visitor(), visitor()};
        people[0].signUp(ada);
        people[1].signUp(li);
        String name = Ids.next("Poems");
        Page admin = grace.page();
        admin.navigate("/labelling");
        admin.getByLabel("Name", new Page.GetByLabelOptions().setExact(true)).fill(name);
        admin.getByLabel("Guidelines").fill("Be **fair**.");
        grace.button("New queue").click();
        Locator card = admin.locator("mynah-queues section").filter(new Locator.FilterOptions().setHasText(name));
        card.locator("[name=emails]").fill(ada + ", " + li);
        card.getByText("Save").click();
        StringBuilder tasks = new StringBuilder();
        for (String task : new String[] {"one", "two", "three"}) {
            tasks.append("{\"prompt\": \"").append(task).append("\", \"answers\": [\"a\", \"b\"]}\n");
        }
        card.locator("input[type=file]")
                .setInputFiles(new FilePayload(
                        "tasks.jsonl", "application/jsonl", tasks.toString().getBytes(StandardCharsets.UTF_8)));
        assertThat(card.getByText("0 of 3 done")).isVisible();

        boolean[][] swapped = {{false, false, true}, {false, true, true}};
        for (int who = 0; who < 2; who++) {
            Page page = people[who].page();
            page.navigate("/labelling");
            page.getByText(name).click();
            assertThat(page.locator(".guidelines strong")).hasText("fair");
            for (int task = 0; task < 3; task++) {
                submit(page, swapped[who][task]);
                assertThat(page.getByText((task + 1) + " of 3 done")).isVisible();
            }
            assertThat(page.getByText("Nothing left to do here.")).isVisible();
        }
        admin.reload();
        assertThat(card.getByText("3 of 3 done")).isVisible();
        assertThat(card.locator(".agreement dd").first()).hasText("0.333");
        assertThat(card.locator("td").last()).hasText("0.40");
        card.getByText("To decide: 1").click();
        card.getByText("Decide", new Locator.GetByTextOptions().setExact(true)).click();
        assertThat(card.getByText("To decide: 0")).isVisible();
    }
}
