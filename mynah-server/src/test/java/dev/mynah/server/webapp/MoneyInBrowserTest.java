package dev.mynah.server.webapp;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.Media;
import dev.mynah.server.billing.Billing;
import dev.mynah.server.billing.Money;
import dev.mynah.server.statement.Statements;
import dev.mynah.server.store.Ids;
import dev.mynah.server.store.Transactions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Money as its owners and administrators see it, with the test provider. */
class MoneyInBrowserTest extends BrowserTest {
    private static void openAccount(Visitor visitor) {
        visitor.page().navigate("/account");
        assertThat(visitor.page().locator(".plan.here")).isVisible();
    }

    @Test
    void whoPaysGetsPlusAndMayCancelIt() {
        Visitor ada = member();
        Page page = ada.page();
        openAccount(ada);
        ada.button("Subscribe: Plus").click();
        assertThat(page.getByText("Test payment: no money moves.")).isVisible();
        assertThat(page.getByText("$20.00")).isVisible();
        ada.button("Decline").click();
        assertThat(page.getByText("was not made")).isVisible();
        ada.button("Subscribe: Plus").click();
        ada.button("Pay").click();
        assertThat(page.getByText("Your payment of $20.00 was made.")).isVisible();
        assertThat(page.locator(".plan.here h3")).hasText("Plus");
        assertThat(page.locator(".plan.here h3")).isInViewport();
        assertThat(page.getByText("Renews on")).isVisible();
        ada.button("Cancel at the end of the month").click();
        assertThat(page.getByText("Ends on")).isVisible();
        ada.button("Keep the subscription").click();
        assertThat(page.getByText("Renews on")).isVisible();
        assertThat(overflows(page)).isFalse();
    }

    @Test
    void creditComesFromPaymentsAndVouchersAndGoesBack() {
        Visitor grace = administrator();
        grace.page().navigate("/admin/vouchers");
        grace.field("Worth").fill("5");
        grace.field("Note").fill("welcome");
        grace.button("Make codes").click();
        String code = grace.page().locator(".fresh code").innerText();

        Visitor ada = member(phone());
        Page page = ada.page();
        openAccount(ada);
        ada.button("Choose: Pay as you go").click();
        assertThat(page.locator(".plan.here h3")).hasText("Pay as you go");
        ada.field("Voucher").fill(code);
        ada.button("Redeem").click();
        assertThat(page.locator(".figure")).hasText("$5.00");
        ada.field("Voucher").fill(code);
        ada.button("Redeem").click();
        assertThat(page.locator(".notice").getByText("This voucher was redeemed already."))
                .isVisible();
        ada.field("Amount, USD").fill("12.50");
        ada.button("Add credit").click();
        ada.button("Pay").click();
        assertThat(page.locator(".figure")).hasText("$17.50");
        ada.field("Everything, USD a month").fill("0");
        ada.button("Save: Everything, USD a month").click();
        assertThat(page.getByText("$0.00 spent this month")).isVisible();
        assertThat(overflows(page)).isFalse();
        page.navigate("/");
        ada.field("Message").fill("echo dear");
        ada.field("Message").press("Enter");
        assertThat(page.getByText("spend cap of the organisation")).isVisible();

        grace.page().navigate("/admin/payments");
        grace.button("Refund").first().click();
        grace.field("Reason").fill("asked for it");
        Axe.check(grace.page(), "refund");
        grace.page().locator("dialog .primary").click();
        assertThat(grace.page().locator("dialog")).hasCount(0);
        openAccount(ada);
        assertThat(page.locator(".figure")).hasText("$5.00");
        assertThat(page.getByText("is on its way back to you")).isVisible();
        grace.page().navigate("/admin/subscriptions");
        assertThat(grace.page().locator("nav.tabs [aria-current=page]")).hasText("Subscriptions");
        assertThat(overflows(grace.page())).isFalse();
    }

    @Test
    void aMonthThatIsOverHasAStatement() throws IOException {
        Visitor ada = member();
        Page page = ada.page();
        String organisation =
                (String) page.evaluate("async () => (await (await fetch('/api/account')).json()).organisation_id");
        ZonedDateTime month =
                ZonedDateTime.now(ZoneOffset.UTC).withDayOfMonth(9).minusMonths(2);
        server.bean(Transactions.class)
                .run(() -> server.bean(Billing.class)
                        .grant(organisation, new Money(7_500_000, "USD"), Ids.next("test_"), month.toInstant()));
        // Months that this service has closed before are looked at once more.
        server.bean(JdbcClient.class)
                .sql("update statement_counter set closed_until = null")
                .update();
        server.bean(Statements.class).once();

        openAccount(ada);
        Locator statements = page.getByRole(AriaRole.REGION, new Page.GetByRoleOptions().setName("Statements"));
        assertThat(statements.locator("tbody tr")).hasCount(2);
        Locator first = statements.locator("tbody tr").last();
        assertThat(first).containsText("$7.50");
        Download csv = page.waitForDownload(() -> first.getByText("CSV").click());
        assertThat(Files.readString(csv.path())).contains("grant");
        first.getByText("Show").click();
        assertThat(page.locator("h1"))
                .hasText("Statement of " + month.format(DateTimeFormatter.ofPattern("MMMM yyyy", Locale.UK)));
        assertThat(page.getByRole(AriaRole.REGION, new Page.GetByRoleOptions().setName("Payments and other entries")))
                .containsText("Gift");

        Axe.check(page, "statement");

        // On paper there is the statement and nothing else.
        page.emulateMedia(new Page.EmulateMediaOptions().setMedia(Media.PRINT));
        assertThat(ada.button("Print")).isHidden();
        assertThat(page.locator("nav.sidebar")).isHidden();
        assertThat(page.getByText("Closing balance")).isVisible();
        page.emulateMedia(new Page.EmulateMediaOptions().setMedia(Media.SCREEN));

        Visitor eve = member();
        eve.page().navigate(URI.create(page.url()).getPath());
        assertThat(eve.page().getByText("This statement cannot be shown.")).isVisible();
    }
}
