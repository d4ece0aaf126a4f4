package dev.mynah.server.upstream;

import dev.mynah.engine.FinishReason;
import dev.mynah.engine.GenerationHandle;
import dev.mynah.engine.Usage;
import dev.mynah.server.provider.GenerationEvent;
import dev.mynah.server.provider.ModelRequest;
import dev.mynah.server.provider.PreparedGeneration;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * An answer by an upstream: tried again, elsewhere if there is an elsewhere, until something of it has arrived. How many tokens the prompt has is known when the upstream says so, which
 * is at the end; an answer that ends before is charged for what was delivered alone.
 */
final class UpstreamGeneration implements PreparedGeneration {
    private static final Logger LOG = LoggerFactory.getLogger(UpstreamGeneration.class);
    private static final int ATTEMPTS = 3;
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final int MAX_ERROR = 4_096;
    // What a template adds to a conversation; a token has at least a byte.
    private static final int TEMPLATE_TOKENS = 512;

    private final UpstreamProvider provider;
    private final ModelRequest request;
    private final List<Route> routes;
    private final int mostPromptTokens;
    private volatile int promptTokens;
    private volatile boolean cancelled;
    private volatile @Nullable CompletableFuture<HttpResponse<InputStream>> asked;
    private volatile @Nullable InputStream open;

    UpstreamGeneration(UpstreamProvider provider, ModelRequest request, List<Route> routes) {
        this.provider = provider;
        this.request = request;
        this.routes = List.copyOf(routes);
        mostPromptTokens =
                UpstreamBody.of(request, "").toString().getBytes(StandardCharsets.UTF_8).length + TEMPLATE_TOKENS;
    }

    @Override
    public int promptTokens() {
        return mostPromptTokens;
    }

    @Override
    public int knownPromptTokens() {
        return promptTokens;
    }

    @Override
    public int maxCompletionTokens() {
        return Math.multiplyExact(
                request.choices(), Math.min(request.sampling().maxTokens(), Integer.MAX_VALUE / request.choices()));
    }

    @Override
    public GenerationHandle start(Consumer<GenerationEvent> sink) {
        Thread.ofVirtual().name("upstream").start(() -> run(sink));
        return this::cancel;
    }

    private void cancel() {
        cancelled = true;
        CompletableFuture<HttpResponse<InputStream>> waiting = asked;
        if (waiting != null) {
            waiting.cancel(true);
        }
        close(open);
    }

    private static void close(@Nullable InputStream stream) {
        try {
            if (stream != null) {
                stream.close();
            }
        } catch (IOException e) {
            LOG.debug("an upstream's connection could not be closed", e);
        }
    }

    private void run(Consumer<GenerationEvent> sink) {
        UpstreamEvents events = new UpstreamEvents(request.choices(), sink);
        try {
            answer(events);
            promptTokens = Math.min(events.promptTokens(), mostPromptTokens);
            events.finish();
        } catch (RuntimeException e) {
            if (cancelled) {
                events.cancel();
            } else {
                sink.accept(new GenerationEvent.Failure(0, e, new Usage(0, 0, 0)));
            }
        }
    }

    private void answer(UpstreamEvents events) {
        Set<String> tried = new HashSet<>();
        for (int attempt = 1; ; attempt++) {
            Optional<Route> route = provider.choose(routes, tried);
            if (route.isEmpty()) {
                throw UpstreamException.unavailable("no upstream of this model answers now");
            }
            CircuitBreaker breaker = provider.breaker(route.get());
            breaker.begin();
            try {
                attempt(route.get(), events);
                breaker.succeeded();
                return;
            } catch (UpstreamException e) {
                if (e.isRefused()) {
                    breaker.succeeded();
                    throw e;
                }
                if (cancelled) {
                    throw e;
                }
                breaker.failed();
                LOG.warn("upstream {} failed: {}", route.get().upstream().id(), e.getMessage());
                if (events.begun() || attempt == ATTEMPTS) {
                    throw e;
                }
            }
            tried.add(route.get().upstream().id());
            pause(attempt);
        }
    }

    private static void pause(int attempt) {
        try {
            Thread.sleep(PAUSE.multipliedBy(attempt));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw UpstreamException.unavailable("interrupted while waiting to try again");
        }
    }

    private void attempt(Route route, UpstreamEvents events) {
        try {
            HttpResponse<InputStream> response = ask(route);
            try (InputStream body = response.body()) {
                open = body;
                if (cancelled) {
                    throw UpstreamException.unavailable("cancelled");
                }
                if (response.statusCode() != 200) {
                    throw failure(response.statusCode(), body);
                }
                new UpstreamStream(body, provider.watch(), provider.patience().silence()).read(events);
            }
        } catch (IOException e) {
            throw UpstreamException.unavailable(e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw UpstreamException.unavailable("interrupted");
        }
    }

    /** Sends the request, and waits for the head of its answer, or until it is cancelled. */
    private HttpResponse<InputStream> ask(Route route) throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<InputStream>> sent =
                provider.http().sendAsync(http(route), HttpResponse.BodyHandlers.ofInputStream());
        asked = sent;
        try {
            if (cancelled) {
                sent.cancel(true);
            }
            return sent.get();
        } catch (CancellationException e) {
            throw new IOException("cancelled", e);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        }
    }

    private HttpRequest http(Route route) {
        String url = route.upstream().baseUrl() + UpstreamBody.path(request.prompt());
        HttpRequest.Builder http = HttpRequest.newBuilder(URI.create(url))
                .timeout(provider.patience().answer())
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(
                        UpstreamBody.of(request, route.model()).toString()));
        if (route.upstream().apiKey() != null) {
            http.header("Authorization", "Bearer " + route.upstream().apiKey());
        }
        return http.build();
    }

    /** Of the errors that are the request's fault, the caller is told what was said. */
    private static UpstreamException failure(int status, InputStream body) throws IOException {
        String text = new String(body.readNBytes(MAX_ERROR), StandardCharsets.UTF_8);
        boolean refused = status == 400 || status == 413 || status == 422;
        return refused
                ? UpstreamException.refused(message(text))
                : UpstreamException.unavailable("status " + status + ": " + text);
    }

    private static String message(String body) {
        try {
            JsonNode json = JsonMapper.shared().readTree(body);
            return json.path("error").path("message").asString("the model's service refused the request");
        } catch (JacksonException e) {
            return "the model's service refused the request";
        }
    }

    /** The end of a choice by the API's word for it. */
    static FinishReason reason(String word) {
        return word.equals("length") ? FinishReason.LENGTH : FinishReason.STOP;
    }
}
