package dev.mynah.cli;

import picocli.CommandLine.Option;

/** What to do with records that cannot be used. */
final class SkipBadOption {

    @Option(
            names = "--skip-bad",
            description =
                    "Count, list and leave out records that cannot be used; without it the first one is an error.")
    private boolean skipBad;

    String[] overrides() {
        return skipBad ? new String[] {"data.skip_bad=true"} : new String[0];
    }
}
