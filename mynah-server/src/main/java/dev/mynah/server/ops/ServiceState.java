package dev.mynah.server.ops;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What holds for all processes of the service, and stays so when they start anew. */
@Component
public final class ServiceState {
    private static final Duration REMEMBERED = Duration.ofSeconds(1);

    private final JdbcClient jdbc;
    private volatile @Nullable Known known;

    /** @param readAt by System.nanoTime */
    private record Known(boolean stopped, long readAt) {}

    public ServiceState(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Whether an operator has stopped the service. */
    public boolean isStopped() {
        boolean stopped = jdbc.sql("select stopped from service_state")
                .query(Boolean.class)
                .single();
        remember(stopped);
        return stopped;
    }

    /** Takes note of what was found to hold now. */
    public void remember(boolean stopped) {
        known = new Known(stopped, System.nanoTime());
    }

    /** As {@link #isStopped}, as it was at most a second ago: nothing that is asked waits for the database to know. */
    public boolean wasStopped() {
        Known last = known;
        return (last != null && System.nanoTime() - last.readAt < REMEMBERED.toNanos()) ? last.stopped : isStopped();
    }

    /** The share of questions whose users are shown two answers to choose from. */
    public double comparisonRate() {
        return jdbc.sql("select comparison_rate from service_state")
                .query(Double.class)
                .single();
    }

    public void setComparisonRate(double rate) {
        jdbc.sql("update service_state set comparison_rate = ?").param(rate).update();
    }

    /** The model that new chats begin with, where an administrator has named one. */
    public Optional<String> defaultModel() {
        return model("default_model");
    }

    public void setDefaultModel(@Nullable String id) {
        setModel("default_model", id);
    }

    /** The model that writes the titles of chats, where an administrator has named one. */
    public Optional<String> titleModel() {
        return model("title_model");
    }

    public void setTitleModel(@Nullable String id) {
        setModel("title_model", id);
    }

    private Optional<String> model(String column) {
        return jdbc.sql("select %1$s from service_state where %1$s is not null".formatted(column))
                .query(String.class)
                .optional();
    }

    private void setModel(String column, @Nullable String id) {
        jdbc.sql("update service_state set " + column + " = ?").param(id).update();
    }

    /** Stops or resumes; false where it was so before. */
    public boolean setStopped(boolean stopped) {
        return jdbc.sql("update service_state set stopped = ? where stopped <> ?")
                        .params(stopped, stopped)
                        .update()
                == 1;
    }
}
