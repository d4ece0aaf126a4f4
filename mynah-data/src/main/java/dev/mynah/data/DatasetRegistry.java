package dev.mynah.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/** The registry of public data sets, {@code recipes/datasets.yaml}. */
public final class DatasetRegistry {

    private static final Set<String> DATASET_KEYS =
            Set.of("description", "licence", "format", "text_field", "sources", "files", "note");
    private static final Set<String> FILE_KEYS = Set.of("name", "bytes", "sha256", "url", "original");
    private static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]*");

    private final Path file;
    private final Map<String, Dataset> datasets;

    private DatasetRegistry(Path file, Map<String, Dataset> datasets) {
        this.file = file;
        this.datasets = datasets;
    }

    /** @throws IllegalArgumentException where the file is no registry; the message names the key */
    public static DatasetRegistry read(Path file) throws IOException {
        Object root;
        try {
            root = new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(file));
        } catch (YAMLException e) {
            throw new IllegalArgumentException(file + " is not YAML: " + e.getMessage(), e);
        }
        Map<String, Dataset> datasets = new LinkedHashMap<>();
        Entry registry = new Entry(file + "", root);
        for (String name : registry.keys()) {
            datasets.put(name, dataset(name, registry.child(name).only(DATASET_KEYS)));
        }
        return new DatasetRegistry(file, datasets);
    }

    /** The names, in the order of the file. */
    public List<String> names() {
        return List.copyOf(datasets.keySet());
    }

    /** @throws IllegalArgumentException where there is none of that name */
    public Dataset get(String name) {
        Dataset dataset = datasets.get(name);
        if (dataset == null) {
            throw new IllegalArgumentException(
                    "no data set '" + name + "' in " + file + "; there are: " + String.join(", ", datasets.keySet()));
        }
        return dataset;
    }

    private static Dataset dataset(String name, Entry entry) {
        List<String> sources =
                entry.child("sources").items().stream().map(Entry::text).toList();
        List<Dataset.DataFile> files = entry.child("files").items().stream()
                .map(file -> dataFile(file.only(FILE_KEYS)))
                .toList();
        return new Dataset(
                entry.plainName(name),
                entry.child("description").text(),
                entry.child("licence").text(),
                entry.child("format").text(),
                entry.has("text_field") ? entry.child("text_field").text() : null,
                sources,
                files,
                entry.child("note").text());
    }

    private static Dataset.DataFile dataFile(Entry entry) {
        return new Dataset.DataFile(
                entry.child("name").plainName(entry.child("name").text()),
                entry.child("bytes").count(),
                entry.child("sha256").text(),
                entry.has("url") ? entry.child("url").text() : null,
                entry.has("original") ? dataFile(entry.child("original").only(FILE_KEYS)) : null);
    }

    /** A value in the file and the path of keys that leads to it. */
    private record Entry(String path, @Nullable Object value) {

        List<String> keys() {
            return map().keySet().stream().map(String::valueOf).toList();
        }

        boolean has(String key) {
            return map().containsKey(key);
        }

        Entry child(String key) {
            if (!has(key)) {
                throw wrong("has no '" + key + "'");
            }
            return new Entry(path + ": " + key, map().get(key));
        }

        Entry only(Set<String> allowed) {
            for (String key : keys()) {
                if (!allowed.contains(key)) {
                    throw wrong("has the unknown key '" + key + "'; allowed are "
                            + allowed.stream().sorted().toList());
                }
            }
            return this;
        }

        List<Entry> items() {
            if (!(value instanceof List<?> list)) {
                throw wrong("must be a list");
            }
            List<Entry> items = new ArrayList<>();
            for (Object item : list) {
                items.add(new Entry(path + "[" + items.size() + "]", item));
            }
            return items;
        }

        String text() {
            if (!(value instanceof String text)) {
                throw wrong("must be a text");
            }
            return text;
        }

        long count() {
            if (!(value instanceof Number number) || number.longValue() < 0 || value instanceof Double) {
                throw wrong("must be a whole number of at least 0");
            }
            return number.longValue();
        }

        /** A name that cannot lead out of a folder. */
        String plainName(String name) {
            if (!FILE_NAME.matcher(name).matches()) {
                throw wrong("'" + name + "' is no plain file name");
            }
            return name;
        }

        private Map<?, ?> map() {
            if (!(value instanceof Map<?, ?> map)) {
                throw wrong("must be a set of keys and values");
            }
            return map;
        }

        private IllegalArgumentException wrong(String what) {
            return new IllegalArgumentException(path + " " + what);
        }
    }
}
