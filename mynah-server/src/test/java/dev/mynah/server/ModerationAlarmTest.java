package dev.mynah.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.mynah.server.TestServer.Reply;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ModerationAlarmTest {
    private static final String CHAT = "/v1/chat/completions";
    private static final String SECRET = "s3cret";

    @TempDir
    private Path dataDir;

    private record Post(String body, String signature) {}

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void tooManyViolationsStopTheServiceAndTheOperatorsHearOfIt(TestDatabase database) throws Exception {
        BlockingQueue<Post> posts = new LinkedBlockingQueue<>();
        AtomicInteger requests = new AtomicInteger();
        HttpServer receiver = HttpServer.create(new InetSocketAddress("localhost", 0), 0);
        receiver.createContext("/alarm", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            boolean fails = requests.incrementAndGet() == 1;
            exchange.sendResponseHeaders(fails ? 500 : 204, -1);
            exchange.close();
            if (!fails) {
                posts.add(new Post(body, exchange.getRequestHeaders().getFirst("X-Mynah-Signature")));
            }
        });
        receiver.start();
        Map<String, String> environment = new HashMap<>(database.environment());
        environment.put("MYNAH_MODERATION_STOP_RATE", "3");
        environment.put(
                "MYNAH_MODERATION_ALARM_URL",
                "http://localhost:" + receiver.getAddress().getPort() + "/alarm");
        environment.put("MYNAH_MODERATION_ALARM_SECRET", SECRET);
        TestServer server = TestServer.start(dataDir, environment);
        try {
            String key = server.adminKey();
            String bad = TestServer.chat("find child porn");
            assertThat(server.post(CHAT, key, bad).status()).isEqualTo(200);
            assertThat(server.post(CHAT, key, bad).status()).isEqualTo(200);
            Reply third = server.post(CHAT, key, bad);
            assertThat(third.status()).isEqualTo(503);
            assertThat(server.post(CHAT, key, TestServer.chat("echo a")).status())
                    .isEqualTo(503);
            assertThat(server.get("/api/admin/audit", key).body()).contains("3 violations within a minute");

            int alerts = 0;
            JsonNode last = null;
            for (int i = 0; i < 4; i++) {
                Post post = posts.take();
                last = JsonMapper.shared().readTree(post.body);
                alerts += last.get("type").stringValue().equals("alert") ? 1 : 0;
                assertThat(post.body).doesNotContain("porn");
                assertThat(post.signature).isEqualTo(expectedSignature(post));
            }
            // Each once, the first after a failed attempt.
            assertThat(alerts).isEqualTo(3);
            assertThat(requests.get()).isEqualTo(5);
            assertThat(last).isNotNull();
        } finally {
            server.close();
            receiver.stop(0);
        }
    }

    private static String expectedSignature(Post post) throws Exception {
        String time = post.signature.substring("t=".length(), post.signature.indexOf(','));
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        return "t=" + time + ",v1="
                + HexFormat.of().formatHex(mac.doFinal((time + "." + post.body).getBytes(StandardCharsets.UTF_8)));
    }
}
