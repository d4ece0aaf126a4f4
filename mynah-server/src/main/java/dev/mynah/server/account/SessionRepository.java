package dev.mynah.server.account;

import dev.mynah.server.store.Times;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Browsers that are signed in. */
@Component
public final class SessionRepository {
    private final JdbcClient jdbc;

    public SessionRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * A session.
     *
     * @param secondFactor whether a second factor was shown in it
     */
    public record Session(
            String id, Client client, boolean secondFactor, Instant createdAt, Instant lastSeenAt, Instant expiresAt) {}

    void insert(String hash, String userId, Session session) {
        jdbc.sql("""
                        insert into user_session (token_hash, id, user_id, address, agent, second_factor, created_at, last_seen_at, expires_at)
                        values (?, ?, ?, ?, ?, ?, ?, ?, ?)
                        """)
                .params(
                        hash,
                        session.id(),
                        userId,
                        session.client().address(),
                        session.client().agent(),
                        session.secondFactor(),
                        Times.sql(session.createdAt()),
                        Times.sql(session.lastSeenAt()),
                        Times.sql(session.expiresAt()))
                .update();
    }

    /** A session that is still good, with its active user. */
    record Holder(User user, Session session) {}

    Optional<Holder> holder(String hash, Instant now) {
        return jdbc.sql("""
                        select u.*, s.id as session_id, s.address, s.agent, s.second_factor, s.created_at as opened_at, s.last_seen_at, s.expires_at
                        from user_session s join app_user u on u.id = s.user_id
                        where s.token_hash = ? and s.expires_at > ? and u.state = 'active'
                        """)
                .params(hash, Times.sql(now))
                .query((row, n) -> new Holder(UserRepository.user(row, n), session(row, n)))
                .optional();
    }

    /** The sessions of a user that are still good, the newest first. */
    List<Session> ofUser(String userId, Instant now) {
        return jdbc.sql("""
                        select s.id as session_id, s.address, s.agent, s.second_factor, s.created_at as opened_at, s.last_seen_at, s.expires_at
                        from user_session s where s.user_id = ? and s.expires_at > ? order by s.created_at desc, s.id
                        """)
                .params(userId, Times.sql(now))
                .query(SessionRepository::session)
                .list();
    }

    private static Session session(ResultSet row, int number) throws SQLException {
        return new Session(
                row.getString("session_id"),
                new Client(row.getString("address"), row.getString("agent")),
                row.getBoolean("second_factor"),
                Times.get(row, "opened_at"),
                Times.get(row, "last_seen_at"),
                Times.get(row, "expires_at"));
    }

    void touch(String id, Instant now) {
        jdbc.sql("update user_session set last_seen_at = ? where id = ?")
                .params(Times.sql(now), id)
                .update();
    }

    void setSecondFactor(String id) {
        jdbc.sql("update user_session set second_factor = true where id = ?")
                .param(id)
                .update();
    }

    public void delete(String hash) {
        jdbc.sql("delete from user_session where token_hash = ?").param(hash).update();
    }

    /** Ends a session; false where the user has none of this name. */
    boolean delete(String id, String userId) {
        return jdbc.sql("delete from user_session where id = ? and user_id = ?")
                        .params(id, userId)
                        .update()
                == 1;
    }

    /** Ends the sessions of a user but one. */
    void deleteOthers(String userId, String id) {
        jdbc.sql("delete from user_session where user_id = ? and id <> ?")
                .params(userId, id)
                .update();
    }

    public void deleteOfUser(String userId) {
        jdbc.sql("delete from user_session where user_id = ?").param(userId).update();
    }

    void deleteExpired(Instant now) {
        jdbc.sql("delete from user_session where expires_at <= ?")
                .param(Times.sql(now))
                .update();
    }
}
