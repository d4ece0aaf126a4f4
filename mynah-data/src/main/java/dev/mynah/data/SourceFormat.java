package dev.mynah.data;

import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The file formats that a corpus may be in, told by the end of the file's name. */
enum SourceFormat {
    TEXT,
    JSONL,
    PARQUET;

    static final String NAMES = ".txt, .jsonl, .ndjson (each also with .gz) and .parquet";

    static @Nullable SourceFormat of(Path file) {
        String name = lowerCase(file);
        if (name.endsWith(".parquet")) {
            return PARQUET;
        }
        String inner = isGzip(file) ? name.substring(0, name.length() - 3) : name;
        if (inner.endsWith(".txt")) {
            return TEXT;
        }
        return inner.endsWith(".jsonl") || inner.endsWith(".ndjson") ? JSONL : null;
    }

    static boolean isGzip(Path file) {
        return lowerCase(file).endsWith(".gz");
    }

    private static String lowerCase(Path file) {
        return file.toString().toLowerCase(Locale.ROOT);
    }
}
