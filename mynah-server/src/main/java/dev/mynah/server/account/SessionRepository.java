package dev.mynah.server.account;

import dev.mynah.server.store.Times;
import java.time.Instant;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Signed-in browsers. */
@Component
public final class SessionRepository {
    private final JdbcClient jdbc;

    public SessionRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    public void insert(String hash, String userId, Instant now, Instant expiresAt) {
        jdbc.sql(
                        "insert into user_session (token_hash, user_id, created_at, last_seen_at, expires_at) values (?, ?, ?, ?, ?)")
                .params(hash, userId, Times.sql(now), Times.sql(now), Times.sql(expiresAt))
                .update();
    }

    /** The active user of a session that is still good. */
    public Optional<User> user(String hash, Instant now) {
        return jdbc.sql("""
                        select u.* from user_session s join app_user u on u.id = s.user_id
                        where s.token_hash = ? and s.expires_at > ? and u.state = 'active'
                        """)
                .params(hash, Times.sql(now))
                .query(UserRepository::user)
                .optional();
    }

    public void delete(String hash) {
        jdbc.sql("delete from user_session where token_hash = ?").param(hash).update();
    }

    public void deleteOfUser(String userId) {
        jdbc.sql("delete from user_session where user_id = ?").param(userId).update();
    }

    public void deleteExpired(Instant now) {
        jdbc.sql("delete from user_session where expires_at <= ?")
                .param(Times.sql(now))
                .update();
    }
}
