package dev.mynah.data;

import dev.mynah.files.Digests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
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

    private static final int SOURCES_SHOWN = 3;

    /**
     * One file.
     *
     * @param name its name in the folder of the data set
     * @param bytes its size
     * @param sha256 of its bytes, in lower-case hexadecimal
     * @param url where exactly these bytes can be fetched, or null where they were made from the sources
     * @param original the file at the source that has the same records, which is as good as this one; null where there is none
     */
    public record DataFile(
            String name,
            long bytes,
            String sha256,
            @Nullable String url,
            @Nullable DataFile original) {

        /** This file or the original: the one that can be fetched, where there is one. */
        public DataFile fetchable() {
            return url == null && original != null ? original : this;
        }

        /** This file or the original: the one that lies in {@code folder}; null where none does. */
        private @Nullable DataFile in(Path folder) {
            if (Files.isRegularFile(folder.resolve(name))) {
                return this;
            }
            return original == null ? null : original.in(folder);
        }

        /** What tells {@code path} from this file, or null where it is this file. */
        private @Nullable String difference(Path path) throws IOException {
            if (Files.size(path) != bytes) {
                return "it has " + Files.size(path) + " bytes, not " + bytes;
            }
            String found = Digests.ofFile(path);
            return found.equals(sha256) ? null : "its sha256 is " + found + ", not " + sha256;
        }
    }

    /** Whether all its files can be fetched as they are. */
    public boolean isFetchable() {
        return files.stream().allMatch(file -> file.fetchable().url() != null);
    }

    /** How it is come by, for a message. */
    public String origin() {
        if (isFetchable()) {
            return "mynah pull " + name + " fetches it";
        }
        String more = sources.size() > SOURCES_SHOWN ? " and " + (sources.size() - SOURCES_SHOWN) + " more" : "";
        return "it is made from " + String.join(", ", sources.subList(0, Math.min(sources.size(), SOURCES_SHOWN)))
                + more + ", as docs/datasets.md tells";
    }

    /**
     * The files of this data set under {@code datasets}, as {@code datasets/name/file}. One that can be fetched must be the one that the registry names; one that was made from its
     * sources may have been made anew, and is then named by a notice.
     *
     * @throws IllegalArgumentException where a file is missing or, where it can be fetched, is another one
     */
    public List<Path> locate(Path datasets, Consumer<String> notices) throws IOException {
        Path folder = datasets.resolve(name);
        List<Path> found = new ArrayList<>();
        for (DataFile file : files) {
            DataFile there = file.in(folder);
            if (there == null) {
                throw new IllegalArgumentException("data set '" + name + "' is not there: no file "
                        + folder.resolve(file.fetchable().name()) + "; " + origin());
            }
            Path path = folder.resolve(there.name());
            String difference = there.difference(path);
            if (difference != null) {
                String sentence = path + " is not the registered file: " + difference;
                if (there.url() != null) {
                    throw new IllegalArgumentException(sentence);
                }
                notices.accept(sentence + "; it is used as it is");
            }
            found.add(path);
        }
        return List.copyOf(found);
    }

    /** The files under {@code datasets} as sources of a corpus, with this name and licence; checked as by {@link #locate}. */
    public List<SourceSpec> sourcesIn(Path datasets, Consumer<String> notices) throws IOException {
        return locate(datasets, notices).stream()
                .map(path -> new SourceSpec(path.toString(), name, licence))
                .toList();
    }
}
