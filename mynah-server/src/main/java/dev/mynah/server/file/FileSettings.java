package dev.mynah.server.file;

import dev.mynah.server.config.ServiceConfig;
import java.nio.file.Path;

/**
 * What holds for files.
 *
 * @param folder   where their bytes are; replicas share it
 * @param maxBytes the most of one file
 * @param quota    the most bytes of all files of an organisation
 */
public record FileSettings(Path folder, long maxBytes, long quota) {
    // What a form takes beside its file.
    private static final long FORM = 1 << 16;

    public static FileSettings of(ServiceConfig.Files config, Path dataDir) {
        return new FileSettings(dataDir.resolve("files"), config.maxBytes(), config.quotaBytes());
    }

    /** The most bytes of a form that brings a file. */
    public long maxForm() {
        return maxBytes + FORM;
    }
}
