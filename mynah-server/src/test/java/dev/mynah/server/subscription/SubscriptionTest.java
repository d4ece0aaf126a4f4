package dev.mynah.server.subscription;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mynah.server.AtOnce;
import dev.mynah.server.TestClock;
import dev.mynah.server.TestDatabase;
import dev.mynah.server.TestServer;
import dev.mynah.server.TestUser;
import dev.mynah.server.account.Caller;
import dev.mynah.server.billing.BillingException;
import dev.mynah.server.billing.Money;
import dev.mynah.server.payment.Payments;
import dev.mynah.server.store.Ids;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Subscriptions over the months: Plus is 20 USD. */
@ParameterizedClass
@EnumSource(TestDatabase.class)
class SubscriptionTest {
    private static final long PLUS = 20_000_000;

    private final TestServer server;
    private final Card card = new Card();
    private final SubscriptionDesk desk;
    private final TestUser user;

    SubscriptionTest(TestDatabase database) {
        server = TestServer.on(database);
        desk = new SubscriptionDesk(server, new TestClock("2096-01-31T10:00:00Z"), card);
        user = TestUser.onPlan(server, "free");
    }

    @AfterEach
    void theBooksAreRight() throws Exception {
        assertThat(server.audit()).matches(report -> report.isClean());
    }

    private void assertMonth(String end, int months) {
        assertThat(desk.of(user).state()).isEqualTo(Subscription.State.ACTIVE);
        assertThat(desk.of(user).periodEnd()).isEqualTo(Instant.parse(end));
        assertThat(desk.earned(user)).isEqualTo(months * PLUS);
        assertThat(desk.paid(user)).isEqualTo(months * PLUS);
        assertThat(user.balance()).isZero();
        assertThat(desk.plan(user)).isEqualTo("plus");
    }

    private static final List<String> STARTS =
            List.of("2096-02-29T10:00:00Z", "2096-03-31T10:00:00Z", "2096-04-30T10:00:00Z", "2096-05-31T10:00:00Z");

    @Test
    void itIsRenewedOnceAMonthBySeveralReplicas() throws Exception {
        desk.subscribe(user, "plus");
        assertMonth("2096-02-29T10:00:00Z", 1);
        desk.at("2096-02-29T09:59:59Z");
        assertMonth("2096-02-29T10:00:00Z", 1);
        SubscriptionDesk replica = new SubscriptionDesk(server, desk.clock, card);
        int months = 1;
        for (String start : STARTS) {
            desk.clock.set(start);
            AtOnce.run(8, i -> {
                (i % 2 == 0 ? desk : replica).renewals.once();
                return i;
            });
            months++;
            assertThat(desk.earned(user)).as(start).isEqualTo(months * PLUS);
        }
        assertMonth("2096-06-30T10:00:00Z", 5);
        assertThat(card.charged(user.organisationId())).hasSize(4);
        // Away for months: the one that runs is charged, those in between are not.
        desk.at("2097-02-28T11:00:00Z");
        assertMonth("2097-03-31T10:00:00Z", 6);
    }

    @Test
    void theBalancePaysWhereItCoversTheMonth() {
        desk.credit(user, 2 * PLUS);
        assertThat(desk.subscriptions.choose(user.caller(), "plus", true)).isEmpty();
        desk.at("2096-02-29T10:00:00Z");
        assertThat(user.balance()).isZero();
        assertThat(desk.earned(user)).isEqualTo(2 * PLUS);
        assertThat(card.charged(user.organisationId())).isEmpty();
        desk.at("2096-03-31T10:00:00Z");
        assertThat(desk.of(user).state()).isEqualTo(Subscription.State.PAST_DUE);
        assertThat(desk.notices(user)).endsWith("renewal_failed");
        TestUser poor = TestUser.onPlan(server, "free");
        assertThatThrownBy(() -> desk.subscriptions.choose(poor.caller(), "plus", true))
                .isInstanceOf(BillingException.class);
        assertThat(desk.plan(poor)).isEqualTo("free");
    }

