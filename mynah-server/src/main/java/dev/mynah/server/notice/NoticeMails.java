package dev.mynah.server.notice;

import dev.mynah.server.account.PublicUrl;
import dev.mynah.server.mail.MailOutbox;
import dev.mynah.server.mail.MailTemplates;
import dev.mynah.server.mail.MailText;
import dev.mynah.server.ops.RepeatedTask;
import dev.mynah.server.store.Times;
import dev.mynah.server.store.Transactions;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Sends what owners must not overlook as a mail too, in both languages, to those whose address is confirmed. */
@Component
final class NoticeMails extends RepeatedTask {
    private static final Duration PAUSE = Duration.ofSeconds(5);
    private static final Map<String, String> TEMPLATES =
            Map.of("low_balance", "low-balance", "renewal_failed", "renewal-failed");
    private static final String PAGE = "/account";
    private static final int MOST = 100;

    private final JdbcClient jdbc;
    private final MailOutbox outbox;
    private final MailTemplates templates;
    private final PublicUrl url;
    private final Transactions transactions;
    private final Clock clock;

    NoticeMails(
            JdbcClient jdbc,
            MailOutbox outbox,
            MailTemplates templates,
            PublicUrl url,
            Transactions transactions,
            Clock clock) {
        super("mailing notices", PAUSE);
        this.jdbc = jdbc;
        this.outbox = outbox;
        this.templates = templates;
        this.url = url;
        this.transactions = transactions;
        this.clock = clock;
    }

    private record Waiting(String id, String organisationId, String kind) {}

    @Override
    protected void once() {
        List<Waiting> waiting = jdbc.sql(
                        "select id, organisation_id, kind from notice where mailed_at is null order by id limit "
                                + MOST)
                .query((row, n) ->
                        new Waiting(row.getString("id"), row.getString("organisation_id"), row.getString("kind")))
                .list();
        waiting.forEach(notice -> transactions.run(() -> mail(notice)));
    }

    private void mail(Waiting notice) {
        // Of replicas, one.
        int mine = jdbc.sql("update notice set mailed_at = ? where id = ? and mailed_at is null")
                .params(Times.sql(clock.instant()), notice.id)
                .update();
        String template = TEMPLATES.get(notice.kind);
        if (mine == 1 && template != null) {
            MailText text = text(template);
            owners(notice.organisationId).forEach(owner -> outbox.add(owner, text));
        }
    }

    private List<String> owners(String organisationId) {
        return jdbc.sql("""
                        select u.email from organisation_member m join app_user u on u.id = m.user_id
                        where m.organisation_id = ? and m.role = 'owner' and u.state = 'active' and u.email_verified_at is not null
                        """).param(organisationId).query(String.class).list();
    }

    private MailText text(String template) {
        String link = url.origin() + PAGE;
        MailText english = templates.text(template, Locale.ENGLISH, link);
        MailText chinese = templates.text(template, Locale.CHINESE, link);
        return new MailText(english.subject() + " / " + chinese.subject(), english.text() + "\n" + chinese.text());
    }
}
