package dev.mynah.server.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mynah.server.config.ServiceConfig;
import dev.mynah.server.store.ServerSecret;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** The way of mails from the outbox to an SMTP server. */
class MailDeliveryTest {
    private static final String FROM = "Mynah <mynah@example.com>";

    private final SmtpStub smtp;
    private final JdbcClient jdbc;
    private final MailOutbox outbox;
    private final List<MailDelivery> replicas = new ArrayList<>();

    MailDeliveryTest() throws Exception {
        smtp = new SmtpStub();
        DriverManagerDataSource database = new DriverManagerDataSource(
                "jdbc:h2:mem:mails;MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DB_CLOSE_DELAY=-1");
        Flyway.configure().dataSource(database).load().migrate();
        jdbc = JdbcClient.create(database);
        outbox = new MailOutbox(jdbc, ServerSecret.parse("ab".repeat(32), "the test"), Clock.systemUTC());
    }

    private ServiceConfig.Smtp server() {
        return new ServiceConfig.Smtp("localhost", smtp.port(), ServiceConfig.Security.NONE, "", "", FROM);
    }

    @BeforeEach
    void empty() {
        jdbc.sql("delete from outgoing_mail").update();
    }

    @AfterEach
    void stop() throws Exception {
        replicas.forEach(MailDelivery::stop);
        smtp.close();
    }

    private void startReplicas(int count) {
        for (int i = 0; i < count; i++) {
            MailDelivery replica = new MailDelivery(outbox, MailSettings.of(server(), Path.of("unused")));
            replicas.add(replica);
            replica.start();
        }
    }

    private void awaitWaiting(String where, long count) {
        while (jdbc.sql("select count(*) from outgoing_mail where " + where)
                        .query(Long.class)
                        .single()
                != count) {
            LockSupport.parkNanos(10_000_000);
        }
    }

    @Test
    void eachMailLeavesOnceHoweverManyReplicasSend() {
        for (int i = 0; i < 30; i++) {
            outbox.add("ada" + i + "@example.com", new MailText("Number " + i, "Hello"));
        }
        assertThat(jdbc.sql("select content from outgoing_mail")
                        .query(String.class)
                        .list())
                .noneMatch(content -> content.contains("Hello"));
        startReplicas(3);
        awaitWaiting("true", 0);
        assertThat(smtp.mails()).hasSize(30);
        assertThat(smtp.mails().stream().map(mail -> mail.replaceAll("(?s).*Message-ID: (\\S+).*", "$1")))
                .doesNotHaveDuplicates()
                .allMatch(id -> id.matches("<mail_[0-9a-f]+@example.com>"));
    }

    @Test
    void whatFailsForNowIsTriedAgainAndWhatIsRefusedIsNot() {
        outbox.add("refused@example.com", new MailText("Hi", "Hello"));
        outbox.add("later@example.com", new MailText("你好", "第二行"));
        startReplicas(1);
        awaitWaiting("recipient = 'refused@example.com'", 0);
        awaitWaiting("attempts = 1", 1);
        assertThat(smtp.mails()).isEmpty();
        assertThat(jdbc.sql("select next_at > current_timestamp from outgoing_mail")
                        .query(Boolean.class)
                        .single())
                .isTrue();

        // The pause is over.
        jdbc.sql("update outgoing_mail set next_at = current_timestamp").update();
        awaitWaiting("true", 0);
        assertThat(smtp.mails())
                .singleElement()
                .asString()
                .contains(
                        "To: later@example.com",
                        "Subject: =?UTF-8?",
                        "From: " + FROM,
                        "Auto-Submitted: auto-generated");
    }

    @Test
    void theSenderIsAnAddress() {
        ServiceConfig.Smtp wrong =
                new ServiceConfig.Smtp("", null, ServiceConfig.Security.STARTTLS, "", "", "no address");
        assertThatThrownBy(() -> MailSettings.of(wrong, Path.of("d"))).hasMessageContaining("MYNAH_SMTP_FROM");
    }

    @Test
    void namesBecomeNeitherLinesNorLinks() {
        MailText text = new MailTemplates()
                .text(
                        "invitation",
                        Locale.ENGLISH,
                        "https://mynah.example/x",
                        Map.of(
                                "inviter",
                                MailTemplates.harmless("Eve\r\nBcc: all"),
                                "organisation",
                                MailTemplates.harmless("see evil.example/a")));
        assertThat(text.subject()).isEqualTo("Invitation to see evil example a");
        assertThat(text.text()).contains("Eve  Bcc: all invites you");
    }
}
