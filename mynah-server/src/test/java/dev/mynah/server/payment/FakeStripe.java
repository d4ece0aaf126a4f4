package dev.mynah.server.payment;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Answers as Stripe does, on this machine: remembers what it was asked, and repeats the answer to an idempotency key. */
final class FakeStripe implements AutoCloseable {
    static final String KEY = "sk_test_mynah";

    private final HttpServer http;
    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final AtomicInteger made = new AtomicInteger();

    /** Forms that moved or would move money, each once. */
    final List<Map<String, String>> forms = new CopyOnWriteArrayList<>();

    /** What can be retrieved, by its address. */
    final Map<String, String> objects = new ConcurrentHashMap<>();

    /** What is answered next instead of what was asked for: a status and a body. */
    volatile String next = "";

    FakeStripe() throws IOException {
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.createContext("/", this::answer);
        http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        http.start();
    }

    String url() {
        return "http://localhost:" + http.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
            if (!("Bearer " + KEY).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                send(exchange, 401, "{\"error\": {\"message\": \"Invalid API Key provided\"}}");
                return;
            }
            if (!next.isEmpty()) {
                String[] words = next.split(" ", 2);
                next = "";
                send(exchange, Integer.parseInt(words[0]), words[1]);
                return;
            }
            if (exchange.getRequestMethod().equals("GET")) {
                String object = objects.get(exchange.getRequestURI().toString());
                String absent = "{\"error\": {\"message\": \"No such object\"}}";
                send(exchange, object == null ? 404 : 200, object == null ? absent : object);
                return;
            }
            send(exchange, 200, answers.computeIfAbsent(key, _ -> make(exchange, form(body))));
        }
    }

    private String make(HttpExchange exchange, Map<String, String> form) {
        forms.add(form);
        String path = exchange.getRequestURI().getPath();
        int number = made.incrementAndGet();
        return switch (path) {
            case "/v1/checkout/sessions" ->
                "{\"id\": \"cs_" + number + "\", \"url\": \"https://checkout.stripe.com/c/pay/cs_" + number + "\"}";
            case "/v1/payment_intents" -> "{\"id\": \"pi_" + number + "\", \"status\": \"succeeded\"}";
            case "/v1/refunds" -> "{\"id\": \"re_" + number + "\", \"status\": \"succeeded\"}";
            default -> throw new IllegalArgumentException(path);
        };
    }

    private static Map<String, String> form(String body) {
        return Stream.of(body.split("&"))
                .map(field -> field.split("=", 2))
                .collect(Collectors.toMap(field -> decoded(field[0]), field -> decoded(field[1])));
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        http.stop(0);
    }
}
