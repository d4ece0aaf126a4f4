package dev.mynah.server.webapp;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import dev.mynah.server.Mailbox;
import dev.mynah.server.store.Ids;
import org.junit.jupiter.api.Test;

/** Working together: projects, members, invitations. */
class OrganisationInBrowserTest extends BrowserTest {
    private final Mailbox mailbox = server.mailbox();

    private static Locator row(Page page, String text) {
        return page.locator(".facts li").filter(new Locator.FilterOptions().setHasText(text));
    }

    private Visitor confirmed(String email) {
        Visitor visitor = visitor(phone());
        visitor.signUp(email);
        visitor.page().navigate("/verify-email#" + mailbox.await(email, 1).token());
        visitor.button("Confirm").click();
        assertThat(visitor.page().getByText("Your address is confirmed.")).isVisible();
        return visitor;
    }

    @Test
    void projectsAreMadeWorkedInAndDeleted() {
        Visitor ada = member();
        Page page = ada.page();
        page.navigate("/organisation");
        ada.field("Name of the project").fill("Home <b>page</b>");
        ada.button("Add a project").click();
        row(page, "Home <b>page</b>").getByText("Work in it").click();
        assertThat(row(page, "Home <b>page</b>")).containsText("new keys and chats go here");
        row(page, "Default").getByText("Delete").click();
        assertThat(page.locator("dialog")).containsText("“Default” is deleted with all its keys.");
        ada.dialogButton("Cancel").click();
        assertThat(row(page, "Default")).isVisible();
        row(page, "Default").getByText("Delete").click();
        ada.dialogButton("Delete").click();
        assertThat(row(page, "Default")).hasCount(0);
        assertThat(overflows(page)).isFalse();
    }

    @Test
    void whoIsInvitedBecomesAMember() {
        String email = Ids.next("eve") + "@example.com";
        Visitor ada = confirmed(Ids.next("ada") + "@example.com");
        Page page = ada.page();
        page.navigate("/organisation");
        ada.field("E-mail").fill(email);
        ada.button("Invite").click();
        assertThat(row(page, email)).containsText("Member");
        assertThat(overflows(page)).isFalse();

        Visitor eve = visitor();
        eve.page().navigate("/invitation#" + mailbox.await(email, 1).token());
        assertThat(eve.page().getByText("Ada invites you to")).isVisible();
        eve.field("Name").fill("Eve");
        eve.field("Password").fill(Visitor.PASSWORD);
        eve.button("Sign up").click();
        assertThat(eve.button("Send")).isVisible();

        page.reload();
        row(page, email).getByText("Make owner").click();
        assertThat(row(page, email)).containsText("Owner");
        row(page, email).getByText("Remove").click();
        assertThat(row(page, email)).hasCount(0);
        eve.page().navigate("/invitation#spent");
        assertThat(eve.page().getByText("This invitation is no longer good")).isVisible();
    }
}
