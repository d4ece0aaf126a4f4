package dev.mynah.cli;

import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Mynah's own folder, which the launcher names: what commands read there, and make there unless told otherwise. */
final class Home {
    private Home() {}

    private static Path folder() {
        return Path.of(System.getProperty("mynah.home", "."));
    }

    /** Training runs, one folder each. */
    static Path runs() {
        return folder().resolve("runs");
    }

    /** The models that come with Mynah. */
    static Path models() {
        return folder().resolve("models");
    }

    /** The service's database and files. */
    static Path data() {
        return folder().resolve("data");
    }

    /** The recipes that come with Mynah, their corpora and the registry of public data sets. */
    static Path recipes() {
        return folder().resolve("recipes");
    }

    /** A path as it is called from the working directory, where it lies in there. */
    static Path fromHere(Path path) {
        Path here = Path.of("").toAbsolutePath();
        Path absolute = path.toAbsolutePath().normalize();
        return absolute.startsWith(here) && !absolute.equals(here) ? here.relativize(absolute) : path;
    }

    /** A command as it can be given from the working directory: the launcher says how it was called. */
    static String command(Object... words) {
        return Stream.concat(Stream.of(System.getProperty("mynah.command", "mynah")), Stream.of(words))
                .map(word -> word.toString().matches("\\S+") ? word.toString() : "\"" + word + "\"")
                .collect(Collectors.joining(" "));
    }
}
