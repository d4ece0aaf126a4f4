package dev.mynah.cli;

import dev.mynah.data.Dataset;
import dev.mynah.files.DurableFiles;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Models by their public names, from a server with the contract of the Hugging Face hub: {@code /api/models/NAME/tree/main} lists the files, {@code /NAME/resolve/main/FILE} is one of them.
 */
record Hub(URI mirror, HubCache cache, Download download) {
    private static final int MAX_FILES = 10_000;

    /** What a model needs; weights in other formats, pictures and the like are left. */
    private static final Pattern WANTED =
            Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]*\\.(json|safetensors|gguf|model|jinja|txt)");

    private record Listed(String path, long bytes, @Nullable String sha256) {}

    /**
     * Fetches a model into the cache, where it appears when it is complete.
     *
     * @return its folder
     * @throws IllegalArgumentException if there is none of that name, or the server's listing is damaged
     */
    Path pull(String name, Download.Progress progress) throws IOException {
        if (!HubCache.isName(name)) {
            throw new IllegalArgumentException("\"" + name + "\" is no name of a model, which is like owner/name");
        }
        Path folder = cache.modelFolder(name);
        if (Files.isDirectory(folder)) {
            return folder;
        }
        List<Listed> files = list(name);
        Path partial = folder.resolveSibling(folder.getFileName() + ".partial");
        Files.createDirectories(partial);
        for (Listed file : files) {
            Path target = partial.resolve(file.path);
            if (!Files.exists(target)) {
                URI address = at("/" + name + "/resolve/main/" + file.path);
                download.file(address, target, file.bytes, file.sha256, progress);
            }
        }
        DurableFiles.replace(partial, folder);
        return folder;
    }

    private List<Listed> list(String name) throws IOException {
        URI address = at("/api/models/" + name + "/tree/main?recursive=true");
        JsonNode entries;
        try {
            entries = JsonMapper.shared().readTree(download.bytes(address));
        } catch (JacksonException e) {
            throw new IllegalArgumentException(address + " is no listing of files: " + e.getOriginalMessage(), e);
        }
        if (!entries.isArray() || entries.size() > MAX_FILES) {
            throw new IllegalArgumentException(address + " is no listing of at most " + MAX_FILES + " files");
        }
        List<Listed> files = new ArrayList<>();
        for (JsonNode entry : entries) {
            String path = entry.path("path").asString("");
            if (entry.path("type").asString("").equals("file")
                    && WANTED.matcher(path).matches()) {
                JsonNode sha256 = entry.path("lfs").path("oid");
                files.add(new Listed(
                        path,
                        entry.path("size").asLong(-1),
                        sha256.isString() ? sha256.stringValue().replaceFirst("^sha256:", "") : null));
            }
        }
        if (files.stream().noneMatch(file -> file.path.matches(".*\\.(safetensors|gguf)"))) {
            throw new IllegalArgumentException(name + " has no weights in .safetensors or .gguf");
        }
        boolean hasFolder = files.stream().anyMatch(file -> file.path.endsWith(".safetensors"));
        return files.stream()
                .filter(file -> !hasFolder || !file.path.endsWith(".gguf"))
                .toList();
    }

    private URI at(String path) {
        return URI.create(mirror.toString().replaceFirst("/+$", "") + path);
    }

    /** Fetches the files of a data set into {@code datasets/NAME} of the cache, from where the registry says they are. */
    Path pull(Dataset dataset, Download.Progress progress) throws IOException {
        if (!dataset.isFetchable()) {
            throw new IllegalArgumentException(
                    "the data set " + dataset.name() + " cannot be fetched: " + dataset.origin());
        }
        Path folder = cache.datasets().resolve(dataset.name());
        Files.createDirectories(folder);
        for (Dataset.DataFile file : dataset.files()) {
            Dataset.DataFile source = file.fetchable();
            Path target = folder.resolve(source.name());
            if (source.url() != null && !Files.exists(target)) {
                download.file(URI.create(source.url()), target, source.bytes(), source.sha256(), progress);
            }
        }
        dataset.locate(cache.datasets(), notice -> {});
        return folder;
    }
}
