package dev.mynah.server.webapp;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.WaitUntilState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How the page comes: all of its code, in one go, and what is shown until then or instead. */
class LoadingTest extends BrowserTest {
    private static final Path APP = Path.of("src/main/resources/dev/mynah/server/web/app");

    /** The paths of the modules that were asked for. */
    private static final String LOADED = """
            () => performance.getEntriesByType('resource').map((one) => new URL(one.name).pathname).filter((path) => /\\.m?js$/.test(path)).sort()""";

    private static final String PRELOADED = """
            () => [...document.querySelectorAll('link[rel=modulepreload], script[src]')].map((one) => new URL(one.href ?? one.src).pathname).sort()""";

    @Test
    void everyModuleCanBeLoaded() throws IOException {
        Page page = member().page();
        try (Stream<Path> files = Files.walk(APP)) {
            List<String> modules = files.filter(file -> file.toString().endsWith(".js"))
                    .map(file -> "/app/" + APP.relativize(file).toString().replace('\\', '/'))
                    .toList();
            assertThat(modules).hasSizeGreaterThan(30);
            page.evaluate("modules => Promise.all(modules.map((module) => import(module)))", modules);
        }
    }

    @Test
    void whatANewChatNeedsIsAskedForAtOnce() {
        Visitor ada = member();
        ada.page().navigate("/");
        assertThat(ada.button("Send")).isVisible();
        assertThat(ada.page().evaluate(PRELOADED)).isEqualTo(ada.page().evaluate(LOADED));
    }

    @Test
    void aServerThatDoesNotAnswerIsAskedAgain() {
        Visitor ada = member();
        ada.context().route("**/api/account", route -> route.fulfill(new Route.FulfillOptions().setStatus(503)));
        ada.page().reload();
        assertThat(ada.page().getByText("Mynah does not answer")).isVisible();
        ada.context().unroute("**/api/account");
        ada.button("Try again").click();
        assertThat(ada.button("Send")).isVisible();
    }

    @Test
    void aViewWhoseCodeDoesNotComeSaysSo() {
        Visitor ada = member();
        ada.context().route("**/app/views/account.js", Route::abort);
        ada.page().getByTitle("Account").click();
        assertThat(ada.page().getByText("The server cannot be reached. Check the connection and try again."))
                .isVisible();
        ada.context().unroute("**/app/views/account.js");
        ada.button("Try again").click();
        assertThat(ada.page().locator(".plan.here")).isVisible();
    }

    @Test
    void somethingIsShownBeforeTheCodeIsThere() {
        Visitor ada = member();
        Page page = ada.page();
        CDPSession network = ada.context().newCDPSession(page);
        network.send("Network.enable");
        Visitor.network(network, false, 200, 30_000);
        page.navigate("/", new Page.NavigateOptions().setWaitUntil(WaitUntilState.COMMIT));
        assertThat(page.locator(".start img")).isVisible();
        assertThat(ada.button("Send")).isVisible();
        assertThat(page.locator(".start img")).isHidden();
    }
}
