package dev.mynah.server.account;

import dev.mynah.server.store.Sql;
import dev.mynah.server.store.Times;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** API keys. */
@Component
public final class ApiKeyRepository {
    private final JdbcClient jdbc;

    public ApiKeyRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    public void insert(ApiKey key, String hash) {
        jdbc.sql(
                        "insert into api_key (id, project_id, user_id, name, key_hash, hint, scopes, created_at, expires_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?)")
                .params(
                        key.id(),
                        key.projectId(),
                        key.userId(),
                        key.name(),
                        hash,
                        key.hint(),
                        key.scopes().text(),
                        Times.sql(key.createdAt()))
                .param(Times.sqlOrNull(key.expiresAt()))
                .update();
    }

    /** A key that may be used now, with whom it speaks for. */
    public record Holder(Caller caller, @Nullable Instant lastUsedAt) {}

    public Optional<Holder> holder(String hash, Instant now) {
        return jdbc.sql("""
                        select k.id, k.user_id, k.project_id, k.scopes, k.last_used_at, p.organisation_id, u.role
                        from api_key k join project p on p.id = k.project_id join app_user u on u.id = k.user_id
                            join organisation_member m on m.organisation_id = p.organisation_id and m.user_id = k.user_id
                        where k.key_hash = ? and k.revoked_at is null and (k.expires_at is null or k.expires_at > ?) and u.state = 'active'
                        """)
                .params(hash, Times.sql(now))
                .query(ApiKeyRepository::holder)
                .optional();
    }

    /** Whether a user has a second factor: codes of an app, or a passkey. */
    boolean hasSecondFactor(String userId) {
        return jdbc.sql("""
                        select (select count(*) from totp where user_id = ? and confirmed) + (select count(*) from passkey where user_id = ?)
                        """).params(userId, userId).query(Long.class).single() > 0;
    }

    Sql touch(String id, Instant now) {
        return Sql.of("update api_key set last_used_at = ? where id = ?", Times.sql(now), id);
    }

    public List<ApiKey> ofUser(String userId) {
        return jdbc.sql("select * from api_key where user_id = ? order by id desc")
                .param(userId)
                .query(ApiKeyRepository::key)
                .list();
    }

    /** Whether a key belongs to a project of this organisation. */
    public boolean isOfOrganisation(String id, String organisationId) {
        return jdbc.sql(
                                "select count(*) from api_key k join project p on p.id = k.project_id where k.id = ? and p.organisation_id = ?")
                        .params(id, organisationId)
                        .query(Long.class)
                        .single()
                == 1;
    }

    /** Ends a key for good; false where the user has none of this name that is still good. */
    public boolean revoke(String id, String userId, Instant now) {
        return jdbc.sql("update api_key set revoked_at = ? where id = ? and user_id = ? and revoked_at is null")
                        .params(Times.sql(now), id, userId)
                        .update()
                == 1;
    }

    /** Ends all keys that a user has in an organisation. */
    void revokeIn(String organisationId, String userId, Instant now) {
        jdbc.sql("""
                        update api_key set revoked_at = ?
                        where user_id = ? and revoked_at is null and project_id in (select id from project where organisation_id = ?)
                        """).params(Times.sql(now), userId, organisationId).update();
    }

    private static Holder holder(ResultSet row, int number) throws SQLException {
        Caller caller = new Caller(
                row.getString("user_id"),
                row.getString("organisation_id"),
                row.getString("project_id"),
                row.getString("id"),
                Role.of(row.getString("role")),
                Scopes.parse(row.getString("scopes")));
        return new Holder(caller, Times.getOrNull(row, "last_used_at"));
    }

    private static ApiKey key(ResultSet row, int number) throws SQLException {
        return new ApiKey(
                row.getString("id"),
                row.getString("project_id"),
                row.getString("user_id"),
                row.getString("name"),
                row.getString("hint"),
                Scopes.parse(row.getString("scopes")),
                Times.get(row, "created_at"),
                Times.getOrNull(row, "expires_at"),
                Times.getOrNull(row, "revoked_at"),
                Times.getOrNull(row, "last_used_at"));
    }
}
