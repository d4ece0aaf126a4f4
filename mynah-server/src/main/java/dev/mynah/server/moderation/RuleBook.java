package dev.mynah.server.moderation;

import dev.mynah.server.ops.AuditLog;
import dev.mynah.server.store.Transactions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.stereotype.Component;

/** The rules that hold now: the program's, the operator's files, and what administrators decided, which all replicas hear of within a second. */
@Component
final class RuleBook implements SmartInitializingSingleton {
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private final RuleRepository repository;
    private final ModerationSettings settings;
    private final Transactions transactions;
    private final AuditLog audit;
    private final Clock clock;
    private final Folding folding = new Folding();
    private volatile @Nullable Current current;

    RuleBook(
            RuleRepository repository,
            ModerationSettings settings,
            Transactions transactions,
            AuditLog audit,
            Clock clock) {
        this.repository = repository;
        this.settings = settings;
        this.transactions = transactions;
        this.audit = audit;
        this.clock = clock;
    }

    /** What is wrong with the rules ends the start, and the first request need not wait for them. */
    @Override
    public void afterSingletonsInstantiated() {
        refreshNow();
    }

    private record Current(Rules rules, long version, Instant lookedAt) {}

    Rules rules() {
        Current known = current;
        Instant now = clock.instant();
        if (known != null && known.lookedAt.plus(LOOK_EVERY).isAfter(now)) {
            return known.rules;
        }
        return refresh(now);
    }

    private synchronized Rules refresh(Instant now) {
        Current known = current;
        long version = repository.version();
        Rules rules = known != null && known.version == version ? known.rules : load();
        current = new Current(rules, version, now);
        return rules;
    }

    private Rules load() {
        List<Lexicon.Word> words = new ArrayList<>(settings.words());
        repository.words("", Integer.MAX_VALUE).forEach(stored -> words.add(stored.word()));
        return new Rules(folding, words, settings.classifier(), policies());
    }

    /** The policies that hold, by their categories. */
    Map<Category, Policy> policies() {
        Map<Category, Policy> policies = new EnumMap<>(Policy.defaults(settings.classifier()));
        for (RuleRepository.Decision decision : repository.decisions()) {
            Policy own = policies.get(decision.category());
            @Nullable String reason = decision.reason();
            if (own != null) {
                policies.put(
                        decision.category(),
                        new Policy(
                                decision.category(),
                                decision.input(),
                                decision.output(),
                                reason == null ? own.chinese() : reason,
                                reason == null ? own.english() : reason,
                                own.learned() == null || decision.learned() == null
                                        ? own.learned()
                                        : decision.learned()));
            }
        }
        return policies;
    }

    /** Changes what is done about a category. Changes come one after the other, so that none takes another back. */
    void decide(Category category, PolicyChange change, String actor) {
        transactions.run(() -> {
            repository.count();
            RuleRepository.@Nullable Decision before = repository.decisions().stream()
                    .filter(one -> one.category() == category)
                    .findFirst()
                    .orElse(null);
            RuleRepository.Decision decision =
                    change.over(Objects.requireNonNull(policies().get(category)), before);
            repository.store(decision);
            audit.record(
                    actor,
                    "moderation.policy",
                    category.id(),
                    "input " + decision.input().id() + ", output "
                            + decision.output().id()
                            + (decision.learned() == null ? "" : ", classifier " + decision.learned()));
        });
        refreshNow();
    }

    /**
     * Adds a word; empty where it is there already.
     *
     * @throws IllegalArgumentException if nothing in it can be looked for
     */
    Optional<RuleRepository.StoredWord> add(Lexicon.Word word, String actor) {
        WordPattern.of(word.category(), word.text(), folding);
        Optional<RuleRepository.StoredWord> added = transactions.call(() -> {
            Optional<RuleRepository.StoredWord> stored = repository.insert(word, clock.instant());
            stored.ifPresent(one -> audit.record(
                    actor, "moderation.word.add", one.id(), word.category().id()));
            return stored;
        });
        refreshNow();
        return added;
    }

    /** Removes a word; false where there is none. */
    boolean remove(String id, String actor) {
        boolean removed = transactions.call(() -> {
            boolean there = repository.delete(id);
            if (there) {
                audit.record(actor, "moderation.word.remove", id, "");
            }
            return there;
        });
        refreshNow();
        return removed;
    }

    private void refreshNow() {
        refresh(clock.instant());
    }
}
