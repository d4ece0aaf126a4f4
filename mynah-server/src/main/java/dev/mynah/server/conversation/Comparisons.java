package dev.mynah.server.conversation;

import dev.mynah.server.account.Caller;
import dev.mynah.server.ops.ServiceState;
import java.util.random.RandomGenerator;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Decides whose question gets two answers to choose from: now and then, of users who agreed that it helps the model and whose plan pays for both. */
@Component
final class Comparisons {
    private final ServiceState state;
    private final JdbcClient jdbc;

    Comparisons(ServiceState state, JdbcClient jdbc) {
        this.state = state;
        this.jdbc = jdbc;
    }

    boolean wanted(Caller caller) {
        return RandomGenerator.getDefault().nextDouble() < state.comparisonRate() && agrees(caller);
    }

    private boolean agrees(Caller caller) {
        return jdbc.sql("""
                        select count(*) from app_user u cross join organisation o join plan p on p.id = o.plan_id
                        where u.id = ? and o.id = ? and u.feedback_consent and not p.metered
                        """)
                        .params(caller.userId(), caller.organisationId())
                        .query(Long.class)
                        .single()
                > 0;
    }
}
