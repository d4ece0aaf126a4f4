package dev.mynah.server.answer;

import dev.mynah.server.account.Caller;
import dev.mynah.server.billing.Billing;
import dev.mynah.server.billing.Outcome;
import dev.mynah.server.billing.Prices;
import dev.mynah.server.billing.RateLimits;
import dev.mynah.server.billing.ReservationRepository;
import dev.mynah.server.billing.Spender;
import dev.mynah.server.billing.TokenCounts;
import dev.mynah.server.ops.ServiceState;
import dev.mynah.server.provider.RegisteredModel;
import dev.mynah.server.store.Ids;
import dev.mynah.server.store.Rounds;
import dev.mynah.server.store.Sql;
import dev.mynah.server.store.Transactions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
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
    private final Rounds rounds;
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
            Rounds rounds,
            AnswerMetrics metrics,
            Clock clock) {
        this.answers = answers;
        this.billing = billing;
        this.reservations = reservations;
        this.listeners = List.copyOf(listeners);
        this.state = state;
        this.transactions = transactions;
        this.rounds = rounds;
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
        return start(order, () -> reserve(order, LEASE, rounds::runWithoutWaiting));
    }

    /**
     * As {@link #start(AnswerOrder)}.
     *
     * @param within what further belongs into the transaction in which the answer begins
     */
    public RunningAnswer start(AnswerOrder order, Runnable within) {
        return start(order, () -> {
            Begun begun = reserve(order, LEASE, rounds::run);
            within.run();
            return begun;
        });
    }

    private RunningAnswer start(AnswerOrder order, Supplier<Begun> begin) {
        long startedAt = System.nanoTime();
        if (draining) {
            throw ServiceStoppedException.restarting();
        }
        if (state.wasStopped()) {
            throw new ServiceStoppedException();
        }
        Begun begun = transactions.callInTurn(order.caller().organisationId(), begin);
        RunningAnswer answer = new RunningAnswer(order, begun, startedAt, this::settle);
        running.put(order.id(), answer);
        try {
            answer.start();
        } catch (RuntimeException | Error e) {
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
        reserve(order, FOREVER, rounds::run);
    }

    /** Charges what was begun, within a transaction; it stays as it is where that was done before. */
    public void settle(String id, Outcome outcome, TokenCounts counts) {
        settle(answers.find(id, reservations.get(id)), outcome, counts, "");
    }

    /** An answer that has begun: what it leaves of the limits, and until when it is this process's. */
    record Begun(OpenAnswer open, RateLimits.Remaining remaining, Instant leaseUntil) {}

    /** @param write writes the answer and its reservation */
    private Begun reserve(AnswerOrder order, Duration lease, Consumer<List<Sql>> write) {
        Instant now = clock.instant();
        TokenCounts most = new TokenCounts(
                order.generation().promptTokens(), 0, order.generation().maxCompletionTokens());
        Caller caller = order.caller();
        Spender spender = new Spender(caller.organisationId(), caller.projectId(), caller.userId(), caller.apiKeyId());
        Billing.Reserved reserved =
                billing.reserve(order.id(), spender, order.plan(), prices(order.model()), most, now);
        Instant leaseUntil = now.plus(lease);
        write.accept(
                List.of(answers.insert(order, owner, leaseUntil, now), reservations.insert(reserved.reservation())));
        OpenAnswer open = new OpenAnswer(order.model().id(), order.messageId(), spender, reserved.reservation());
        return new Begun(open, reserved.remaining(), leaseUntil);
    }

    static Prices prices(RegisteredModel model) {
        return new Prices(model.currency(), model.inputPrice(), model.cachedInputPrice(), model.outputPrice());
    }

    /** Settles what was delivered. Where the database fails, the sweeper does so later. */
    private void settle(RunningAnswer answer, Runnable within) {
        answer.persist();
        Outcome outcome = answer.outcome();
        try {
            OptionalLong cost = transactions.callInTurn(answer.open().spender().organisationId(), () -> {
                within.run();
                return settle(
                        answer.open(),
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
    private OptionalLong settle(OpenAnswer answer, Outcome outcome, TokenCounts counts, String rest) {
        String id = answer.id();
        List<Rounds.Result> ended = rounds.run(List.of(answers.end(id, counts), reservations.close(id)));
        if (ended.getFirst().count() == 0) {
            return OptionalLong.empty();
        }
        if (ended.getLast().count() == 0) {
            throw new IllegalStateException("the answer " + id + " runs, and nothing is set aside for it");
        }
        Instant now = clock.instant();
        long cost = billing.settle(
                answer.reservation(),
                answer.spender(),
                outcome,
                counts,
                now,
                amount -> answers.usage(answer, counts.charged(outcome), amount, now));
        @Nullable String message = answer.messageId();
        if (message != null) {
            String text = answers.text(id) + rest;
            answers.deleteChunks(id);
            listeners.forEach(listener -> listener.settled(id, message, text, outcome));
        }
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

    /** Stops all answers to a user, in whatever process they run. */
    public void requestStopOf(String userId) {
        answers.runningOf(userId).forEach(this::requestStop);
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
