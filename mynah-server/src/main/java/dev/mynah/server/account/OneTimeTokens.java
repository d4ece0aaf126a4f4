package dev.mynah.server.account;

import dev.mynah.server.store.ServerSecret;
import dev.mynah.server.store.Times;
import dev.mynah.server.store.Tokens;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Secrets of 256 random bits that are good once, for one purpose and for a while. The database has their HMAC. To be called within transactions. */
@Component
public final class OneTimeTokens {
    private final JdbcClient jdbc;
    private final ServerSecret secret;
    private final Clock clock;

    public OneTimeTokens(JdbcClient jdbc, ServerSecret secret, Clock clock) {
        this.jdbc = jdbc;
        this.secret = secret;
        this.clock = clock;
    }

    /**
     * What a token stands for.
     *
     * @param userId whom it was made for, or null
     * @param data   what was kept with it
     */
    public record Kept(@Nullable String userId, String data) {}

    /** Makes a token. */
    public String issue(String purpose, @Nullable String userId, String data, Duration lifetime) {
        String token = Tokens.next("");
        keep(token, purpose, userId, data, lifetime);
        return token;
    }

    /** As {@link #issue}, for random bits that somebody else made. */
    void keep(String token, String purpose, @Nullable String userId, String data, Duration lifetime) {
        jdbc.sql("delete from one_time_token where expires_at <= ?")
                .param(Times.sql(clock.instant()))
                .update();
        jdbc.sql("insert into one_time_token (token_hash, purpose, user_id, data, expires_at) values (?, ?, ?, ?, ?)")
                .params(secret.hash(token), purpose)
                .param(userId)
                .params(data, Times.sql(clock.instant().plus(lifetime)))
                .update();
    }

    /** What a token stands for, without using it up. */
    public Optional<Kept> look(String purpose, String token) {
        return jdbc.sql(
                        "select user_id, data from one_time_token where token_hash = ? and purpose = ? and expires_at > ?")
                .params(secret.hash(token), purpose, Times.sql(clock.instant()))
                .query((row, n) -> new Kept(row.getString("user_id"), row.getString("data")))
                .optional();
    }

    /** Uses a token up; empty where it is unknown, expired, or used, were it a moment ago by somebody else. */
    public Optional<Kept> take(String purpose, String token) {
        return look(purpose, token)
                .filter(kept -> jdbc.sql("delete from one_time_token where token_hash = ?")
                                .param(secret.hash(token))
                                .update()
                        == 1);
    }

    /** Ends all tokens of a user for a purpose. */
    public void revoke(String purpose, String userId) {
        jdbc.sql("delete from one_time_token where user_id = ? and purpose = ?")
                .params(userId, purpose)
                .update();
    }
}
