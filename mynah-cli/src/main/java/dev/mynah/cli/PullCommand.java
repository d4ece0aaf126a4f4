package dev.mynah.cli;

import dev.mynah.data.DatasetRegistry;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code mynah pull}: fetch a model or data set by its public name. */
@Command(
        name = "pull",
        description =
                "Fetch a model, or a data set that can be had as it is, by its public name. Goes on where it was cut off.",
        footer = {
            "",
            "The mirror is --mirror, else the variable MYNAH_MIRROR, else the first line of",
            "~/.config/mynah/mirror, else " + PullCommand.DEFAULT_MIRROR + ".",
            "What is fetched lies in ~/.cache/mynah (XDG_CACHE_HOME); -m NAME and dataset:NAME find it there.",
            "Most data sets are made from their sources and cannot be fetched; docs/datasets.md tells how.",
            "",
            "Examples:",
            "  mynah pull Qwen/Qwen3-0.6B",
            "  mynah pull gsm8k",
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class PullCommand implements Callable<Integer> {
    static final String DEFAULT_MIRROR = "https://huggingface.co";

    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final long STEP = 16 << 20;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "NAME", description = "owner/name of a model, or the name of a data set.")
    private String name;

    @Option(names = "--mirror", paramLabel = "URL", description = "Server with the contract of the Hugging Face hub.")
    private @Nullable String mirror;

    @Option(names = "--json", description = "Print one JSON object: {\"name\", \"path\"}.")
    private boolean json;

    private long shown = -STEP;

    @Override
    public Integer call() throws IOException {
        Hub hub = new Hub(address(), HubCache.ofUser(), new Download(PAUSE));
        DatasetRegistry datasets = DatasetRegistry.read(DatasetsOption.registry());
        Path folder =
                datasets.names().contains(name) ? hub.pull(datasets.get(name), this::show) : hub.pull(name, this::show);
        spec.commandLine()
                .getOut()
                .println(
                        json
                                ? JsonMapper.shared()
                                        .createObjectNode()
                                        .put("name", name)
                                        .put("path", folder.toString())
                                : folder);
        return 0;
    }

    private URI address() throws IOException {
        Path file = HubCache.xdg("XDG_CONFIG_HOME", ".config").resolve("mirror");
        String set = System.getenv("MYNAH_MIRROR");
        String chosen = mirror;
        if (chosen == null && set != null && !set.isEmpty()) {
            chosen = set;
        }
        if (chosen == null && Files.exists(file)) {
            chosen = Files.readString(file).lines().findFirst().orElse("").strip();
        }
        return parse(chosen == null ? DEFAULT_MIRROR : chosen);
    }

    static URI parse(String mirror) {
        try {
            URI address = new URI(mirror);
            if (mirror.matches("https?://[^?#]+") && address.getHost() != null) {
                return address;
            }
        } catch (URISyntaxException e) {
            // Refused below.
        }
        throw new IllegalArgumentException("the mirror \"" + mirror + "\" is no address like " + DEFAULT_MIRROR);
    }

    private void show(String file, long bytes, long total) {
        if (bytes != total && bytes >= shown && bytes - shown < STEP) {
            return;
        }
        shown = bytes == total ? -STEP : bytes;
        PrintWriter err = spec.commandLine().getErr();
        err.println(file + ": " + (bytes >> 20) + (total < 0 ? "" : " of " + (total >> 20)) + " MiB");
    }
}
