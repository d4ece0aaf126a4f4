package dev.mynah.server;

import dev.mynah.server.account.Accounts;
import dev.mynah.server.account.ApiKeys;
import dev.mynah.server.account.Caller;
import dev.mynah.server.account.Role;
import dev.mynah.server.account.Scopes;
import dev.mynah.server.billing.Billing;
import dev.mynah.server.billing.LedgerRepository;
import dev.mynah.server.billing.Money;
import dev.mynah.server.store.Ids;
import dev.mynah.server.store.Transactions;
import java.time.Instant;

/** A user of a test's own, with a key. */
public record TestUser(TestServer server, String organisationId, String userId, String key) {

    /** A user who pays by the token, from a credit of {@code micros}. */
    public static TestUser payingFrom(TestServer server, long micros) {
        TestUser user = onPlan(server, "payg");
        server.bean(Transactions.class)
                .run(() -> server.bean(Billing.class)
                        .grant(user.organisationId, new Money(micros, "USD"), Ids.next("test_"), Instant.now()));
        return user;
    }

    public static TestUser onPlan(TestServer server, String plan) {
        String name = Ids.next("u");
        Accounts.Created made = server.bean(Transactions.class)
                .call(() -> server.bean(Accounts.class)
                        .create(new Accounts.Order(name + "@example.com", name, "none", false, Role.USER, plan))
                        .orElseThrow());
        String key = server.bean(ApiKeys.class)
                .create(new ApiKeys.Order(made.project().id(), made.user().id(), "test", Scopes.ALL, null))
                .secret();
        return new TestUser(server, made.organisation().id(), made.user().id(), key);
    }

    /** Who this is, as the service knows the user's key. */
    public Caller caller() {
        return server.bean(ApiKeys.class).authenticate(key).orElseThrow();
    }

    /** What is on the wallet; nothing where there is none. */
    public long balance() {
        return server.bean(LedgerRepository.class)
                .wallet(organisationId)
                .map(LedgerRepository.Balance::balance)
                .orElse(0L);
    }

    /** A figure of {@code GET /v1/usage}. */
    public long usage(String figure) {
        return server.get("/v1/usage", key).json().get("total").get(figure).longValue();
    }
}