    @Test
    void aFailedRenewalIsTriedAgainAndThenEndsThePlan() {
        desk.subscribe(user, "plus");
        card.mood = Card.Mood.DECLINES;
        desk.at("2096-02-29T10:00:00Z");
        assertThat(desk.of(user).state()).isEqualTo(Subscription.State.PAST_DUE);
        assertThat(desk.plan(user)).isEqualTo("plus");
        desk.at("2096-03-01T09:00:00Z");
        assertThat(card.charged(user.organisationId())).hasSize(1);
        desk.at("2096-03-01T10:00:00Z");
        desk.at("2096-03-03T10:00:00Z");
        desk.at("2096-03-05T10:00:00Z");
        assertThat(card.charged(user.organisationId())).hasSize(4);
        assertThatThrownBy(() -> desk.subscriptions.choose(user.caller(), "payg", false))
                .isInstanceOf(BillingException.class);
        desk.at("2096-03-07T10:00:00Z");
        assertThat(card.charged(user.organisationId())).hasSize(4);
        assertThat(desk.of(user).state()).isEqualTo(Subscription.State.ENDED);
        assertThat(desk.plan(user)).isEqualTo("free");
        assertThat(desk.earned(user)).isEqualTo(PLUS);
        assertThat(desk.notices(user))
                .containsExactly(
                        "subscription_began",
                        "renewal_failed",
                        "renewal_failed",
                        "renewal_failed",
                        "renewal_failed",
                        "subscription_ended");
        // Taken up again: months are counted from now on.
        card.mood = Card.Mood.PAYS;
        desk.subscribe(user, "plus");
        assertMonth("2096-04-07T10:00:00Z", 2);
    }

    @Test
    void whoPaysWithinTheGraceKeepsTheMonth() {
        desk.subscribe(user, "plus");
        card.mood = Card.Mood.DECLINES;
        desk.at("2096-02-29T10:00:00Z");
        desk.clock.set("2096-03-02T00:00:00Z");
        desk.pay(user, desk.subscriptions.choose(user.caller(), "plus", false).orElseThrow());
        assertMonth("2096-03-31T10:00:00Z", 2);
        desk.at("2096-03-03T10:00:00Z");
        assertThat(card.charged(user.organisationId())).hasSize(1);
    }

    @Test
    void aChargeOfUnknownOutcomeIsAskedForAgainUnderTheSameName() {
        desk.subscribe(user, "plus");
        card.mood = Card.Mood.BREAKS;
        desk.at("2096-02-29T10:00:00Z");
        desk.at("2096-02-29T10:05:00Z");
        assertThat(card.charged(user.organisationId())).hasSize(1);
        desk.at("2096-02-29T10:20:00Z");
        assertThat(card.charged(user.organisationId())).hasSize(2);
        card.mood = Card.Mood.PAYS;
        desk.at("2096-02-29T10:40:00Z");
        assertMonth("2096-03-31T10:00:00Z", 2);
        assertThat(card.charged(user.organisationId()).stream().distinct()).hasSize(1);
    }

    @Test
    void aChargeThatNothingIsHeardOfFailsAtLast() {
        desk.subscribe(user, "plus");
        card.mood = Card.Mood.BREAKS;
        desk.at("2096-02-29T10:00:00Z");
        desk.at("2096-03-01T05:59:00Z");
        assertThat(desk.of(user).state()).isEqualTo(Subscription.State.ACTIVE);
        desk.at("2096-03-01T06:00:00Z");
        assertThat(desk.of(user).state()).isEqualTo(Subscription.State.PAST_DUE);
        desk.at("2096-03-01T10:00:00Z");
        List<String> charged =
                card.charged(user.organisationId()).stream().distinct().toList();
        assertThat(charged).hasSize(2);
        desk.at("2096-03-07T10:00:00Z");
        assertThat(desk.plan(user)).isEqualTo("free");
        assertThat(desk.notices(user)).containsSubsequence("renewal_failed", "subscription_ended");
        // It was made after all.
        assertThat(desk.books.succeed(charged.getFirst(), charged.getFirst(), new Money(PLUS, "USD")))
                .isTrue();
        assertThat(user.balance()).isEqualTo(PLUS);
        assertThat(desk.notices(user)).endsWith("payment_kept");
    }

