package dev.mynah.server.subscription;

import dev.mynah.server.TestClock;
import dev.mynah.server.TestServer;
import dev.mynah.server.TestUser;
import dev.mynah.server.account.OrganisationRepository;
import dev.mynah.server.billing.Money;
import dev.mynah.server.billing.PlanRepository;
import dev.mynah.server.billing.Wallets;
import dev.mynah.server.notice.Notices;
import dev.mynah.server.payment.PaymentBooks;
import dev.mynah.server.payment.PaymentMethod;
import dev.mynah.server.payment.PaymentProvider;
import dev.mynah.server.payment.PaymentRepository;
import dev.mynah.server.payment.Payments;
import dev.mynah.server.payment.Refunds;
import dev.mynah.server.store.Ids;
import dev.mynah.server.store.Transactions;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The components of a running service that deal with subscriptions, at a clock and with a provider of a test's own. The clock goes in years in which the service's own renewals find nothing to
 * do.
 */
public final class SubscriptionDesk {
    public final TestClock clock;
    public final Subscriptions subscriptions;
    public final Renewals renewals;
    public final PaymentBooks books;

    private final TestServer server;

    public SubscriptionDesk(TestServer server, TestClock clock, PaymentProvider provider) {
        this.server = server;
        this.clock = clock;
        PaymentRepository repository = server.bean(PaymentRepository.class);
        Transactions transactions = server.bean(Transactions.class);
        SubscriptionBooks subscriptionBooks = server.bean(SubscriptionBooks.class);
        SubscriptionRepository rows = server.bean(SubscriptionRepository.class);
        Wallets wallets = server.bean(Wallets.class);
        PlanRepository plans = server.bean(PlanRepository.class);
        Payments payments = new Payments(repository, Optional.of(provider), transactions, clock);
        books = new PaymentBooks(repository, payments, wallets, List.of(subscriptionBooks), transactions, clock);
        subscriptions = new Subscriptions(
                rows,
                subscriptionBooks,
                payments,
                repository,
                plans,
                server.bean(OrganisationRepository.class),
                transactions,
                clock);
        renewals = new Renewals(
                rows,
                subscriptionBooks,
                repository,
                payments,
                books,
                server.bean(Refunds.class),
                wallets,
                plans,
                transactions,
                clock);
    }

    public Subscription of(TestUser user) {
        return subscriptions.of(user.organisationId()).orElseThrow();
    }

    /** Subscribes, pays on the page, and leaves a card behind. */
    public void subscribe(TestUser user, String plan) {
        Payments.Begun begun = subscriptions.choose(user.caller(), plan, false).orElseThrow();
        pay(user, begun);
    }

    public void pay(TestUser user, Payments.Begun begun) {
        books.keepMethod(
                user.organisationId(), new PaymentMethod(begun.payment().provider(), "cus", "card"));
        books.succeed(
                begun.payment().id(), begun.payment().id(), begun.payment().amount());
    }

    /** Sets the clock, and renews. */
    public void at(String moment) {
        clock.set(moment);
        renewals.once();
    }

    public String plan(TestUser user) {
        return server.bean(OrganisationRepository.class)
                .find(user.organisationId())
                .orElseThrow()
                .planId();
    }

    /** The kinds of notices, oldest first. */
    public List<String> notices(TestUser user) {
        return server.bean(Notices.class).of(user.organisationId()).reversed().stream()
                .map(Notices.Notice::kind)
                .toList();
    }

    /** What subscriptions of this user have earned. */
    public long earned(TestUser user) {
        return account(user, "subscription");
    }

    /** What the user has paid. */
    public long paid(TestUser user) {
        return -account(user, "payment");
    }

    private long account(TestUser user, String kind) {
        return server.bean(JdbcClient.class)
                .sql(
                        "select coalesce(sum(e.amount), 0) from ledger_entry e join ledger_account a on a.id = e.account_id where a.organisation_id = ? and a.kind = ?")
                .params(user.organisationId(), kind)
                .query(Long.class)
                .single();
    }

    /** Puts credit on a user's wallet. */
    public void credit(TestUser user, long micros) {
        server.bean(Transactions.class)
                .run(() -> server.bean(Wallets.class)
                        .credit(
                                user.organisationId(),
                                "grant",
                                Ids.next("test_"),
                                "grant",
                                new Money(micros, "USD"),
                                clock.instant()));
    }
}
