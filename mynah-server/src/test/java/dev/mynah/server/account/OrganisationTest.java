package dev.mynah.server.account;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mynah.server.Browser;
import dev.mynah.server.Mailbox;
import dev.mynah.server.Races;
import dev.mynah.server.TestDatabase;
import dev.mynah.server.TestServer;
import dev.mynah.server.TestServer.Reply;
import dev.mynah.server.store.Ids;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** Organisations with members, projects and invitations, as owners, members and strangers see them. */
@ParameterizedClass
@EnumSource(TestDatabase.class)
class OrganisationTest {
    private static final String ORGANISATIONS = "/api/organisations";

    private final TestServer server;
    private final Mailbox mailbox;
    private final String mark = Ids.next("o");
    private final String ownerEmail = mark + "@example.com";
    private final String guestEmail = "guest" + mark + "@example.com";
    private final Browser owner;
    private final String organisation;

    OrganisationTest(TestDatabase database) {
        server = TestServer.on(database);
        mailbox = server.mailbox();
        owner = Browser.signedUp(server, ownerEmail);
        confirm(owner, ownerEmail);
        organisation = account(owner).get("organisation_id").stringValue();
    }

    private void confirm(Browser browser, String email) {
        browser.post(
                "/api/account/email-verification/confirm",
                "{'token': '" + mailbox.await(email, 1).token() + "'}");
    }

    private static JsonNode account(Browser browser) {
        return browser.get("/api/account").json();
    }

    private String of(String path) {
        return ORGANISATIONS + "/" + organisation + path;
    }

    /** Invites the guest, and gives the token. */
    private String invite(String role) {
        int before = mailbox.to(guestEmail).size();
        Reply reply = owner.post(of("/invitations"), "{'email': '" + guestEmail + "', 'role': '" + role + "'}");
        assertThat(reply.status()).as(reply.body()).isEqualTo(201);
        return mailbox.await(guestEmail, before + 1).token();
    }

    private Browser guest(String role) {
        Browser guest = new Browser(server);
        Reply reply = guest.post(
                "/api/account/sign-up",
                "{'email': '" + guestEmail + "', 'password': 'correct horse', 'invitation': '" + invite(role) + "'}");
        assertThat(reply.status()).as(reply.body()).isEqualTo(201);
        return guest;
    }

    private static String token(String token) {
        return "{'token': '" + token + "'}";
    }

    @Test
    void theInvitedSignUpAndWorkInTheOrganisation() {
        String token = invite("member");
        JsonNode look =
                new Browser(server).post("/api/invitations/look", token(token)).json();
        assertThat(look.get("email").stringValue()).isEqualTo(guestEmail);
        assertThat(look.get("has_account").booleanValue()).isFalse();
        String wrong = "{'email': 'x" + guestEmail + "', 'password': 'correct horse', 'invitation': '" + token + "'}";
        assertThat(new Browser(server).post("/api/account/sign-up", wrong).status())
                .isEqualTo(400);

        Browser guest = new Browser(server);
        guest.post(
                "/api/account/sign-up",
                "{'email': '" + guestEmail + "', 'password': 'correct horse', 'invitation': '" + token + "'}");
        assertThat(account(guest).get("organisation_id").stringValue()).isEqualTo(organisation);
        assertThat(account(guest).get("email_verified").booleanValue()).isTrue();
        assertThat(guest.get(ORGANISATIONS).json()).hasSize(2);
        assertThat(owner.get(of("/members")).body()).contains(guestEmail);
        assertThat(new Browser(server)
                        .post("/api/invitations/look", token(token))
                        .status())
                .isEqualTo(400);
        assertThat(owner.get(of("/invitations")).json()).isEmpty();
    }

    @Test
    void ofManyWhoAcceptAtOnceOneDoes() throws Exception {
        Browser guest = Browser.signedUp(server, guestEmail);
        String token = mailbox.await(guestEmail, 1).token();
        owner.post(of("/invitations"), "{'email': '" + guestEmail + "'}");
        String invitation = mailbox.await(guestEmail, 2).token();
        assertThat(token).isNotEqualTo(invitation);
        assertThat(Races.run(
                        4,
                        () -> guest.post("/api/invitations/accept", token(invitation))
                                .status()))
                .containsOnlyOnce(204)
                .contains(400);
    }

