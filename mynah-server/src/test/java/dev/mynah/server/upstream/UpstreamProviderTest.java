package dev.mynah.server.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.mynah.engine.FinishReason;
import dev.mynah.engine.GenerationHandle;
import dev.mynah.engine.SamplingOptions;
import dev.mynah.server.provider.AnswerForm;
import dev.mynah.server.provider.GenerationEvent;
import dev.mynah.server.provider.ModelRequest;
import dev.mynah.server.provider.PreparedGeneration;
import dev.mynah.server.provider.Prompt;
import dev.mynah.text.chat.ChatMessage;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A provider over services that misbehave. */
class UpstreamProviderTest {
    private static final String ANSWER = """
            data: {"choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}

            data: {"choices":[{"index":0,"delta":{"content":"Hel"},"finish_reason":null}]}

            data: {"choices":[{"index":0,"delta":{"content":"lo"},"finish_reason":null}]}

            data: {"choices":[{"index":0,"delta":{},"finish_reason":"length"}]}

            data: {"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":5,"prompt_tokens_details":{"cached_tokens":3}}}

            data: [DONE]

            """;
    private static final String BEGINNING =
            ANSWER.substring(0, ANSWER.indexOf("data: {\"choices\":[{\"index\":0,\"delta\":{},"));

    /** What a service does with a request. */
    private interface Behaviour {
        void answer(HttpExchange exchange) throws IOException, InterruptedException;
    }

    private final List<HttpServer> servers = new ArrayList<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private final List<Route> routes = new ArrayList<>();
    private Instant now = Instant.EPOCH;
    private UpstreamProvider provider;

    @BeforeEach
    void open() {
        provider = provider(Duration.ofSeconds(1));
    }

    /** @param patience with an upstream that says nothing */
    private UpstreamProvider provider(Duration patience) {
        return new UpstreamProvider(
                new UpstreamProvider.Routes() {
                    @Override
                    public Set<String> models() {
                        return Set.of("far");
                    }

                    @Override
                    public List<Route> of(String model) {
                        return routes;
                    }
                },
                new UpstreamProvider.Patience(Duration.ofSeconds(2), patience, patience),
                () -> now);
    }

    @AfterEach
    void close() {
        over.countDown();
        servers.forEach(server -> server.stop(0));
        provider.close();
    }

    private AtomicInteger service(int weight, Behaviour behaviour) throws IOException {
        AtomicInteger asked = new AtomicInteger();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/v1/chat/completions", exchange -> {
            asked.incrementAndGet();
            try (exchange) {
                behaviour.answer(exchange);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        server.start();
        servers.add(server);
        String url = "http://localhost:" + server.getAddress().getPort() + "/v1";
        routes.add(new Route(new Upstream("u" + routes.size(), url, "secret", true, now), "theirs", weight));
        return asked;
    }

    private static void say(HttpExchange exchange, int status, String body) throws IOException {
        exchange.sendResponseHeaders(status, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body.getBytes(StandardCharsets.UTF_8));
        }
    }

    private void hangAfter(HttpExchange exchange, String body) throws IOException, InterruptedException {
        exchange.sendResponseHeaders(200, 0);
        exchange.getResponseBody().write(body.getBytes(StandardCharsets.UTF_8));
        exchange.getResponseBody().flush();
        over.await();
    }

    /** An answer's events. */
    private record Answer(PreparedGeneration generation, List<GenerationEvent> events) {
        String text() {
            StringBuilder text = new StringBuilder();
            for (GenerationEvent event : events) {
                if (event instanceof GenerationEvent.Token token) {
                    text.append(token.text());
                }
            }
            return text.toString();
        }

        int tokens() {
            return events.stream()
                    .mapToInt(event -> event instanceof GenerationEvent.Token token ? token.tokens() : 0)
                    .sum();
        }

        GenerationEvent last() {
            return events.getLast();
        }
    }

    private PreparedGeneration prepared() {
        Prompt prompt = new Prompt.Chat(List.of(ChatMessage.of(ChatMessage.Role.USER, "hi")), List.of());
        return provider.prepare(
                new ModelRequest("far", prompt, SamplingOptions.greedy(10), AnswerForm.TEXT, 1, "tenant", 0));
    }

    private Answer ask() throws InterruptedException {
        PreparedGeneration generation = prepared();
        BlockingQueue<GenerationEvent> queue = new LinkedBlockingQueue<>();
        generation.start(queue::add);
        List<GenerationEvent> events = new ArrayList<>();
        while (events.isEmpty()
                || events.getLast() instanceof GenerationEvent.Token
                || events.getLast() instanceof GenerationEvent.Call) {
            events.add(queue.take());
        }
        return new Answer(generation, events);
    }

    private static void assertUnavailable(Answer answer) {
        assertThat(answer.last())
                .isInstanceOfSatisfying(
                        GenerationEvent.Failure.class,
                        failure -> assertThat(failure.cause())
                                .isInstanceOfSatisfying(
                                        UpstreamException.class,
                                        cause -> assertThat(cause.isRefused()).isFalse()));
    }

