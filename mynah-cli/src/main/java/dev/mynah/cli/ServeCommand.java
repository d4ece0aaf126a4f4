package dev.mynah.cli;

import dev.mynah.engine.EngineOptions;
import dev.mynah.server.Server;
import dev.mynah.server.ServerOptions;
import dev.mynah.server.account.Administrators.FirstStart;
import dev.mynah.server.config.ServiceConfig;
import dev.mynah.server.finetuning.FineTuningOptions;
import dev.mynah.server.provider.LocalModels;
import dev.mynah.server.provider.ModelProvider;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code mynah serve}: the service, until it is told to stop. */
@Command(
        name = "serve",
        description = "Serve a model: an OpenAI-compatible API with accounts, plans and metering.",
        footer = {
            "",
            "The first start makes an administrator and prints its password and an API key, once.",
            "D/mynah.yaml and the environment configure it; --help-config lists the keys.",
            "",
            "Examples:",
            "  mynah serve",
            "  mynah serve --model base --adapter base:support=runs/support/adapter",
            "  mynah serve --model runs/first/model --port 9000 --data-dir /var/lib/mynah",
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ServeCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--port",
            paramLabel = "P",
            description = "Where to listen; 0 picks a free one (default: as configured, or 8080).")
    private @Nullable Integer port;

    @Mixin
    private ModelOption model;

    @Mixin
    private DataDirOption dataDir;

    @Mixin
    private DraftOption draft;

    @Option(
            names = "--adapter",
            paramLabel = "NAME=DIR",
            description =
                    "Answer with a LoRA adapter (in PEFT's layout) over the model too, as the model NAME; repeatable.")
    private Map<String, Path> adapters = new LinkedHashMap<>();

    @Option(names = "--json", description = "Print one JSON object when ready, instead of sentences.")
    private boolean json;

    @Option(names = "--help-config", description = "List the keys of the configuration and exit.")
    private boolean helpConfig;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (helpConfig) {
            spec.commandLine().getOut().print(ServiceConfig.reference());
            return 0;
        }
        Path folder = dataDir.path();
        int listen = port == null ? ServiceConfig.read(folder, System.getenv()).port() : port;
        Path path = model.path();
        String name = Models.name(path);
        ServerOptions options = new ServerOptions(
                listen,
                folder,
                Home.runs(),
                ownTraining(Map.of(name, path)),
                (other, at) -> LocalModels.open(other, at, model.device()),
                System.getenv());
        EngineOptions engine = EngineOptions.DEFAULT.withDraftTokens(draft.tokens());
        ModelProvider provider = LocalModels.open(name, path, model.device(), engine, draft.path(), adapters);
        try (Server server = Server.start(options, provider)) {
            PrintWriter out = spec.commandLine().getOut();
            if (json) {
                out.println(toJson(server, name));
            } else {
                announce(server, name, out);
            }
            out.flush();
            server.await();
        }
        return 0;
    }

    /** This very program, as it was started but for the size of its heap. */
    private static FineTuningOptions ownTraining(Map<String, Path> models) {
        List<String> java = new ArrayList<>(ManagementFactory.getRuntimeMXBean().getInputArguments());
        java.removeIf(
                flag -> flag.matches("-X(m[sxn]|X:Max|X:Initial|X:MaxRAM|X:[+]Use).*") || flag.startsWith("-agentlib"));
        java.add(Mynah.class.getName());
        return new FineTuningOptions(java, System.getProperty("java.class.path"), models);
    }

    private static ObjectNode toJson(Server server, String model) {
        ObjectNode result = JsonMapper.shared().createObjectNode();
        result.put("url", server.url()).put("model", model);
        server.firstStart()
                .ifPresent(first -> result.put("admin_email", first.email())
                        .put("admin_password", first.password())
                        .put("api_key", first.apiKey()));
        return result;
    }

    private static void announce(Server server, String model, PrintWriter out) {
        out.println("Mynah serves " + model + " at " + server.url());
        server.firstStart().ifPresent(first -> announce(first, server.url(), out));
    }

    private static void announce(FirstStart first, String url, PrintWriter out) {
        out.println();
        out.println("Shown this once:");
        out.println("  administrator  " + first.email());
        out.println("  password       " + first.password() + "   (change it after signing in)");
        out.println("  API key        " + first.apiKey());
        out.println();
        out.println("  curl " + url + "/v1/models -H \"Authorization: Bearer " + first.apiKey() + "\"");
    }
}