    @Test
    void anInvitationIsForItsAddressAndWhileItsSenderMaySendIt() {
        String token = invite("member");
        Browser thief = Browser.signedUp(server, "thief" + guestEmail);
        assertThat(thief.post("/api/invitations/accept", token(token)).status()).isEqualTo(400);

        String id = owner.get(of("/invitations")).json().get(0).get("id").stringValue();
        assertThat(thief.send("DELETE", of("/invitations/" + id), "").status()).isEqualTo(404);
        assertThat(owner.send("DELETE", of("/invitations/" + id), "").status()).isEqualTo(204);
        Browser guest = Browser.signedUp(server, guestEmail);
        assertThat(guest.post("/api/invitations/accept", token(token)).status()).isEqualTo(400);

        String second = invite("member");
        sql("update invitation set expires_at = current_timestamp where email = ?", guestEmail);
        assertThat(guest.post("/api/invitations/accept", token(second)).status())
                .isEqualTo(400);
        String third = invite("owner");
        sql("update app_user set state = 'suspended' where email = ?", ownerEmail);
        assertThat(guest.post("/api/invitations/accept", token(third)).status()).isEqualTo(400);
        sql("update app_user set state = 'active' where email = ?", ownerEmail);
        assertThat(guest.post("/api/invitations/accept", token(third)).status()).isEqualTo(204);
    }

    private void sql(String statement, String parameter) {
        server.bean(JdbcClient.class).sql(statement).param(parameter).update();
    }

    @Test
    void administratorsInviteWithARoleAndNobodyElseDoes() {
        assertThat(owner.post("/api/admin/invitations", "{'email': 'a@b', 'role': 'administrator'}")
                        .status())
                .isEqualTo(403);
        Reply reply = server.post(
                "/api/admin/invitations",
                server.adminKey(),
                "{'email': '" + guestEmail + "', 'role': 'operator', 'organisation_id': '" + organisation + "'}");
        assertThat(reply.status()).as(reply.body()).isEqualTo(201);
        Browser guest = new Browser(server);
        guest.post(
                "/api/account/sign-up",
                "{'email': '" + guestEmail + "', 'password': 'correct horse', 'invitation': '"
                        + mailbox.await(guestEmail, 1).token() + "'}");
        assertThat(account(guest).get("role").stringValue()).isEqualTo("operator");
        assertThat(account(guest).get("organisation_id").stringValue()).isEqualTo(organisation);
        assertThat(guest.get("/api/admin/status").status()).isEqualTo(200);
    }

