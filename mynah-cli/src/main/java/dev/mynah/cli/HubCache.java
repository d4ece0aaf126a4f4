package dev.mynah.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where what was pulled lies: {@code models/NAME} and {@code datasets/NAME} under {@code $XDG_CACHE_HOME/mynah}. */
record HubCache(Path root) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)?");

    /** The user's own (XDG Base Directory Specification). */
    static HubCache ofUser() {
        return new HubCache(xdg("XDG_CACHE_HOME", ".cache"));
    }

    /** The folder of this program under one of the user's base directories. */
    static Path xdg(String variable, String usual) {
        String set = System.getenv(variable);
        Path base = set == null || set.isEmpty() ? Path.of(System.getProperty("user.home"), usual) : Path.of(set);
        return base.resolve("mynah");
    }

    /** Whether a model or data set can be called so: one or two parts that cannot lead out of a folder. */
    static boolean isName(String name) {
        return NAME.matcher(name).matches() && !name.contains("..");
    }

    /** Where a model belongs. */
    Path modelFolder(String name) {
        return root.resolve("models").resolve(name);
    }

    /** Where a data set belongs. */
    Path datasets() {
        return root.resolve("datasets");
    }

    /** A model that was pulled: its folder, or its only file if that is a GGUF; null where there is none of that name. */
    @Nullable
    Path model(String name) throws IOException {
        if (!isName(name) || !Files.isDirectory(modelFolder(name))) {
            return null;
        }
        try (Stream<Path> files = Files.list(modelFolder(name))) {
            List<Path> ggufs =
                    files.filter(file -> file.toString().endsWith(".gguf")).toList();
            boolean isFolder = Files.exists(modelFolder(name).resolve("config.json"));
            return ggufs.size() == 1 && !isFolder ? ggufs.getFirst() : modelFolder(name);
        }
    }
}
