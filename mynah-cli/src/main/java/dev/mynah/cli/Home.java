package dev.mynah.cli;

import java.nio.file.Path;

/** Mynah's own folder, which the launcher names: what commands make there unless told otherwise. */
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
}
