package dev.mynah.server;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** A service in a process of its own, to be killed: prints its address and its first key. */
final class ChildServer {
    private ChildServer() {}

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
