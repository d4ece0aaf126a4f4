package dev.mynah.server.provider;

import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The folders of models that were made or deployed while the service ran. */
@Component
public final class ModelFolderRepository {
    private final JdbcClient jdbc;

    public ModelFolderRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Where a model is.
     *
     * @param baseModel the model that it was made of, or null where that is not known
     * @param adapter   the folder of the low-rank adapter that makes it of its base, or null where there is none
     */
    public record Entry(
            String modelId,
            Path folder,
            @Nullable String baseModel,
            @Nullable Path adapter) {}

    /** Adds a folder; that of a model which has one already stays. */
    public void insertIfAbsent(Entry entry) {
        jdbc.sql(
                        "insert into model_folder (model_id, folder, base_model, adapter) values (?, ?, ?, ?) on conflict do nothing")
                .params(entry.modelId(), entry.folder().toString())
                .param(entry.baseModel())
                .param(entry.adapter() == null ? null : entry.adapter().toString())
                .update();
    }

    public Optional<Entry> find(String modelId) {
        return jdbc.sql("select * from model_folder where model_id = ?")
                .param(modelId)
                .query(ModelFolderRepository::entry)
                .optional();
    }

    private static Entry entry(ResultSet row, int number) throws SQLException {
        @Nullable String adapter = row.getString("adapter");
        return new Entry(
                row.getString("model_id"),
                Path.of(row.getString("folder")),
                row.getString("base_model"),
                adapter == null ? null : Path.of(adapter));
    }

    Set<String> modelIds() {
        return new HashSet<>(jdbc.sql("select model_id from model_folder")
                .query(String.class)
                .list());
    }
}
