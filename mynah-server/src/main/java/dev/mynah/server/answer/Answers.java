package dev.mynah.server.answer;

import dev.mynah.server.account.Caller;
import dev.mynah.server.billing.Billing;
import dev.mynah.server.billing.Outcome;
import dev.mynah.server.billing.Prices;
import dev.mynah.server.billing.Reservation;
import dev.mynah.server.billing.ReservationRepository;
import dev.mynah.server.billing.Spender;
import dev.mynah.server.billing.TokenCounts;
import dev.mynah.server.ops.ServiceState;
import dev.mynah.server.provider.RegisteredModel;
import dev.mynah.server.store.Ids;
import dev.mynah.server.store.Transactions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/** Starts answers and settles them. */
@Component
public final class Answers {
    /** How long an answer's owner may be silent before the sweeper takes it. */
    static final Duration LEASE = Duration.ofSeconds(10);

    private static final Duration FOREVER = Duration.ofDays(36_500);

    private final AnswerRepository answers;
    private final Billing billing;
    private final ReservationRepository reservations;
    private final List<SettlementListener> listeners;
    private final ServiceState state;
    private final Transactions transactions;
    private final AnswerMetrics metrics;
    private final Clock clock;
    private volatile boolean draining;
    private final String owner = Ids.next("proc_");
    private final Map<String, RunningAnswer> running = new ConcurrentHashMap<>();

    public Answers(
            AnswerRepository answers,
            Billing billing,
            ReservationRepository reservations,
            List<SettlementListener> listeners,
            ServiceState state,
            Transactions transactions,
            AnswerMetrics metrics,
            Clock clock) {
        this.answers = answers;
        this.billing = billing;
        this.reservations = reservations;
        this.listeners = List.copyOf(listeners);
        this.state = state;
        this.transactions = transactions;
        this.metrics = metrics;
        this.clock = clock;
    }

    /**
     * Sets aside what an answer may cost, and starts it. The caller closes it.
     *
     * @throws dev.mynah.server.billing.LimitExceededException     if the plan has no room for it now
     * @throws dev.mynah.server.billing.InsufficientFundsException if the wallet does not cover it
     * @throws dev.mynah.server.billing.SpendCapException          if a spend cap does not leave so much
     * @throws ServiceStoppedException                             if operators have stopped the service
     * @throws dev.mynah.engine.EngineBusyException                if too many wait already; nothing is charged
     */
    public RunningAnswer start(AnswerOrder order) {
        return start(order, () -> {});
    }

    /**
     * As {@link #start(AnswerOrder)}.
     *
     * @param within what further belongs into the transaction in which the answer begins
     */
    public RunningAnswer start(AnswerOrder order, Runnable within) {
        long startedAt = System.nanoTime();
        if (draining) {
            throw ServiceStoppedException.restarting();
        }
        Instant leaseUntil = transactions.call(() -> {
            if (state.isStopped()) {
                throw new ServiceStoppedException();
            }
            Instant lease = reserve(order, LEASE);
            within.run();
            return lease;
        });
        RunningAnswer answer = new RunningAnswer(order, startedAt, leaseUntil, this::settle);
        running.put(order.id(), answer);
        try {
            answer.start();
        } catch (RuntimeException e) {
            answer.end(Outcome.FAILED);
            answer.close();
            throw e;
        }
        return answer;
    }

    /**
     * Sets aside, within a transaction, what something may cost that outlives processes, such as the training of a model. No sweeper ends it: whoever began it settles it.
     *
     * @throws dev.mynah.server.billing.LimitExceededException     as {@link #start}
     * @throws dev.mynah.server.billing.InsufficientFundsException as {@link #start}
     */
    public void begin(AnswerOrder order) {
        reserve(order, FOREVER);
    }

    /** Charges what was begun with {@link #begin}, within a transaction; it stays as it is where that was done before. */
    public void settle(String id, String organisationId, Outcome outcome, TokenCounts counts) {
        settle(id, organisationId, outcome, counts, "");
    }

    private Instant reserve(AnswerOrder order, Duration lease) {
        Instant now = clock.instant();
        TokenCounts most = new TokenCounts(
                order.generation().promptTokens(), 0, order.generation().maxCompletionTokens());
        Caller caller = order.caller();
        Spender spender = new Spender(caller.organisationId(), caller.projectId(), caller.userId(), caller.apiKeyId());
        Reservation reservation = billing.reserve(order.id(), spender, order.plan(), prices(order.model()), most, now);
        Instant leaseUntil = now.plus(lease);
        answers.insert(order, owner, leaseUntil, now);
        reservations.insert(reservation);
        return leaseUntil;
    }

    private static Prices prices(RegisteredModel model) {
        return new Prices(model.currency(), model.inputPrice(), model.cachedInputPrice(), model.outputPrice());
    }

    /** Settles what was delivered. Where the database fails, the sweeper does so later. */
    private void settle(RunningAnswer answer, Runnable within) {
        answer.persist();
        Outcome outcome = answer.outcome();
        try {
            OptionalLong cost = transactions.call(() -> {
                within.run();
                return settle(
                        answer.id(),
                        answer.order().caller().organisationId(),
                        outcome,
                        answer.counts(),
                        answer.progress().text());
            });
            cost.ifPresent(amount -> metrics.settled(answer, outcome, amount));
        } finally {
            answer.endPersist();
            running.remove(answer.id());
        }
    }

    /**
     * Settles an answer, within a transaction; one that was settled already stays as it is.
     *
     * @param rest the text that follows what was committed
     * @return what it cost, or nothing where it was settled already
     */
    OptionalLong settle(String id, String organisationId, Outcome outcome, TokenCounts counts, String rest) {
        if (!answers.end(id, counts)) {
            return OptionalLong.empty();
        }
        Instant now = clock.instant();
        long cost = billing.settle(id, organisationId, outcome, counts, now);
        answers.insertUsage(id, counts.charged(outcome), cost, now);
        answers.messageOf(id).ifPresent(message -> {
            String text = answers.text(id) + rest;
            answers.deleteChunks(id);
            listeners.forEach(listener -> listener.settled(id, message, text, outcome));
        });
        return OptionalLong.of(cost);
    }

    /** Stops an answer, whichever process generates it. */
    public void requestStop(String id) {
        RunningAnswer here = running.get(id);
        if (here == null) {
            answers.requestStop(id);
        } else {
            here.cancel();
        }
    }

    /** Stops all answers of this process. */
    void cancelAll() {
        running.values().forEach(RunningAnswer::cancel);
    }

    /** Takes no further answers, for this process ends. */
    void drain() {
        draining = true;
    }

    /** The answers that this process generates now. */
    public Collection<RunningAnswer> running() {
        return running.values();
    }

    /** The name of this process in the leases of its answers. */
    String owner() {
        return owner;
    }
}
