package dev.mynah.cli;

import picocli.CommandLine.Option;

/** What is done about a line of a corpus that cannot be read. */
final class StrictOption {

    @Option(
            names = "--strict",
            description = "Stop at the first corrupt line; otherwise such lines are counted, reported and left out.")
    private boolean strict;

    boolean isGiven() {
        return strict;
    }

    String[] overrides() {
        return strict ? new String[] {"data.strict=true"} : new String[0];
    }
}