    @Test
    void aRenewalWhoseEventIsLostIsAskedFor() {
        desk.subscribe(user, "plus");
        card.mood = Card.Mood.WAITS;
        desk.at("2096-02-29T10:00:00Z");
        desk.at("2096-02-29T10:09:59Z");
        assertThat(card.looked(user.organisationId())).isEmpty();
        desk.at("2096-02-29T10:10:00Z");
        desk.at("2096-03-02T10:00:00Z");
        assertThat(card.looked(user.organisationId())).hasSize(2);
        // Under way for two days, it is asked for again half a day later.
        card.mood = Card.Mood.PAYS;
        desk.at("2096-03-02T21:00:00Z");
        assertThat(desk.earned(user)).isEqualTo(PLUS);
        desk.at("2096-03-02T22:00:00Z");
        assertMonth("2096-03-31T10:00:00Z", 2);
        assertThat(card.charged(user.organisationId())).hasSize(1);

        card.mood = Card.Mood.WAITS;
        desk.at("2096-03-31T10:00:00Z");
        card.mood = Card.Mood.DECLINES;
        desk.at("2096-03-31T10:10:00Z");
        assertThat(desk.of(user).state()).isEqualTo(Subscription.State.PAST_DUE);
        assertThat(desk.notices(user)).endsWith("renewal_failed");
    }

    @Test
    void aPageThatWasPaidCountsWhereItsEventIsLost() {
        assertThat(desk.subscriptions.choose(user.caller(), "plus", false)).isPresent();
        card.mood = Card.Mood.WAITS;
        desk.at("2096-01-31T10:10:00Z");
        assertThat(desk.plan(user)).isEqualTo("free");
        card.mood = Card.Mood.PAYS;
        desk.at("2096-01-31T10:20:00Z");
        assertMonth("2096-02-29T10:20:00Z", 1);
        // It left a card behind.
        desk.at("2096-02-29T10:20:00Z");
        assertMonth("2096-03-31T10:20:00Z", 2);
        assertThat(card.charged(user.organisationId())).hasSize(1);
    }

    @Test
    void whatIsToldLateIsKeptAsCredit() {
        desk.subscribe(user, "plus");
        card.mood = Card.Mood.WAITS;
        desk.at("2096-02-29T10:00:00Z");
        desk.at("2096-02-29T12:00:00Z");
        String waiting = card.charged(user.organisationId()).getFirst();
        assertThat(card.charged(user.organisationId()).stream().distinct()).hasSize(1);
        desk.at("2096-03-07T10:00:00Z");
        // Still waiting: nothing failed yet, nothing is charged twice.
        assertThat(card.charged(user.organisationId()).stream().distinct()).hasSize(1);
        desk.subscriptions.cancel(user.caller());
        desk.at("2096-03-07T11:00:00Z");
        assertThat(desk.plan(user)).isEqualTo("free");
        assertThat(desk.books.succeed(waiting, waiting, new Money(PLUS, "USD"))).isTrue();
        assertThat(desk.books.succeed(waiting, waiting, new Money(PLUS, "USD"))).isFalse();
        assertThat(user.balance()).isEqualTo(PLUS);
        assertThat(desk.notices(user)).endsWith("subscription_ended", "payment_kept");
    }

    @Test
    void twoPagesPaidAtOnceAreOneSubscriptionAndCredit() throws Exception {
        Payments.Begun first =
                desk.subscriptions.choose(user.caller(), "plus", false).orElseThrow();
        Payments.Begun second =
                desk.subscriptions.choose(user.caller(), "plus", false).orElseThrow();
        AtOnce.run(10, i -> {
            desk.pay(user, i % 2 == 0 ? first : second);
            return i;
        });
        assertThat(desk.earned(user)).isEqualTo(PLUS);
        assertThat(user.balance()).isEqualTo(PLUS);
        // A payment of another amount than was asked for is not booked.
        Payments.Begun wrong = desk.subscriptions
                .choose(TestUser.onPlan(server, "free").caller(), "plus", false)
                .orElseThrow();
        assertThat(desk.books.succeed(
                        wrong.payment().id(), "x" + wrong.payment().id(), new Money(1, "USD")))
                .isFalse();
    }

