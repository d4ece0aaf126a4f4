package dev.mynah.server.account;

import dev.mynah.server.store.Times;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Invitations that nobody has accepted yet. */
@Component
public final class InvitationRepository {
    private static final String SELECT = """
            select i.*, o.name as organisation_name, u.name as inviter_name
            from invitation i join app_user u on u.id = i.invited_by left join organisation o on o.id = i.organisation_id
            """;

    private final JdbcClient jdbc;

    InvitationRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * An invitation.
     *
     * @param organisationId what it is to, or null for the service as such
     * @param memberRole     what the invited is to be there: {@code owner} or {@code member}
     * @param userRole       what the invited is to be in the service
     */
    public record Invitation(
            String id,
            String email,
            @Nullable String organisationId,
            @Nullable String organisation,
            String memberRole,
            Role userRole,
            String invitedBy,
            String inviter,
            Instant createdAt,
            Instant expiresAt) {}

    void insert(Invitation invitation, String hash) {
        jdbc.sql("""
                        insert into invitation (id, token_hash, email, organisation_id, member_role, user_role, invited_by, created_at, expires_at)
                        values (?, ?, ?, ?, ?, ?, ?, ?, ?)
                        """)
                .params(invitation.id(), hash, invitation.email())
                .param(invitation.organisationId())
                .params(
                        invitation.memberRole(),
                        invitation.userRole().id(),
                        invitation.invitedBy(),
                        Times.sql(invitation.createdAt()),
                        Times.sql(invitation.expiresAt()))
                .update();
    }

    Optional<Invitation> find(String hash, Instant now) {
        return jdbc.sql(SELECT + "where i.token_hash = ? and i.expires_at > ?")
                .params(hash, Times.sql(now))
                .query(InvitationRepository::invitation)
                .optional();
    }

    /** Uses an invitation up; false where it was a moment ago. */
    boolean take(String id) {
        return jdbc.sql("delete from invitation where id = ?").param(id).update() == 1;
    }

    /** Those to an organisation, the newest first. */
    public List<Invitation> of(String organisationId, Instant now) {
        return jdbc.sql(SELECT + "where i.organisation_id = ? and i.expires_at > ? order by i.id desc")
                .params(organisationId, Times.sql(now))
                .query(InvitationRepository::invitation)
                .list();
    }

    /** All of them, the newest first, at most {@code limit}. */
    public List<Invitation> all(Instant now, int limit) {
        return jdbc.sql(SELECT + "where i.expires_at > ? order by i.id desc limit " + limit)
                .params(Times.sql(now))
                .query(InvitationRepository::invitation)
                .list();
    }

    /** Takes an invitation to an organisation back; false where it has none of this name. */
    boolean delete(String id, String organisationId) {
        return jdbc.sql("delete from invitation where id = ? and organisation_id = ?")
                        .params(id, organisationId)
                        .update()
                == 1;
    }

    private static Invitation invitation(ResultSet row, int number) throws SQLException {
        return new Invitation(
                row.getString("id"),
                row.getString("email"),
                row.getString("organisation_id"),
                row.getString("organisation_name"),
                row.getString("member_role"),
                Role.of(row.getString("user_role")),
                row.getString("invited_by"),
                row.getString("inviter_name"),
                Times.get(row, "created_at"),
                Times.get(row, "expires_at"));
    }
}
