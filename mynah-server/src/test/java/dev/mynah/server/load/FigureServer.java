package dev.mynah.server.load;

import dev.mynah.server.TestServer;
import dev.mynah.server.TestUser;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** A service over the stub engine in a process of its own, for {@link ServiceFigures}: prints its address, the administrator's key and a key for each of its users, then waits. */
final class FigureServer {
    private FigureServer() {}

    /** @param args the data folder, the number of users, then settings as {@code NAME=VALUE} */
    public static void main(String[] args) throws Exception {
        Map<String, String> environment = new HashMap<>();
        for (int i = 2; i < args.length; i++) {
            int equals = args[i].indexOf('=');
            environment.put(args[i].substring(0, equals), args[i].substring(equals + 1));
        }
        TestServer server = TestServer.start(Path.of(args[0]), environment);
        StringBuilder ready = new StringBuilder(server.url() + " " + server.adminKey());
        for (int i = 0; i < Integer.parseInt(args[1]); i++) {
            ready.append(' ').append(TestUser.payingFrom(server, 1_000_000_000L).key());
        }
        System.out.println(ready);
        // Ends with the process that reads this.
        System.in.read();
        server.close();
        System.exit(0);
    }
}
