package dev.mynah.server.account;

import dev.mynah.server.store.Like;
import dev.mynah.server.store.Times;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Users and their credentials. */
@Component
public final class UserRepository {
    private static final String PASSWORD = "password";

    private final JdbcClient jdbc;

    public UserRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** A stored password. */
    public record Password(String hash, boolean mustChange) {}

    public boolean isEmpty() {
        return jdbc.sql("select count(*) from app_user").query(Long.class).single() == 0;
    }

    /** Adds a user, or tells that the address is taken. */
    public boolean insert(User user) {
        return jdbc.sql(
                                "insert into app_user (id, email, name, role, state, created_at) values (?, ?, ?, ?, ?, ?) on conflict do nothing")
                        .params(
                                user.id(),
                                user.email(),
                                user.name(),
                                user.role().id(),
                                user.state().id(),
                                Times.sql(user.createdAt()))
                        .update()
                == 1;
    }

    /** A page of users, the newest first, before {@code after} unless that is empty; with {@code search} in name or address. */
    public List<User> page(String search, String after, int limit) {
        return jdbc.sql("""
                        select * from app_user where (? = '' or id < ?) and (lower(name) like ? escape '!' or email like ? escape '!')
                        order by id desc limit \
                        """ + limit)
                .params(after, after, Like.containing(search), Like.containing(search))
                .query(UserRepository::user)
                .list();
    }

    /** The active administrators, locked. */
    public List<String> lockAdministrators() {
        return jdbc.sql(
                        "select id from app_user where role = 'administrator' and state = 'active' order by id for update")
                .query(String.class)
                .list();
    }

    public void setRights(String id, Role role, UserState state) {
        jdbc.sql("update app_user set role = ?, state = ? where id = ?")
                .params(role.id(), state.id(), id)
                .update();
    }

    public void setName(String id, String name) {
        jdbc.sql("update app_user set name = ? where id = ?").params(name, id).update();
    }

    /** Remembers that the address is the user's. */
    public void setEmailVerified(String id, Instant now) {
        jdbc.sql("update app_user set email_verified_at = ? where id = ? and email_verified_at is null")
                .params(Times.sql(now), id)
                .update();
    }

    /** Gives a user another address, which is known to be the user's; false where an account has it. */
    public boolean setEmail(String id, String email, Instant now) {
        return jdbc.sql("""
                        update app_user set email = ?, email_verified_at = ?
                        where id = ? and not exists (select 1 from app_user other where other.email = ?)
                        """).params(email, Times.sql(now), id, email).update() == 1;
    }

    /** Whether an account was not deleted; if so, it is not before the transaction ends. */
    public boolean lock(String id) {
        return jdbc.sql("select state from app_user where id = ? for update")
                .param(id)
                .query(String.class)
                .optional()
                .filter(state -> UserState.of(state) != UserState.DELETED)
                .isPresent();
    }

    /** Leaves of a user nothing but the identifier that the books refer to. */
    public void erase(String id) {
        jdbc.sql("delete from credential where user_id = ?").param(id).update();
        jdbc.sql(
                        "update app_user set email = ?, name = '', role = 'user', state = 'deleted', feedback_consent = null, instructions = null, email_verified_at = null where id = ?")
                .params(id + "@deleted.invalid", id)
                .update();
    }

    public Optional<User> find(String id) {
        return jdbc.sql("select * from app_user where id = ?")
                .param(id)
                .query(UserRepository::user)
                .optional();
    }

    public Optional<User> findByEmail(String email) {
        return jdbc.sql("select * from app_user where email = ?")
                .param(email)
                .query(UserRepository::user)
                .optional();
    }

    public Optional<Password> password(String userId) {
        return jdbc.sql("select secret, must_change from credential where user_id = ? and kind = ?")
                .params(userId, PASSWORD)
                .query((row, n) -> new Password(row.getString("secret"), row.getBoolean("must_change")))
                .optional();
    }

    public void setPassword(String userId, Password password, Instant now) {
        jdbc.sql("delete from credential where user_id = ? and kind = ?")
                .params(userId, PASSWORD)
                .update();
        jdbc.sql("insert into credential (user_id, kind, secret, must_change, created_at) values (?, ?, ?, ?, ?)")
                .params(userId, PASSWORD, password.hash(), password.mustChange(), Times.sql(now))
                .update();
    }

    static User user(ResultSet row, int number) throws SQLException {
        return new User(
                row.getString("id"),
                row.getString("email"),
                row.getString("name"),
                Role.of(row.getString("role")),
                UserState.of(row.getString("state")),
                Times.get(row, "created_at"),
                Times.getOrNull(row, "email_verified_at"));
    }
}
