package dev.mynah.data;

import java.nio.file.Path;

/**
 * Where a part of a corpus comes from.
 *
 * @param path a file, a folder (read with all its folders) or a glob such as {@code data/*.jsonl.gz}
 * @param name the name of the data set, for the manifest
 * @param licence its licence, for the manifest; "unknown" where nobody said
 */
public record SourceSpec(String path, String name, String licence) {

    /** A source that is known by its path only. */
    public static SourceSpec of(String path) {
        Path last = Path.of(path.isEmpty() ? "." : path.replaceAll("[*?]", "_")).getFileName();
        return new SourceSpec(path, last == null ? path : last.toString(), "unknown");
    }
}
