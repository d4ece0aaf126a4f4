package dev.mynah.train;

import dev.mynah.data.DatasetRegistry;
import dev.mynah.data.SourceSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds data that a configuration names: {@code dataset:NAME} is a public data set of the registry, anything else a path.
 *
 * @param registry the file that describes the data sets, {@code recipes/datasets.yaml}
 * @param folder where copies of them lie, as {@code folder/NAME/FILE}; null where nobody said
 * @param notices is told of files that are not the registered ones
 */
public record Datasets(Path registry, @Nullable Path folder, Consumer<String> notices) {

    private static final String PREFIX = "dataset:";

    /** Tells nobody. */
    public Datasets(Path registry, @Nullable Path folder) {
        this(registry, folder, _ -> {});
    }

    /** Whether there is anything of the data set {@code path} in the folder. */
    public boolean holds(String path) {
        return folder != null && Files.isDirectory(folder.resolve(path.substring(PREFIX.length())));
    }

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
        return datasets.get(name).sourcesIn(folder, notices);
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
