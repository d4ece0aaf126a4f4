package dev.mynah.data;

import dev.mynah.files.Digests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A public data set.
 *
 * @param name its name, which is also the folder that it lies in
 * @param description what it holds
 * @param licence in short
 * @param format of its files: {@code jsonl.gz}, {@code txt}, {@code zip}, {@code idx.gz}
 * @param textField the field that holds the text, where the files are JSON Lines with one
 * @param sources public addresses of what it was made from, each pinned to a commit
 * @param files its files
 * @param note what was done to it and what to mind
 */
public record Dataset(
        String name,
        String description,
        String licence,
        String format,
        @Nullable String textField,
        List<String> sources,
        List<DataFile> files,
        String note) {

    /**
     * One file.
     *
     * @param name its name in the folder of the data set
     * @param bytes its size
     * @param sha256 of its bytes, in lower-case hexadecimal
     * @param url where exactly these bytes can be fetched, or null where they were made from the sources
     */
    public record DataFile(
            String name,
            long bytes,
            String sha256,
            @Nullable String url) {}

    /**
     * The files of this data set under {@code datasets}, as {@code datasets/name/file}, checked against size and hash.
     *
     * @throws IllegalArgumentException where a file is missing or is not the one that the registry names
     */
    public List<Path> locate(Path datasets) throws IOException {
        List<Path> found = new ArrayList<>();
        for (DataFile file : files) {
            Path path = datasets.resolve(name).resolve(file.name());
            if (!Files.isRegularFile(path)) {
                throw new IllegalArgumentException("data set '" + name + "' is not there: no file " + path);
            }
            if (Files.size(path) != file.bytes()) {
                throw new IllegalArgumentException(
                        path + " has " + Files.size(path) + " bytes, the registry says " + file.bytes());
            }
            String sha256 = Digests.ofFile(path);
            if (!sha256.equals(file.sha256())) {
                throw new IllegalArgumentException(
                        path + " is not the registered file: its sha256 is " + sha256 + ", not " + file.sha256());
            }
            found.add(path);
        }
        return List.copyOf(found);
    }

    /** The files under {@code datasets} as sources of a corpus, with this name and licence; checked as by {@link #locate}. */
    public List<SourceSpec> sourcesIn(Path datasets) throws IOException {
        return locate(datasets).stream()
                .map(path -> new SourceSpec(path.toString(), name, licence))
                .toList();
    }
}
