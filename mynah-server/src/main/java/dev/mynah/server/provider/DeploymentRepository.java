package dev.mynah.server.provider;

import dev.mynah.server.store.Times;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What was made available to everybody, and how things stood before. */
@Component
public final class DeploymentRepository {
    private final JdbcClient jdbc;

    public DeploymentRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * A deployment.
     *
     * @param previousDefault      the model that new chats began with before, or null
     * @param previousEnabled      whether the model was enabled before
     * @param previousOrganisation who alone might use it before, or null
     */
    public record Deployment(
            String id,
            String modelId,
            String actor,
            boolean madeDefault,
            @Nullable String previousDefault,
            boolean previousEnabled,
            @Nullable String previousOrganisation,
            Instant createdAt,
            @Nullable Instant rolledBackAt) {}

    public void insert(Deployment deployment) {
        jdbc.sql("""
            insert into deployment (id, model_id, actor, made_default, previous_default, previous_enabled, previous_organisation, created_at)
            values (?, ?, ?, ?, ?, ?, ?, ?)
            """)
                .params(deployment.id(), deployment.modelId(), deployment.actor(), deployment.madeDefault())
                .param(deployment.previousDefault())
                .param(deployment.previousEnabled())
                .param(deployment.previousOrganisation())
                .param(Times.sql(deployment.createdAt()))
                .update();
    }

    /** The newest first. */
    public List<Deployment> newest(int most) {
        return jdbc.sql("select * from deployment order by id desc limit " + most)
                .query(DeploymentRepository::deployment)
                .list();
    }

    /** The newest that was not taken back, locked. */
    public Optional<Deployment> lockLast() {
        return jdbc.sql("select * from deployment where rolled_back_at is null order by id desc limit 1 for update")
                .query(DeploymentRepository::deployment)
                .optional();
    }

    public void setRolledBack(String id, Instant now) {
        jdbc.sql("update deployment set rolled_back_at = ? where id = ?")
                .params(Times.sql(now), id)
                .update();
    }

    private static Deployment deployment(ResultSet row, int number) throws SQLException {
        return new Deployment(
                row.getString("id"),
                row.getString("model_id"),
                row.getString("actor"),
                row.getBoolean("made_default"),
                row.getString("previous_default"),
                row.getBoolean("previous_enabled"),
                row.getString("previous_organisation"),
                Times.get(row, "created_at"),
                Times.getOrNull(row, "rolled_back_at"));
    }
}
