package dev.mynah.train;

import dev.mynah.data.DatasetRegistry;
import dev.mynah.data.SourceSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds data that a configuration names: {@code dataset:NAME} is a public data set of the registry, anything else a path.
 *
 * @param registry the file that describes the data sets, {@code recipes/datasets.yaml}
 * @param folder where copies of them lie, as {@code folder/NAME/FILE}; null where nobody said
 */
public record Datasets(Path registry, @Nullable Path folder) {

    private static final String PREFIX = "dataset:";

    /**
     * The files that {@code path} stands for.
     *
     * @throws IllegalArgumentException for an unknown data set, or one whose files are not in the folder or not the right ones
     */
    public List<SourceSpec> resolve(String path) throws IOException {
        if (!path.startsWith(PREFIX)) {
            return List.of(SourceSpec.of(path));
        }
        String name = path.substring(PREFIX.length());
        DatasetRegistry datasets = DatasetRegistry.read(registry);
        if (folder == null) {
            throw new IllegalArgumentException(path + " ("
                    + datasets.get(name).sources().getFirst() + ") needs --datasets DIR with its files in DIR/" + name);
        }
        return datasets.get(name).sourcesIn(folder);
    }

    /** As {@link #resolve(String)} for several, in their order. */
    public List<SourceSpec> resolve(List<String> paths) throws IOException {
        List<SourceSpec> sources = new ArrayList<>();
        for (String path : paths) {
            sources.addAll(resolve(path));
        }
        return sources;
    }
}
