package dev.mynah.server.account;

import java.util.Collection;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What users show beside a password: a code of an app, or one of the codes for when that is lost. */
@Component
final class SecondFactorRepository {
    private final JdbcClient jdbc;

    SecondFactorRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * A secret that an app has.
     *
     * @param sealed encrypted
     */
    record Secret(String sealed, boolean confirmed, long lastStep) {}

    Optional<Secret> secret(String userId) {
        return jdbc.sql("select secret, confirmed, last_step from totp where user_id = ?")
                .param(userId)
                .query((row, n) ->
                        new Secret(row.getString("secret"), row.getBoolean("confirmed"), row.getLong("last_step")))
                .optional();
    }

    /** Keeps a secret that is not confirmed yet, in place of another such; false where one is confirmed. */
    boolean begin(String userId, String sealed) {
        jdbc.sql("delete from totp where user_id = ? and not confirmed")
                .param(userId)
                .update();
        return jdbc.sql(
                                "insert into totp (user_id, secret, confirmed, last_step) values (?, ?, false, 0) on conflict do nothing")
                        .params(userId, sealed)
                        .update()
                == 1;
    }

    boolean confirm(String userId) {
        return jdbc.sql("update totp set confirmed = true where user_id = ? and not confirmed")
                        .param(userId)
                        .update()
                == 1;
    }

    /** Uses up a time step; false where it, or a later one, was used before. */
    boolean use(String userId, long step) {
        return jdbc.sql("update totp set last_step = ? where user_id = ? and last_step < ?")
                        .params(step, userId, step)
                        .update()
                == 1;
    }

    void putRecoveryCodes(String userId, Collection<String> hashes) {
        jdbc.sql("delete from recovery_code where user_id = ?").param(userId).update();
        for (String hash : hashes) {
            jdbc.sql("insert into recovery_code (user_id, code_hash) values (?, ?)")
                    .params(userId, hash)
                    .update();
        }
    }

    /** Uses up a code; false where there is none of this hash. */
    boolean useRecoveryCode(String userId, String hash) {
        return jdbc.sql("delete from recovery_code where user_id = ? and code_hash = ?")
                        .params(userId, hash)
                        .update()
                == 1;
    }

    int recoveryCodes(String userId) {
        return jdbc.sql("select count(*) from recovery_code where user_id = ?")
                .param(userId)
                .query(Integer.class)
                .single();
    }

    void delete(String userId) {
        jdbc.sql("delete from totp where user_id = ?").param(userId).update();
        jdbc.sql("delete from recovery_code where user_id = ?").param(userId).update();
    }
}
