package dev.mynah.server.webapp;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.FilePayload;
import dev.mynah.server.Server;
import dev.mynah.server.ServerOptions;
import dev.mynah.server.StubEngine;
import dev.mynah.server.TestServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Measures the web app for {@code docs/performance.md} and prints the figures. Not part of the test suite, since its name does not end as those of tests do:
 *
 * <pre>./mvnw test -pl mynah-server -am -Dtest=PageFigures -Dsurefire.failIfNoSpecifiedTests=false</pre>
 */
class PageFigures {
    private static final int MESSAGES = 1_000;
    private static final int ROUNDS = 5;

    private static final String PAINTED = "() => performance.getEntriesByName('first-contentful-paint').length > 0";
    private static final String PAINT = "() => performance.getEntriesByName('first-contentful-paint')[0].startTime";
    private static final String WEIGHT =
            "() => [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')].reduce((sum, one) => sum + one.transferSize, 0)";

    /** Scrolls through the whole conversation in three seconds; frames a second, and the longest frame in milliseconds. */
    private static final String SCROLL = """
            (moving) => new Promise((resolve) => {
                const scroller = document.querySelector('.scroller');
                const end = scroller.scrollHeight - scroller.clientHeight;
                const start = performance.now();
                let last = start, worst = 0, frames = 0;
                const frame = (now) => {
                    frames += 1;
                    worst = Math.max(worst, now - last);
                    last = now;
                    const part = (now - start) / 3000;
                    if (part < 1) {
                        scroller.scrollTop = moving ? end * (1 - part) : end;
                        requestAnimationFrame(frame);
                    } else {
                        resolve([frames / (now - start) * 1000, worst]);
                    }
                };
                requestAnimationFrame(frame);
            })""";

    @TempDir
    private Path dataDir;

    private static byte[] conversation() {
        StringBuilder nodes = new StringBuilder();
        for (int i = 0; i < MESSAGES; i++) {
            String text = i % 2 == 0
                    ? "Question " + i + "?"
                    : "Answer **" + i + "**.\\n\\n1. one\\n2. two\\n\\n```java\\nint a = " + i
                            + ";\\n```\\n\\n| a | b |\\n|---|---|\\n| 1 | 2 |";
            nodes.append(i == 0 ? "" : ",")
                    .append(
                            "\"m%d\": {\"parent\": %s, \"children\": [%s], \"message\": {\"author\": {\"role\": \"%s\"}, \"content\": {\"parts\": [\"%s\"]}}}"
                                    .formatted(
                                            i,
                                            i == 0 ? "null" : "\"m" + (i - 1) + "\"",
                                            i == MESSAGES - 1 ? "" : "\"m" + (i + 1) + "\"",
                                            i % 2 == 0 ? "user" : "assistant",
                                            text));
        }
        return ("[{\"title\": \"A thousand messages\", \"mapping\": {" + nodes + "}}]")
                .getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void measure() throws Exception {
        try (Server server = Server.start(
                        new ServerOptions(0, dataDir, Map.of()), TestServer.provider("mynah-chat", new StubEngine()));
                Chromium chromium = new Chromium();
                Visitor ada = chromium.visitor(
                        server.url(),
                        new Browser.NewContextOptions().setLocale("en-GB").setViewportSize(1280, 800))) {
            ada.signUp("ada@example.com");
            Page page = ada.page();
            page.navigate("/");
            assertThat(ada.button("Send")).isVisible();
            for (int round = 1; round <= ROUNDS; round++) {
                page.reload();
                assertThat(ada.button("Send")).isVisible();
                page.waitForFunction(PAINTED);
                System.out.printf("first contentful paint, round %d: %.0f ms%n", round, number(page.evaluate(PAINT)));
            }
            page.locator("input[type=file]")
                    .setInputFiles(new FilePayload("conversations.json", "application/json", conversation()));
            page.locator(".chats li > a").first().click();
            assertThat(page.locator("mynah-message")).hasCount(MESSAGES);
            assertThat(page.locator("article .hljs-type").last()).isVisible();
            System.out.printf("frames a second and longest frame in ms, at once: %s%n", page.evaluate(SCROLL, true));
            for (int round = 1; round <= ROUNDS; round++) {
                System.out.printf(
                        "frames a second and longest frame in ms, round %d: still %s, scrolling %s%n",
                        round, page.evaluate(SCROLL, false), page.evaluate(SCROLL, true));
            }
        }
        weigh();
    }

    /** What a first visit transfers: a fresh browser, up to a chat that can be written into. */
    private void weigh() throws Exception {
        try (Server server = Server.start(
                        new ServerOptions(0, dataDir.resolve("second"), Map.of()),
                        TestServer.provider("mynah-chat", new StubEngine()));
                Chromium chromium = new Chromium();
                Visitor eve = chromium.visitor(server.url(), new Browser.NewContextOptions().setLocale("en-GB"))) {
            eve.signUp("eve@example.com");
            System.out.printf(
                    "transferred on the first visit: %.0f KB%n",
                    number(eve.page().evaluate(WEIGHT)) / 1e3);
        }
    }

    private static double number(Object value) {
        return ((Number) value).doubleValue();
    }
}
