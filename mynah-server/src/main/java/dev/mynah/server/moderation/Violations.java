package dev.mynah.server.moderation;

import dev.mynah.server.account.UserRepository;
import dev.mynah.server.answer.EmergencyStop;
import dev.mynah.server.ops.AuditLog;
import dev.mynah.server.store.Ids;
import dev.mynah.server.store.Transactions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Keeps what was found, counts it against accounts, and acts where it becomes too much. */
@Component
final class Violations {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final ItemRepository items;
    private final UserRepository users;
    private final Alarms alarms;
    private final EmergencyStop stop;
    private final ModerationSettings settings;
    private final AuditLog audit;
    private final Transactions transactions;
    private final Clock clock;

    Violations(
            ItemRepository items,
            UserRepository users,
            Alarms alarms,
            EmergencyStop stop,
            ModerationSettings settings,
            AuditLog audit,
            Transactions transactions,
            Clock clock) {
        this.items = items;
        this.users = users;
        this.alarms = alarms;
        this.stop = stop;
        this.settings = settings;
        this.audit = audit;
        this.transactions = transactions;
        this.clock = clock;
    }

    /** Where something was found. */
    record Origin(String userId, String answerId, String endpoint) {}

    /**
     * How an account stands.
     *
     * @param strikes those that count now
     */
    record Standing(
            int strikes,
            int warnAt,
            int suspendAt,
            @Nullable Instant suspendedUntil) {}

    /** Keeps an item, unless its user has left meanwhile. A refused input is a strike; enough of them suspend the account, and enough violations of all accounts stop the service. */
    Standing record(Origin origin, Item item) {
        Standing standing = transactions.call(() -> {
            if (!users.lock(origin.userId())) {
                return new Standing(0, settings.warnAt(), settings.suspendAt(), null);
            }
            String id = Ids.next("mod_");
            items.insert(id, origin, item, clock.instant());
            if (item.action() == Action.ALERT) {
                alarms.raise(
                        "alert",
                        Map.of(
                                "item", id,
                                "user", origin.userId(),
                                "category", item.category().id(),
                                "direction", item.direction().id()));
            }
            return strike(origin, item);
        });
        if (item.action().refuses()) {
            stopWhereTooMany();
        }
        return standing;
    }

    private Standing strike(Origin origin, Item item) {
        if (item.direction() == Direction.OUTPUT || !item.action().refuses()) {
            return new Standing(0, settings.warnAt(), settings.suspendAt(), null);
        }
        int strikes = strikes(origin.userId(), items.lockStrikesSince(origin.userId()));
        @Nullable Instant until = null;
        if (strikes >= settings.suspendAt()) {
            until = clock.instant().plus(settings.suspension()).truncatedTo(ChronoUnit.SECONDS);
            items.suspend(origin.userId(), until);
            audit.record(AuditLog.SYSTEM, "moderation.suspend", origin.userId(), strikes + " strikes, until " + until);
            alarms.raise("suspension", Map.of("user", origin.userId(), "strikes", strikes));
        }
        return new Standing(strikes, settings.warnAt(), settings.suspendAt(), until);
    }

    private int strikes(String userId, Instant since) {
        Instant window = clock.instant().minus(settings.window());
        return items.countStrikes(userId, since.isAfter(window) ? since : window);
    }

    /** The strikes of an account that count now. */
    int strikes(ItemRepository.Account account) {
        return strikes(account.userId(), account.strikesSince());
    }

    private void stopWhereTooMany() {
        int rate = settings.stopRate();
        if (rate == 0) {
            return;
        }
        long count = items.countViolations(clock.instant().minus(MINUTE));
        if (count >= rate && stop.set(true, AuditLog.SYSTEM, count + " violations within a minute")) {
            transactions.run(() -> alarms.raise("stop", Map.of("violations_per_minute", count)));
        }
    }

    /** Forgets the strikes of an account and lifts its suspension. */
    void reset(String userId, String actor) {
        transactions.run(() -> {
            items.reset(userId, clock.instant());
            audit.record(actor, "moderation.reset", userId, "");
        });
    }

    /** Decides about an item; one that is dismissed is no strike. Empty where there is none. */
    Optional<ItemRepository.Row> decide(String id, boolean upheld, String actor) {
        return transactions.call(() -> {
            if (!items.decide(id, upheld, actor, clock.instant())) {
                return Optional.<ItemRepository.Row>empty();
            }
            audit.record(actor, upheld ? "moderation.uphold" : "moderation.dismiss", id, "");
            return items.find(id);
        });
    }
}
