package dev.mynah.server.webapp;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.FilePayload;
import dev.mynah.server.TestServer;
import dev.mynah.server.TestServer.Reply;
import dev.mynah.server.store.Ids;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

/** Fine-tuning in the studio, and what an administrator does with the model that comes of it. */
class StudioInBrowserTest extends BrowserTest {
    private static final String DATA = IntStream.range(0, 12)
            .mapToObj(i -> "{\"messages\": [{\"role\": \"user\", \"content\": \"" + i
                    + "\"}, {\"role\": \"assistant\", \"content\": \"ab\"}]}\n")
            .collect(Collectors.joining());

    private static FilePayload file(String content) {
        return new FilePayload("<b>data</b>.jsonl", "application/jsonl", content.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aMemberFineTunesAModelAndComparesIt() {
        Visitor ada = member(phone());
        Page page = ada.page();
        page.navigate("/studio");
        assertThat(page.getByText("Runs")).hasCount(0);
        Locator training = ada.field("Training file (.jsonl)");
        Locator chosen = page.locator("mynah-file").first();
        assertThat(chosen).containsText("No file chosen");
        training.setInputFiles(file("{\"messages\": 1}\n" + DATA));
        assertThat(chosen).containsText("<b>data</b>.jsonl");
        ada.button("Start").click();
        assertThat(page.getByRole(AriaRole.ALERT)).containsText("line 1: \"messages\" must be an array");
        training.setInputFiles(file(DATA));
        ada.field("Epochs").fill("2");
        ada.field("Name (optional)").fill("mine");
        ada.button("Start").click();
        assertThat(page.locator(".badge.succeeded")).isVisible(patiently());
        assertThat(chosen).containsText("No file chosen");
        assertThat(page.getByText("ft:stub:ada:mine:").first()).isVisible();
        assertThat(page.locator("figure.plot").getByText("Loss").first()).isVisible();
        assertThat(page.getByText("The job has successfully completed")).isVisible();
        Assertions.assertThat(overflows(page)).isFalse();

        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Models"))
                .click();
        page.getByLabel("Beside").selectOption(modelOf(page));
        ada.field("Prompts, one a line").fill("echo one\necho two");
        ada.button("Ask both").click();
        assertThat(page.locator(".column .sample")).hasText(new String[] {"one", "one", "two", "two"});
        assertThat(page.getByText("Deployments")).hasCount(0);
        Assertions.assertThat(overflows(page)).isFalse();
    }

    @Test
    void aFileOfRequestsIsAnsweredAndTakenAway() {
        Visitor ada = member(phone());
        Page page = ada.page();
        page.navigate("/studio/batches");
        Locator file = ada.field("File of requests (.jsonl)");
        file.setInputFiles(file("{\"custom_id\": 1}\n"));
        ada.button("Start").click();
        assertThat(page.locator(".badge.failed")).isVisible();
        assertThat(page.getByText("Line 1: ").first()).isVisible();
        page.getByText("New batch").click();
        file.setInputFiles(
                file(
                        "{\"custom_id\": \"one\", \"method\": \"POST\", \"url\": \"/v1/chat/completions\", \"body\": {\"model\": \"stub\", \"messages\": [{\"role\": \"user\", \"content\": \"echo batched\"}]}}\n"));
        ada.button("Start").click();
        assertThat(page.locator(".badge.completed")).isVisible(patiently());
        assertThat(page.getByText("1 / 1")).isVisible();
        Assertions.assertThat(overflows(page)).isFalse();
        Download answers =
                page.waitForDownload(() -> page.getByText("Answers", exactly()).click());
        Assertions.assertThat(answers.path()).content().contains("batched");
    }

    @Test
    void aBatchIsCancelled() {
        Visitor ada = member();
        Page page = ada.page();
        String request =
                "{\"custom_id\": \"%d\", \"method\": \"POST\", \"url\": \"/v1/chat/completions\", \"body\": {\"model\": \"stub\", \"messages\": [{\"role\": \"user\", \"content\": \"count 1500 20\"}]}}\n";
        String requests = IntStream.range(0, 3).mapToObj(request::formatted).collect(Collectors.joining());
        page.navigate("/studio/batches");
        ada.field("File of requests (.jsonl)").setInputFiles(file(requests));
        ada.button("Start").click();
        ada.button("Cancel batch").click();
        assertThat(page.locator(".badge.cancelled")).isVisible(patiently());
        assertThat(ada.button("Cancel batch")).hasCount(0);
        // What had begun is finished.
        assertThat(page.getByText(Pattern.compile("^[0-3] / 3$"))).isVisible();
    }

    private static Page.GetByTextOptions exactly() {
        return new Page.GetByTextOptions().setExact(true);
    }

    private static String modelOf(Page page) {
        return page.getByLabel("Beside")
                .locator("option", new Locator.LocatorOptions().setHasText(":mine:"))
                .textContent();
    }

    private static LocatorAssertions.IsVisibleOptions patiently() {
        return new LocatorAssertions.IsVisibleOptions().setTimeout(0);
    }

    @Test
    void anAdministratorDeploysAModelAndRollsItBack() {
        Visitor grace = visitor();
        grace.signUp(Ids.next("u") + "@example.com");
        Page page = grace.page();
        promote(page);
        page.navigate("/studio/models");
        grace.button("Deploy this model").click();
        assertThat(page.getByText("Everybody will be able to choose " + TestServer.MODEL))
                .isVisible();
        grace.button("Deploy").click();
        assertThat(page.getByText(TestServer.MODEL + " is deployed.")).isVisible();
        assertThat(page.getByText("live")).isVisible();
        Reply models = server.get("/v1/models", server.adminKey());
        Assertions.assertThat(models.json().at("/data/0/id").stringValue()).isEqualTo(TestServer.MODEL);
        grace.button("Roll back " + TestServer.MODEL).click();
        assertThat(page.getByText("rolled back").first()).isVisible();
        Reply audit = server.get("/api/admin/audit?limit=2", server.adminKey());
        Assertions.assertThat(audit.body()).contains("model.roll_back", "model.deploy");
    }

    /** Makes who is signed in an administrator. */
    private void promote(Page page) {
        String id = (String) page.evaluate("async () => (await (await fetch('/api/account')).json()).id");
        server.send("PATCH", "/api/admin/users/" + id, server.adminKey(), "{'role': 'administrator'}");
    }
}
