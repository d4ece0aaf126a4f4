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

/** Passkeys. */
@Component
public final class PasskeyRepository {
    private final JdbcClient jdbc;

    PasskeyRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * A passkey.
     *
     * @param credentialId   WebAuthn's name of it, in Base64url
     * @param credential     the attested credential data, in Base64url
     * @param signCount      how often it signed, or 0 where it does not count
     * @param backupEligible whether it may be copied to other devices
     */
    public record Passkey(
            String id,
            String userId,
            String name,
            String credentialId,
            String credential,
            long signCount,
            boolean backupEligible,
            boolean backedUp,
            Instant createdAt,
            @Nullable Instant lastUsedAt) {}

    /** Adds a passkey; false where there is one of this credential id, whoever has it. */
    boolean insert(Passkey passkey) {
        return jdbc.sql("""
                        insert into passkey (id, user_id, name, credential_id, credential, sign_count, backup_eligible, backed_up, created_at)
                        values (?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing
                        """)
                        .params(
                                passkey.id(),
                                passkey.userId(),
                                passkey.name(),
                                passkey.credentialId(),
                                passkey.credential(),
                                passkey.signCount(),
                                passkey.backupEligible(),
                                passkey.backedUp(),
                                Times.sql(passkey.createdAt()))
                        .update()
                == 1;
    }

    Optional<Passkey> find(String credentialId) {
        return jdbc.sql("select * from passkey where credential_id = ?")
                .param(credentialId)
                .query(PasskeyRepository::passkey)
                .optional();
    }

    public List<Passkey> ofUser(String userId) {
        return jdbc.sql("select * from passkey where user_id = ? order by id")
                .param(userId)
                .query(PasskeyRepository::passkey)
                .list();
    }

    /** Remembers a use; false where another was remembered meanwhile that counts as far. */
    boolean use(Passkey passkey, long signCount, boolean backedUp, Instant now) {
        return jdbc.sql("""
                        update passkey set sign_count = ?, backed_up = ?, last_used_at = ?
                        where id = ? and (sign_count < ? or sign_count = 0)
                        """)
                        .params(signCount, backedUp, Times.sql(now), passkey.id(), signCount)
                        .update()
                == 1;
    }

    boolean delete(String id, String userId) {
        return jdbc.sql("delete from passkey where id = ? and user_id = ?")
                        .params(id, userId)
                        .update()
                == 1;
    }

    void deleteOfUser(String userId) {
        jdbc.sql("delete from passkey where user_id = ?").param(userId).update();
    }

    private static Passkey passkey(ResultSet row, int number) throws SQLException {
        return new Passkey(
                row.getString("id"),
                row.getString("user_id"),
                row.getString("name"),
                row.getString("credential_id"),
                row.getString("credential"),
                row.getLong("sign_count"),
                row.getBoolean("backup_eligible"),
                row.getBoolean("backed_up"),
                Times.get(row, "created_at"),
                Times.getOrNull(row, "last_used_at"));
    }
}
