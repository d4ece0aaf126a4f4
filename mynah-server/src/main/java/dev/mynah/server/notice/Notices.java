package dev.mynah.server.notice;

import dev.mynah.server.store.Ids;
import dev.mynah.server.store.Times;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Notices to the owners of an organisation, which the web app shows until they are read. One is written in the transaction that it tells of. */
@Component
public final class Notices {
    private static final int SHOWN = 100;

    private final JdbcClient jdbc;

    public Notices(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** @param detail what the words of its kind are filled in with */
    public record Notice(
            String id,
            String kind,
            JsonNode detail,
            Instant createdAt,
            @Nullable Instant readAt) {}

    /** Tells the owners of an organisation something, such as {@code low_balance}. */
    public void add(String organisationId, String kind, Map<String, ?> detail, Instant now) {
        jdbc.sql("insert into notice (id, organisation_id, kind, detail, created_at) values (?, ?, ?, ?, ?)")
                .params(
                        Ids.next("notice_"),
                        organisationId,
                        kind,
                        JsonMapper.shared().writeValueAsString(detail),
                        Times.sql(now))
                .update();
    }

    /** The newest first. */
    public List<Notice> of(String organisationId) {
        return jdbc.sql("select * from notice where organisation_id = ? order by id desc limit " + SHOWN)
                .param(organisationId)
                .query(Notices::notice)
                .list();
    }

    /** Marks one as read; false where the organisation has none of this name that is unread. */
    public boolean read(String organisationId, String id, Instant now) {
        return jdbc.sql("update notice set read_at = ? where organisation_id = ? and id = ? and read_at is null")
                        .params(Times.sql(now), organisationId, id)
                        .update()
                == 1;
    }

    private static Notice notice(ResultSet row, int number) throws SQLException {
        return new Notice(
                row.getString("id"),
                row.getString("kind"),
                JsonMapper.shared().readTree(row.getString("detail")),
                Times.get(row, "created_at"),
                Times.getOrNull(row, "read_at"));
    }
}
