package dev.mynah.server.webapp;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The browser of this machine: the one that {@code MYNAH_BROWSER} names, else the first Chromium or Chrome on the path. */
final class Chromium implements AutoCloseable {
    private static final String VARIABLE = "MYNAH_BROWSER";
    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");

    /** Generous, for machines that do other things at the same time. */
    private static final int PATIENCE_MS = 30_000;

    private final Playwright playwright;
    private final Browser browser;

    Chromium() {
        PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MS);
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright.chromium().launch(new BrowserType.LaunchOptions().setExecutablePath(executable()));
    }

    private static Path executable() {
        String named = System.getenv(VARIABLE);
        if (named != null) {
            return Path.of(named);
        }
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(
                        () -> new IllegalStateException("no Chromium or Chrome on the PATH: install one, name it in "
                                + VARIABLE + ", or leave these tests out with ./mynah test --without-browser"));
    }

    /** A window of its own, with cookies and storage of its own. */
    Visitor visitor(String url, Browser.NewContextOptions options) {
        return new Visitor(browser.newContext(options.setBaseURL(url)), url);
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
