package dev.mynah.server.account;

import dev.mynah.server.ops.AuditLog;
import dev.mynah.server.store.Ids;
import dev.mynah.server.store.Rounds;
import dev.mynah.server.store.ServerSecret;
import dev.mynah.server.store.Tokens;
import dev.mynah.server.store.Transactions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Makes, checks and ends API keys. A key is shown once, when it is made; the database has its hash. */
@Component
public final class ApiKeys {
    private static final String PREFIX = "sk-mynah-";
    private static final int HINT_LENGTH = 4;
    // How exactly the last use is known: not every request need write.
    private static final Duration USE_RESOLUTION = Duration.ofMinutes(1);

    private final ApiKeyRepository keys;
    private final Transactions transactions;
    private final Rounds rounds;
    private final AccountSettings settings;
    private final ServerSecret secret;
    private final AuditLog audit;
    private final Clock clock;

    public ApiKeys(
            ApiKeyRepository keys,
            Transactions transactions,
            Rounds rounds,
            AccountSettings settings,
            ServerSecret secret,
            AuditLog audit,
            Clock clock) {
        this.keys = keys;
        this.transactions = transactions;
        this.rounds = rounds;
        this.settings = settings;
        this.secret = secret;
        this.audit = audit;
        this.clock = clock;
    }

    /** A new key, with the secret that is shown this once. */
    public record Created(ApiKey key, String secret) {}

    /** What a key is wished to be. */
    public record Order(
            String projectId,
            String userId,
            String name,
            Scopes scopes,
            @Nullable Instant expiresAt) {}

    public Created create(Order order) {
        String token = Tokens.next(PREFIX);
        ApiKey key = new ApiKey(
                Ids.next("key_"),
                order.projectId(),
                order.userId(),
                order.name(),
                token.substring(token.length() - HINT_LENGTH),
                order.scopes(),
                clock.instant(),
                order.expiresAt(),
                null,
                null);
        transactions.run(() -> {
            keys.insert(key, secret.hash(token));
            audit.record(order.userId(), "api_key.create", key.id(), key.name());
        });
        return new Created(key, token);
    }

    /** Whom a key speaks for; empty where it is unknown, expired or revoked, or its user may not come in. Where administration needs a second factor, its user must have one. */
    public Optional<Caller> authenticate(String token) {
        Instant now = clock.instant();
        return keys.holder(secret.hash(token), now).map(holder -> {
            Caller caller = holder.caller();
            Instant last = holder.lastUsedAt();
            if (caller.apiKeyId() != null
                    && (last == null || last.plus(USE_RESOLUTION).isBefore(now))) {
                String id = caller.apiKeyId();
                transactions.run(() -> rounds.runWithoutWaiting(List.of(keys.touch(id, now))));
            }
            return settings.secondFactor() && caller.role() != Role.USER && !keys.hasSecondFactor(caller.userId())
                    ? caller.as(Role.USER)
                    : caller;
        });
    }

    public List<ApiKey> ofUser(String userId) {
        return keys.ofUser(userId);
    }

    /** Ends a key of this user; false where there is none. */
    public boolean revoke(String id, String userId) {
        return transactions.call(() -> {
            boolean revoked = keys.revoke(id, userId, clock.instant());
            if (revoked) {
                audit.record(userId, "api_key.revoke", id, "");
            }
            return revoked;
        });
    }
}
