package dev.mynah.server.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks a service from outside, in a process of its own, and prints what it saw. */
final class LoadGenerator {
    private static final Pattern TOKEN = Pattern.compile("\"content\":\"[x.]\"");
    private static final int WARM_UP = 5_000;
    private static final int WARM_UP_AT_ONCE = 8;

    private final URI url;
    private final String adminKey;
    private final List<String> keys;

    private LoadGenerator(URI url, String adminKey, List<String> keys) {
        this.url = url;
        this.adminKey = adminKey;
        this.keys = keys;
    }

    /** @param args what to do (connections, overhead or rate), its two numbers, then what {@link FigureServer} printed */
    public static void main(String[] args) throws Exception {
        LoadGenerator generator =
                new LoadGenerator(URI.create(args[3]), args[4], List.of(args).subList(5, args.length));
        int first = Integer.parseInt(args[1]);
        int second = Integer.parseInt(args[2]);
        switch (args[0]) {
            case "connections" -> generator.connections(first, second);
            case "overhead" -> generator.overhead(first, second);
            case "rate" -> generator.rate(first, second);
            default -> throw new IllegalArgumentException(args[0]);
        }
        System.out.println("processor time: client "
                + ProcessHandle.current()
                        .info()
                        .totalCpuDuration()
                        .orElse(Duration.ZERO)
                        .toMillis()
                + " ms");
    }

    /** One stream of an answer, read to its end. Moments are nanoseconds. */
    private record Stream(long sentAt, long firstAt, long lastAt, int tokens, boolean done) {
        long toFirst() {
            return firstAt - sentAt;
        }

        double perToken() {
            return (lastAt - firstAt) / (double) (tokens - 1);
        }
    }