    @Test
    void strangersFindNothingAndMembersChangeNothing() {
        String invitation = owner.post(of("/invitations"), "{'email': 'x" + guestEmail + "'}")
                .json()
                .get("id")
                .stringValue();
        Browser guest = guest("member");
        String guestId = account(guest).get("id").stringValue();
        String ownerId = account(owner).get("id").stringValue();
        String project = owner.get(ORGANISATIONS).json().at("/0/projects/0/id").stringValue();
        Browser stranger = Browser.signedUp(server, "stranger" + guestEmail);
        List<String[]> acts = List.of(
                new String[] {"PATCH", "", "{'name': 'x'}"},
                new String[] {"PATCH", "/members/" + guestId, "{'role': 'owner'}"},
                new String[] {"DELETE", "/members/" + ownerId, ""},
                new String[] {"POST", "/projects", "{'name': 'x'}"},
                new String[] {"PATCH", "/projects/" + project, "{'name': 'x'}"},
                new String[] {"DELETE", "/projects/" + project, ""},
                new String[] {"GET", "/usage", ""},
                new String[] {"GET", "/invitations", ""},
                new String[] {"POST", "/invitations", "{'email': 'a@b'}"},
                new String[] {"DELETE", "/invitations/" + invitation, ""});
        for (String[] act : acts) {
            assertThat(stranger.send(act[0], of(act[1]), act[2]).status())
                    .as(act[1])
                    .isEqualTo(404);
            assertThat(guest.send(act[0], of(act[1]), act[2]).status())
                    .as(act[1])
                    .isEqualTo(403);
        }
        assertThat(stranger.get(of("/members")).status()).isEqualTo(404);
        assertThat(guest.get(of("/members")).status()).isEqualTo(200);
        assertThat(stranger.send("PUT", ORGANISATIONS + "/current", "{'project_id': '" + project + "'}")
                        .status())
                .isEqualTo(404);
        assertThat(stranger.post("/api/keys", "{'name': 'k', 'project_id': '" + project + "'}")
                        .status())
                .isEqualTo(404);
        // An owner of one organisation names a project or a member of another.
        String own =
                ORGANISATIONS + "/" + account(stranger).get("organisation_id").stringValue();
        assertThat(stranger.send("DELETE", own + "/projects/" + project, "").status())
                .isEqualTo(404);
        assertThat(stranger.send("PATCH", own + "/members/" + ownerId, "{'role': 'member'}")
                        .status())
                .isEqualTo(404);
        assertThat(stranger.send("DELETE", own + "/invitations/" + invitation, "")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void whoIsRemovedLosesKeysAndSight() {
        Browser guest = guest("member");
        String key =
                guest.post("/api/keys", "{'name': 'k'}").json().get("secret").stringValue();
        assertThat(server.post("/v1/chat/completions", key, TestServer.chat("echo a"))
                        .status())
                .isEqualTo(200);
        assertThat(owner.get(of("/usage")).json().at("/0/requests").intValue()).isEqualTo(1);
        // A key manages its own organisation only.
        assertThat(server.get(ORGANISATIONS, key).json()).hasSize(1);

        String id = account(guest).get("id").stringValue();
        assertThat(owner.send("DELETE", of("/members/" + id), "").status()).isEqualTo(204);
        assertThat(server.get("/v1/models", key).status()).isEqualTo(401);
        assertThat(account(guest).get("organisation_id").stringValue()).isNotEqualTo(organisation);
        assertThat(guest.get(of("/members")).status()).isEqualTo(404);
    }

    @Test
    void anOrganisationKeepsItsOwnerAndAProject() {
        Browser guest = guest("owner");
        String ownerId = account(owner).get("id").stringValue();
        assertThat(guest.send("DELETE", of("/members/" + ownerId), "").status()).isEqualTo(409);
        assertThat(guest.send("PATCH", of("/members/" + ownerId), "{'role': 'member'}")
                        .status())
                .isEqualTo(409);
        String guestId = account(guest).get("id").stringValue();
        assertThat(guest.send("PATCH", of("/members/" + guestId), "{'role': 'member'}")
                        .status())
                .isEqualTo(204);
        assertThat(owner.post("/api/account/delete", "{'password': 'correct horse'}")
                        .json()
                        .at("/error/code")
                        .stringValue())
                .isEqualTo("last_owner");

        String first = owner.get(ORGANISATIONS).json().at("/0/projects/0/id").stringValue();
        assertThat(owner.send("DELETE", of("/projects/" + first), "").status()).isEqualTo(409);
        String second = owner.post(of("/projects"), "{'name': 'Second'}")
                .json()
                .get("id")
                .stringValue();
        String key = owner.post("/api/keys", "{'name': 'k', 'project_id': '" + second + "'}")
                .json()
                .get("secret")
                .stringValue();
        owner.send("PUT", ORGANISATIONS + "/current", "{'project_id': '" + second + "'}");
        assertThat(owner.send("DELETE", of("/projects/" + second), "").status()).isEqualTo(204);
        assertThat(server.get("/v1/models", key).status()).isEqualTo(401);
        assertThat(owner.get("/api/account").status()).isEqualTo(200);
        assertThat(guest.send("DELETE", of("/members/" + guestId), "").status()).isEqualTo(204);
        assertThat(owner.post("/api/account/delete", "{'password': 'correct horse'}")
                        .status())
                .isEqualTo(204);
    }

    @Test
    void namesInMailsToOthersAreNoLinks() {
        owner.send("PATCH", "/api/account", "{'name': 'Win at http://evil.example/now'}");
        invite("member");
        assertThat(mailbox.await(guestEmail, 1).text()).contains("Win at http ").doesNotContain("evil.example");
        Browser unverified = Browser.signedUp(server, "new" + guestEmail);
        String own = account(unverified).get("organisation_id").stringValue();
        assertThat(unverified
                        .post(ORGANISATIONS + "/" + own + "/invitations", "{'email': '" + guestEmail + "'}")
                        .status())
                .isEqualTo(403);
    }
}
