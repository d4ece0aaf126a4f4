package dev.mynah.server;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A service in a process of its own, to be killed: prints its address and its first key. */
final class ChildServer {
    private ChildServer() {}

    /** Starts one, whose first line of output is its address and its key. */
    static Process start(Path dataDir, Map<String, String> environment) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx400m",
                "-cp",
                System.getProperty("java.class.path"),
                ChildServer.class.getName(),
                dataDir.toString()));
        environment.forEach((name, value) -> command.add(name + "=" + value));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** @param args the data folder, then settings as {@code NAME=VALUE} */
    public static void main(String[] args) throws Exception {
        Map<String, String> environment = new HashMap<>();
        for (int i = 1; i < args.length; i++) {
            int equals = args[i].indexOf('=');
            environment.put(args[i].substring(0, equals), args[i].substring(equals + 1));
        }
        try (Server server = Server.start(
                new ServerOptions(0, Path.of(args[0]), environment), TestServer.provider(new StubEngine()))) {
            System.out.println(
                    server.url() + " " + server.firstStart().orElseThrow().apiKey());
            server.await();
        }
    }
}