    private Stream stream(String key, String question) throws IOException {
        String body = "{\"model\":\"stub\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"" + question
                + "\"}]}";
        try (Socket socket = new Socket()) {
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress(url.getHost(), url.getPort()));
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            long sentAt = System.nanoTime();
            socket.getOutputStream()
                    .write(("POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + key
                                    + "\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: "
                                    + body.length() + "\r\n\r\n" + body)
                            .getBytes(StandardCharsets.UTF_8));
            long firstAt = 0;
            long lastAt = 0;
            int tokens = 0;
            boolean done = false;
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (TOKEN.matcher(line).find()) {
                    lastAt = System.nanoTime();
                    firstAt = tokens++ == 0 ? lastAt : firstAt;
                }
                done |= line.equals("data: [DONE]");
            }
            return new Stream(sentAt, firstAt, lastAt, tokens, done);
        }
    }

    /** Streams that are silent for a minute between two tokens, and others that are busy beside them. */
    private void connections(int idle, int active) throws Exception {
        List<Future<Stream>> quiet = new ArrayList<>();
        List<Future<Stream>> busy = new ArrayList<>();
        long most = 0;
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < idle; i++) {
                String key = keys.get(i % keys.size());
                quiet.add(clients.submit(() -> stream(key, "count 2 60000")));
            }
            while (gauge("mynah_answers_running") < idle) {
                Thread.sleep(100);
            }
            for (int i = 0; i < active; i++) {
                String key = keys.get(i % keys.size());
                busy.add(clients.submit(() -> stream(key, "count 400 20")));
            }
            while (busy.stream().anyMatch(one -> !one.isDone())) {
                most = Math.max(most, gauge("jvm_memory_used_bytes\\{area=\"heap\""));
                Thread.sleep(500);
            }
        }
        System.out.printf(
                "idle: %d of %d whole; active: %d of %d whole; heap in use at most %d MB%n",
                whole(quiet, 2), idle, whole(busy, 400), active, most >> 20);
    }

    private static long whole(List<Future<Stream>> streams, int tokens) throws Exception {
        long whole = 0;
        for (Future<Stream> stream : streams) {
            whole += stream.get().done() && stream.get().tokens() == tokens ? 1 : 0;
        }
        return whole;
    }

    /** Short chats, of which nothing is counted. */
    private void warmUp() throws Exception {
        HttpClient http = HttpClient.newHttpClient();
        try (ExecutorService clients = Executors.newFixedThreadPool(WARM_UP_AT_ONCE)) {
            List<Future<Integer>> sent = new ArrayList<>();
            for (int i = 0; i < WARM_UP; i++) {
                HttpRequest chat = chat(keys.get(i % keys.size()));
                sent.add(clients.submit(() ->
                        http.send(chat, HttpResponse.BodyHandlers.ofString()).statusCode()));
            }
            for (Future<Integer> one : sent) {
                if (one.get() != 200) {
                    throw new IllegalStateException("answered with " + one.get());
                }
            }
        }
    }

    /** One stream after the other, so that nothing but the service itself is in the way. */
    private void overhead(int requests, int tokens) throws Exception {
        warmUp();
        List<Long> first = new ArrayList<>();
        List<Long> perToken = new ArrayList<>();
        for (int i = 0; i < requests; i++) {
            Stream stream = stream(keys.get(i % keys.size()), "dots " + tokens + " 1");
            if (stream.tokens() != tokens || !stream.done()) {
                throw new IllegalStateException("a stream was not whole: " + stream);
            }
            first.add(stream.toFirst());
            perToken.add(Math.round(stream.perToken()));
        }
        System.out.println(
                "service, to the first token: " + percentiles(first) + "; a further token: " + percentiles(perToken));
    }

    /** Requests at their times, whether or not earlier ones are answered; delays count from when a request was due. */
    private void rate(int perSecond, int seconds) throws Exception {
        int requests = perSecond * seconds;
        long[] delays = new long[requests];
        int[] statuses = new int[requests];
        List<Future<Boolean>> sent = new ArrayList<>();
        HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            long start = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(100);
            for (int i = 0; i < requests; i++) {
                int number = i;
                long due = start + i * TimeUnit.SECONDS.toNanos(1) / perSecond;
                while (System.nanoTime() < due) {
                    LockSupport.parkNanos(due - System.nanoTime());
                }
                sent.add(clients.submit(() -> {
                    statuses[number] = http.send(
                                    chat(keys.get(number % keys.size())), HttpResponse.BodyHandlers.ofString())
                            .statusCode();
                    delays[number] = System.nanoTime() - due;
                    return true;
                }));
            }
            for (Future<Boolean> one : sent) {
                one.get();
            }
        }
        List<Long> counted =
                Arrays.stream(delays, requests / 4, requests).boxed().toList();
        System.out.println(requests + " requests at " + perSecond + "/s, "
                + Arrays.stream(statuses).filter(status -> status == 200).count()
                + " answered; after the first quarter: "
                + percentiles(counted));
    }

    private HttpRequest chat(String key) {
        String body =
                "{\"model\":\"stub\",\"messages\":[{\"role\":\"user\",\"content\":\"echo what is the weather like\"}]}";
        return HttpRequest.newBuilder(url.resolve("/v1/chat/completions"))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    private long gauge(String name) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(url.resolve("/metrics"))
                .header("Authorization", "Bearer " + adminKey)
                .build();
        String metrics = HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
        Matcher samples =
                Pattern.compile("^" + name + ".* (\\S+)$", Pattern.MULTILINE).matcher(metrics);
        double sum = 0;
        while (samples.find()) {
            sum += Double.parseDouble(samples.group(1));
        }
        return Math.round(sum);
    }

    static String percentiles(List<Long> nanos) {
        List<Long> sorted = nanos.stream().sorted().toList();
        return "median %.3f ms, p99 %.3f ms, most %.3f ms"
                .formatted(
                        sorted.get(sorted.size() / 2) / 1e6,
                        sorted.get((int) Math.ceil(sorted.size() * 0.99) - 1) / 1e6,
                        sorted.getLast() / 1e6);
    }
}
