package dev.mynah.server.webapp;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import dev.mynah.server.TestDatabase;
import dev.mynah.server.TestServer;
import dev.mynah.server.account.Accounts;
import dev.mynah.server.account.Role;
import dev.mynah.server.store.Ids;
import dev.mynah.server.store.Transactions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;

/** A test in a real browser: one for each class, a fresh window for each visitor. Whatever a test is about, no page may report an error or ask another host for something. */
@Tag("browser")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class BrowserTest {
    final TestServer server = TestServer.on(TestDatabase.H2);

    private final Chromium chromium = new Chromium();
    private final List<Visitor> visitors = new ArrayList<>();
    private final List<String> administrators = new ArrayList<>();

    @AfterAll
    void closeBrowser() {
        chromium.close();
    }

    @AfterEach
    void nothingWentWrong() {
        List<String> troubles = visitors.stream()
                .flatMap(visitor -> visitor.troubles().stream())
                .toList();
        visitors.forEach(Visitor::close);
        visitors.clear();
        // Other tests of this server count the administrators.
        administrators.forEach(
                id -> server.send("PATCH", "/api/admin/users/" + id, server.adminKey(), "{'role': 'user'}"));
        administrators.clear();
        assertThat(troubles).isEmpty();
    }

    /** Somebody at an English, light desktop who is not signed in. */
    Visitor visitor() {
        return visitor(desktop());
    }

    Visitor visitor(Browser.NewContextOptions options) {
        Visitor visitor = chromium.visitor(server.url(), options);
        visitors.add(visitor);
        return visitor;
    }

    static Browser.NewContextOptions desktop() {
        return new Browser.NewContextOptions().setLocale("en-GB").setViewportSize(1280, 800);
    }

    static Browser.NewContextOptions phone() {
        return new Browser.NewContextOptions()
                .setLocale("en-GB")
                .setViewportSize(375, 667)
                .setIsMobile(true)
                .setHasTouch(true);
    }

    /** Somebody who has just signed up. */
    Visitor member() {
        return member(desktop());
    }

    Visitor member(Browser.NewContextOptions options) {
        Visitor visitor = visitor(options);
        visitor.signUp(Ids.next("u") + "@example.com");
        return visitor;
    }

    /** An administrator of the test's own. */
    Visitor administrator() {
        return administrator(desktop());
    }

    Visitor administrator(Browser.NewContextOptions options) {
        String email = Ids.next("admin") + "@example.com";
        Accounts accounts = server.bean(Accounts.class);
        String hash = accounts.hash(Visitor.PASSWORD);
        Accounts.Created created = server.bean(Transactions.class)
                .call(() -> accounts.create(new Accounts.Order(email, "Grace", hash, false, Role.ADMINISTRATOR, "payg"))
                        .orElseThrow());
        administrators.add(created.user().id());
        Visitor grace = visitor(options);
        grace.page().navigate("/sign-in");
        grace.field("E-mail").fill(email);
        grace.field("Password").fill(Visitor.PASSWORD);
        grace.button("Sign in").click();
        assertThat(grace.button("Send")).isVisible();
        return grace;
    }

    /** Whether something in the page is wider than its window. */
    static boolean overflows(Page page) {
        return (boolean) page.evaluate("() => document.documentElement.scrollWidth > innerWidth");
    }
}
