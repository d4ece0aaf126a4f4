package dev.mynah.server.conversation;

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

    boolean wanted(String userId) {
        return RandomGenerator.getDefault().nextDouble() < state.comparisonRate() && agrees(userId);
    }

    private boolean agrees(String userId) {
        return jdbc.sql("""
                        select count(*) from app_user u join organisation_member m on m.user_id = u.id
                            join organisation o on o.id = m.organisation_id join plan p on p.id = o.plan_id
                        where u.id = ? and u.feedback_consent and not p.metered
                        """).param(userId).query(Long.class).single() > 0;
    }
}
