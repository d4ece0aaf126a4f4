package dev.mynah.server.file;

import java.nio.file.Path;
import java.util.Map;

/**
 * What the environment says about files.
 *
 * @param folder   where their bytes are; replicas share it
 * @param maxBytes the most of one file
 * @param quota    the most bytes of all files of an organisation
 */
public record FileSettings(Path folder, long maxBytes, long quota) {
    private static final String MAX = "MYNAH_FILES_MAX_BYTES";
    private static final String QUOTA = "MYNAH_FILES_QUOTA_BYTES";
    private static final long DEFAULT_MAX = 512L << 20;
    private static final long DEFAULT_QUOTA = 10L << 30;

    // What a form takes beside its file.
    private static final long FORM = 1 << 16;

    /** The most bytes of a form that brings a file. */
    public long maxForm() {
        return maxBytes + FORM;
    }

    /** @throws IllegalArgumentException if a setting is wrong, with its name */
    public static FileSettings of(Map<String, String> environment, Path dataDir) {
        return new FileSettings(
                dataDir.resolve("files"),
                bytes(environment, MAX, DEFAULT_MAX),
                bytes(environment, QUOTA, DEFAULT_QUOTA));
    }

    private static long bytes(Map<String, String> environment, String name, long otherwise) {
        String text = environment.getOrDefault(name, String.valueOf(otherwise));
        if (!text.matches("[1-9][0-9]{0,15}")) {
            throw new IllegalArgumentException(name + " must be a number of bytes from 1 on, not \"" + text + "\"");
        }
        return Long.parseLong(text);
    }
}
