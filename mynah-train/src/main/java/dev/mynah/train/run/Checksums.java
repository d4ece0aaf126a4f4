package dev.mynah.train.run;

import dev.mynah.files.Digests;
import dev.mynah.files.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * What a folder holds, in its {@code checksums.json}: proof, after a crash or on another disk, that it is whole.
 *
 * @param files every file by its path in the folder, parts divided by {@code /}
 */
record Checksums(Map<String, Entry> files) {
    static final String FILE = "checksums.json";

    /** Length in bytes and SHA-256 in hexadecimal digits of one file. */
    record Entry(long bytes, String sha256) {
        Entry {
            Objects.requireNonNull(sha256, "sha256");
        }
    }

    Checksums {
        files.forEach((name, entry) -> {
            if (Path.of(name).isAbsolute()) {
                throw new IllegalArgumentException(name + " is not in the folder");
            }
            Objects.requireNonNull(entry, name);
        });
    }

    /** Syncs every file and folder below {@code folder} to disk, and writes the checksums of the files beside them. */
    static void seal(Path folder) throws IOException {
        Map<String, Entry> files = new TreeMap<>();
        try (Stream<Path> tree = Files.walk(folder)) {
            for (Path path : (Iterable<Path>) tree::iterator) {
                if (Files.isDirectory(path)) {
                    DurableFiles.syncFolder(path);
                } else {
                    DurableFiles.syncFile(path);
                    String name = folder.relativize(path)
                            .toString()
                            .replace(path.getFileSystem().getSeparator(), "/");
                    files.put(name, new Entry(Files.size(path), Digests.ofFile(path)));
                }
            }
        }
        String json = Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(new Checksums(files));
        DurableFiles.write(folder.resolve(FILE), json + "\n");
    }

    /** Bytes of all files. */
    long totalBytes() {
        return files.values().stream().mapToLong(Entry::bytes).sum();
    }

    /** Reads the checksums of {@code folder}, or null where there are none that can be read. */
    static @Nullable Checksums read(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        if (!Files.isRegularFile(file)) {
            return null;
        }
        try {
            return Json.MAPPER.readValue(Files.readAllBytes(file), Checksums.class);
        } catch (JacksonException e) {
            return null;
        }
    }

    /** What is wrong with {@code folder}, or null where it is whole; {@code contents} false compares lengths alone. */
    static @Nullable String problem(Path folder, boolean contents) throws IOException {
        Checksums checksums = read(folder);
        if (checksums == null) {
            return FILE + " is missing or broken";
        }
        for (Map.Entry<String, Entry> expected : checksums.files().entrySet()) {
            Path file = folder.resolve(expected.getKey());
            if (!Files.isRegularFile(file)) {
                return expected.getKey() + " is missing";
            }
            if (Files.size(file) != expected.getValue().bytes()) {
                return "%s has %d bytes instead of %d"
                        .formatted(
                                expected.getKey(),
                                Files.size(file),
                                expected.getValue().bytes());
            }
            if (contents && !Digests.ofFile(file).equals(expected.getValue().sha256())) {
                return expected.getKey() + " has another checksum than when it was written";
            }
        }
        return null;
    }
}
