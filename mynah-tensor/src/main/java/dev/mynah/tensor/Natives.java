package dev.mynah.tensor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.bytedeco.javacpp.Loader;

/**
 * Loads libtorch's native libraries, which JavaCPP unpacks to its cache on their first use. Processes that unpack at once would load each other's half-written files and crash, so the
 * first to come does it under a lock, and leaves a note there for those that need not wait.
 */
final class Natives {

    private Natives() {}

    /** Loads the libraries that {@code bindings} bind. */
    static void load(Class<?> bindings) {
        try {
            Path cache = Loader.getCacheDir().toPath();
            String version = Loader.getVersion("org.bytedeco", "pytorch");
            Path unpacked = cache.resolve(bindings.getSimpleName() + "-" + version + ".unpacked");
            if (Files.exists(unpacked)) {
                Loader.load(bindings);
                return;
            }
            try (FileChannel file = FileChannel.open(
                            cache.resolve("mynah.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = file.lock()) {
                Loader.load(bindings);
                Files.write(unpacked, new byte[0]);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("libtorch cannot be unpacked: " + e.getMessage(), e);
        }
    }
}
