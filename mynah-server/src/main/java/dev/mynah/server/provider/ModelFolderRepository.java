package dev.mynah.server.provider;

import java.nio.file.Path;
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
     */
    public record Entry(
            String modelId, Path folder, @Nullable String baseModel) {}

    /** Adds a folder; that of a model which has one already stays. */
    public void insertIfAbsent(Entry entry) {
        jdbc.sql("insert into model_folder (model_id, folder, base_model) values (?, ?, ?) on conflict do nothing")
                .params(entry.modelId(), entry.folder().toString())
                .param(entry.baseModel())
                .update();
    }

    public Optional<Entry> find(String modelId) {
        return jdbc.sql("select * from model_folder where model_id = ?")
                .param(modelId)
                .query((row, n) -> new Entry(modelId, Path.of(row.getString("folder")), row.getString("base_model")))
                .optional();
    }

    Set<String> modelIds() {
        return new HashSet<>(jdbc.sql("select model_id from model_folder")
                .query(String.class)
                .list());
    }
}
