package dev.mynah.server.account;

import dev.mynah.server.store.Times;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Users as other services know them. */
@Component
public final class IdentityRepository {
    private final JdbcClient jdbc;

    IdentityRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    Optional<String> user(String issuer, String subject) {
        return jdbc.sql("select user_id from external_identity where issuer = ? and subject = ?")
                .params(issuer, subject)
                .query(String.class)
                .optional();
    }

    /** Links an identity to a user, unless it is linked already. */
    void insert(String issuer, String subject, String userId, Instant now) {
        jdbc.sql(
                        "insert into external_identity (issuer, subject, user_id, created_at) values (?, ?, ?, ?) on conflict do nothing")
                .params(issuer, subject, userId, Times.sql(now))
                .update();
    }

    /** The services that know a user. */
    public List<String> issuers(String userId) {
        return jdbc.sql("select issuer from external_identity where user_id = ? order by created_at, issuer")
                .param(userId)
                .query(String.class)
                .list();
    }
}
