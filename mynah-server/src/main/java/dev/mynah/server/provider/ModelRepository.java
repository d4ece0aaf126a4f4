package dev.mynah.server.provider;

import dev.mynah.server.store.Times;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The register of models. */
@Component
public final class ModelRepository {
    private static final Duration REMEMBERED = Duration.ofSeconds(1);

    private final JdbcClient jdbc;
    private final Map<String, Known> known = new ConcurrentHashMap<>();

    /** @param readAt by System.nanoTime */
    private record Known(RegisteredModel model, long readAt) {}

    public ModelRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Adds a model; one that is there already stays as it is. */
    public void insertIfAbsent(RegisteredModel model) {
        jdbc.sql("""
            insert into model (id, provider, enabled, currency, input_price, cached_input_price, output_price, training_price, max_output_tokens, organisation_id, created_at)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing
            """)
                .params(
                        model.id(),
                        model.provider(),
                        model.enabled(),
                        model.currency(),
                        model.inputPrice(),
                        model.cachedInputPrice(),
                        model.outputPrice(),
                        model.trainingPrice())
                .param(maxOutputTokens(model))
                .param(model.organisationId())
                .param(Times.sql(model.createdAt()))
                .update();
    }

    private static @Nullable Integer maxOutputTokens(RegisteredModel model) {
        return model.maxOutputTokens().isEmpty()
                ? null
                : Integer.valueOf(model.maxOutputTokens().getAsInt());
    }

    /** The model, locked until the transaction ends. */
    public Optional<RegisteredModel> lock(String id) {
        return jdbc.sql("select * from model where id = ? for update")
                .param(id)
                .query(ModelRepository::model)
                .optional();
    }

    /** Sets what an administrator may set, of one that is locked. */
    public void update(RegisteredModel model) {
        known.remove(model.id());
        jdbc.sql("update model set enabled = ?, input_price = ?, cached_input_price = ?, output_price = ?,"
                        + " training_price = ?, max_output_tokens = ?, organisation_id = ? where id = ?")
                .params(
                        model.enabled(),
                        model.inputPrice(),
                        model.cachedInputPrice(),
                        model.outputPrice(),
                        model.trainingPrice())
                .param(maxOutputTokens(model))
                .param(model.organisationId())
                .param(model.id())
                .update();
    }

    public void delete(String id) {
        known.remove(id);
        jdbc.sql("delete from model where id = ?").param(id).update();
    }

    /** Deletes the models that only one organisation has, and names them. */
    public List<String> deleteOf(String organisationId) {
        List<String> ids = jdbc.sql("select id from model where organisation_id = ?")
                .param(organisationId)
                .query(String.class)
                .list();
        ids.forEach(this::delete);
        return ids;
    }

    /** As {@link #find}, as it was at most a second ago in another process, and as this one last set it. */
    Optional<RegisteredModel> recall(String id) {
        Known last = known.get(id);
        long now = System.nanoTime();
        if (last != null && now - last.readAt < REMEMBERED.toNanos()) {
            return Optional.of(last.model);
        }
        Optional<RegisteredModel> found = find(id);
        found.ifPresent(model -> known.put(id, new Known(model, now)));
        return found;
    }

    public Optional<RegisteredModel> find(String id) {
        return jdbc.sql("select * from model where id = ?")
                .param(id)
                .query(ModelRepository::model)
                .optional();
    }

    public List<RegisteredModel> all() {
        return jdbc.sql("select * from model order by id")
                .query(ModelRepository::model)
                .list();
    }

    private static RegisteredModel model(ResultSet row, int number) throws SQLException {
        int max = row.getInt("max_output_tokens");
        OptionalInt maxOutputTokens = row.wasNull() ? OptionalInt.empty() : OptionalInt.of(max);
        return new RegisteredModel(
                row.getString("id"),
                row.getString("provider"),
                row.getBoolean("enabled"),
                row.getString("currency"),
                row.getLong("input_price"),
                row.getLong("cached_input_price"),
                row.getLong("output_price"),
                row.getLong("training_price"),
                maxOutputTokens,
                row.getString("organisation_id"),
                Times.get(row, "created_at"));
    }
}