    @Test
    void ofAPlanThatIsChosenWhileAnotherIsPaidOneHolds() throws Exception {
        for (int round = 0; round < 10; round++) {
            TestUser one = TestUser.onPlan(server, "free");
            Caller caller = one.caller();
            Payments.Begun page =
                    desk.subscriptions.choose(caller, "plus", false).orElseThrow();
            AtOnce.run(2, i -> {
                if (i == 0) {
                    desk.pay(one, page);
                } else {
                    desk.subscriptions.choose(caller, "payg", false);
                }
                return i;
            });
            // Whichever came last; what was paid for the other is credit.
            boolean live = desk.of(one).isLive();
            assertThat(desk.plan(one)).isEqualTo(live ? "plus" : "payg");
            assertThat(one.balance()).isEqualTo(live ? 0 : PLUS);
        }
    }

    @Test
    void itEndsWithTheMonthUnlessTakenBack() {
        desk.subscribe(user, "plus");
        desk.subscriptions.cancel(user.caller());
        assertThat(desk.plan(user)).isEqualTo("plus");
        desk.subscriptions.resume(user.caller());
        desk.at("2096-02-29T10:00:00Z");
        assertMonth("2096-03-31T10:00:00Z", 2);
        desk.subscriptions.cancel(user.caller());
        desk.at("2096-03-31T10:00:00Z");
        assertThat(desk.of(user).state()).isEqualTo(Subscription.State.ENDED);
        assertThat(desk.plan(user)).isEqualTo("free");
        assertThat(desk.paid(user)).isEqualTo(2 * PLUS);
        assertThatThrownBy(() -> desk.subscriptions.resume(user.caller())).isInstanceOf(BillingException.class);
    }

    @Test
    void aChangeWithinTheMonthCostsOrGivesBackItsRest() {
        String pro = Ids.next("pro").substring(0, 16);
        server.bean(JdbcClient.class)
                .sql("insert into plan values (?, 'Pro', 20, false, 50000000, 'USD', 120, 400000, 5000, 5000000)")
                .param(pro)
                .update();
        try {
            desk.clock.set("2096-04-01T00:00:00Z");
            desk.subscribe(user, "plus");
            desk.clock.set("2096-04-11T00:00:00Z");
            // Two thirds of the month are left of a difference of 30 USD.
            Payments.Begun change =
                    desk.subscriptions.choose(user.caller(), pro, false).orElseThrow();
            assertThat(change.payment().amount().micros()).isEqualTo(20_000_000);
            desk.pay(user, change);
            assertThat(desk.plan(user)).isEqualTo(pro);
            assertThat(user.balance()).isZero();
            // One third is left of 50 USD.
            desk.clock.set("2096-04-21T00:00:00Z");
            assertThat(desk.subscriptions.choose(user.caller(), "payg", false)).isEmpty();
            assertThat(desk.plan(user)).isEqualTo("payg");
            assertThat(user.balance()).isEqualTo(16_670_000);
            assertThat(desk.earned(user)).isEqualTo(2 * PLUS - 16_670_000);
            desk.at("2096-05-01T00:00:00Z");
            assertThat(card.charged(user.organisationId())).isEmpty();
        } finally {
            server.bean(JdbcClient.class)
                    .sql("delete from subscription where plan_id = ?")
                    .param(pro)
                    .update();
            server.bean(JdbcClient.class)
                    .sql("update organisation set plan_id = 'free' where plan_id = ?")
                    .param(pro)
                    .update();
            server.bean(JdbcClient.class)
                    .sql("delete from plan where id = ?")
                    .param(pro)
                    .update();
        }
    }

    @Test
    void administratorsGivePlansWithoutPay() {
        desk.subscribe(user, "plus");
        server.send("PATCH", "/api/admin/users/" + user.userId(), server.adminKey(), "{'plan': 'payg'}");
        assertThat(desk.of(user).state()).isEqualTo(Subscription.State.ENDED);
        desk.at("2096-03-01T00:00:00Z");
        assertThat(desk.plan(user)).isEqualTo("payg");
        assertThat(card.charged(user.organisationId())).isEmpty();
    }
}