    @Test
    void anAnswerHasTheUpstreamsOwnCounts() throws Exception {
        List<String> heard = new ArrayList<>();
        service(1, exchange -> {
            heard.add(exchange.getRequestHeaders().getFirst("Authorization"));
            heard.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            say(exchange, 200, ANSWER);
        });

        Answer answer = ask();

        assertThat(answer.text()).isEqualTo("Hello");
        assertThat(answer.tokens()).isEqualTo(5);
        assertThat(answer.generation().knownPromptTokens()).isEqualTo(7);
        assertThat(answer.generation().promptTokens()).isGreaterThan(7);
        assertThat(answer.last()).isInstanceOfSatisfying(GenerationEvent.End.class, end -> {
            assertThat(end.reason()).isEqualTo(FinishReason.LENGTH);
            assertThat(end.usage().cachedTokens()).isEqualTo(3);
        });
        assertThat(heard.getFirst()).isEqualTo("Bearer secret");
        assertThat(heard.getLast()).contains("\"model\":\"theirs\"").contains("\"max_tokens\":10");
    }

    @Test
    void callsComeInPieces() throws Exception {
        service(1, exchange -> say(exchange, 200, """
                data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"call_1","function":{"name":"f","arguments":""}}]}}]}

                data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\\"a\\":"}}]}}]}

                data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"1}"}}]}}]}

                data: {"choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}

                """));

        Answer answer = ask();

        assertThat(answer.events())
                .anySatisfy(event -> assertThat(event).isInstanceOfSatisfying(GenerationEvent.Call.class, call -> {
                    assertThat(call.call().id()).isEqualTo("call_1");
                    assertThat(call.call().arguments()).isEqualTo("{\"a\":1}");
                }));
        assertThat(answer.last()).isInstanceOf(GenerationEvent.End.class);
    }

    @Test
    void aServiceThatFailsIsAskedAgain() throws Exception {
        AtomicInteger count = new AtomicInteger();
        AtomicInteger asked = service(1, exchange -> {
            if (count.incrementAndGet() < 3) {
                say(exchange, 500, "oops");
            } else {
                say(exchange, 200, ANSWER);
            }
        });

        assertThat(ask().text()).isEqualTo("Hello");
        assertThat(asked).hasValue(3);
    }

    @Test
    void anotherServiceIsAskedWhereOneHangs() throws Exception {
        service(1_000, exchange -> over.await());
        service(1, exchange -> say(exchange, 200, ANSWER));

        assertThat(ask().text()).isEqualTo("Hello");
    }

    @Test
    void anAnswerThatHasBegunIsNotBegunAnew() throws Exception {
        AtomicInteger asked = service(1, exchange -> say(exchange, 200, BEGINNING));

        Answer answer = ask();

        assertThat(answer.tokens()).isEqualTo(2);
        assertUnavailable(answer);
        assertThat(asked).hasValue(1);
        assertThat(answer.generation().knownPromptTokens()).isZero();
    }

    @Test
    void aServiceThatFallsSilentIsGivenUp() throws Exception {
        service(1, exchange -> hangAfter(exchange, BEGINNING));

        Answer answer = ask();

        assertThat(answer.text()).isEqualTo("Hello");
        assertUnavailable(answer);
    }

    @Test
    void whatAServiceRefusesIsNotAskedAgain() throws Exception {
        AtomicInteger asked = service(1, exchange -> say(exchange, 400, "{\"error\":{\"message\":\"too long\"}}"));

        assertThat(ask().last())
                .isInstanceOfSatisfying(
                        GenerationEvent.Failure.class,
                        failure -> assertThat(failure.cause()).hasMessage("too long"));
        assertThat(asked).hasValue(1);
    }

    @Test
    void aServiceThatKeepsFailingIsLeftAlone() throws Exception {
        AtomicInteger asked = service(1, exchange -> say(exchange, 503, ""));

        ask();
        ask();
        assertThat(asked).hasValue(5);
        assertUnavailable(ask());
        assertThat(asked).hasValue(5);

        now = now.plusSeconds(31);
        ask();
        assertThat(asked).hasValue(6);
    }

    @Test
    void requestsGoByWeight() throws Exception {
        AtomicInteger often = service(9, exchange -> say(exchange, 200, ANSWER));
        AtomicInteger seldom = service(1, exchange -> say(exchange, 200, ANSWER));

        for (int i = 0; i < 200; i++) {
            ask();
        }

        // 20 expected; one in a million million runs lies outside.
        assertThat(seldom.get()).isBetween(1, 55);
        assertThat(often.get() + seldom.get()).isEqualTo(200);
    }

    @Test
    void cancellingHangsUp() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        service(1, exchange -> hangAfter(exchange, BEGINNING));
        BlockingQueue<GenerationEvent> events = new LinkedBlockingQueue<>();
        GenerationHandle handle = prepared().start(event -> {
            events.add(event);
            begun.countDown();
        });
        begun.await();
        handle.cancel();

        GenerationEvent last = events.take();
        while (last instanceof GenerationEvent.Token) {
            last = events.poll(20, TimeUnit.SECONDS);
        }
        assertThat(last)
                .isInstanceOfSatisfying(
                        GenerationEvent.End.class,
                        end -> assertThat(end.reason()).isEqualTo(FinishReason.CANCELLED));
    }

    /** One that has not even said that it heard. */
    @Test
    void cancellingEndsWaitingForAnUpstreamThatIsSilent() throws Exception {
        provider.close();
        provider = provider(Duration.ofHours(1));
        CountDownLatch heard = new CountDownLatch(1);
        service(1, exchange -> {
            heard.countDown();
            over.await();
        });
        BlockingQueue<GenerationEvent> events = new LinkedBlockingQueue<>();
        GenerationHandle handle = prepared().start(events::add);
        heard.await();
        handle.cancel();

        assertThat(events.poll(20, TimeUnit.SECONDS))
                .isInstanceOfSatisfying(
                        GenerationEvent.End.class,
                        end -> assertThat(end.reason()).isEqualTo(FinishReason.CANCELLED));
    }
}
