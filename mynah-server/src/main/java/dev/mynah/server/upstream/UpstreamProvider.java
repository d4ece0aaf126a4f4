package dev.mynah.server.upstream;

import dev.mynah.server.provider.ModelProvider;
import dev.mynah.server.provider.ModelRequest;
import dev.mynah.server.provider.PreparedGeneration;
import dev.mynah.server.provider.Prompt;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/** Models that upstreams answer with. */
@Component
public final class UpstreamProvider implements ModelProvider {
    /** The name of this provider in the register of models. */
    public static final String NAME = "upstream";

    /**
     * How long an upstream may take.
     *
     * @param connect until the connection stands
     * @param answer  until the answer begins
     * @param silence between two pieces of an answer
     */
    record Patience(Duration connect, Duration answer, Duration silence) {
        static final Patience USUAL =
                new Patience(Duration.ofSeconds(5), Duration.ofSeconds(120), Duration.ofSeconds(60));
    }

    /** Where routes come from. */
    interface Routes {
        Set<String> models();

        List<Route> of(String model);
    }

    private final Routes routes;
    private final Patience patience;
    private final InstantSource clock;
    private final HttpClient http;
    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("upstream-watch").daemon().factory());
    private final Map<String, CircuitBreaker> breakers = new ConcurrentHashMap<>();

    @Autowired
    public UpstreamProvider(UpstreamRepository repository, Clock clock) {
        this(
                new Routes() {
                    @Override
                    public Set<String> models() {
                        return repository.models();
                    }

                    @Override
                    public List<Route> of(String model) {
                        return repository.routes(model);
                    }
                },
                Patience.USUAL,
                clock);
    }

    UpstreamProvider(Routes routes, Patience patience, InstantSource clock) {
        this.routes = routes;
        this.patience = patience;
        this.clock = clock;
        http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(patience.connect())
                .build();
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Set<String> models() {
        return routes.models();
    }

    @Override
    public PreparedGeneration prepare(ModelRequest request) {
        return new UpstreamGeneration(this, request, routes.of(request.model()));
    }

    @Override
    public String text(String model, Prompt prompt) {
        return switch (prompt) {
            case Prompt.Text text -> text.text();
            case Prompt.Gap gap -> gap.before();
            default -> throw new IllegalArgumentException("this model's tokens are not known here");
        };
    }

    /** One of the routes by their weights: none that was tried before if there are others, and none that is left alone now. */
    Optional<Route> choose(List<Route> all, Set<String> tried) {
        List<Route> open = new ArrayList<>(
                all.stream().filter(route -> breaker(route).allows()).toList());
        if (!open.stream().allMatch(route -> tried.contains(route.upstream().id()))) {
            open.removeIf(route -> tried.contains(route.upstream().id()));
        }
        if (open.isEmpty()) {
            return Optional.empty();
        }
        int left = ThreadLocalRandom.current()
                .nextInt(open.stream().mapToInt(Route::weight).sum());
        for (Route route : open) {
            left -= route.weight();
            if (left < 0) {
                return Optional.of(route);
            }
        }
        throw new IllegalStateException("the weights add up");
    }

    CircuitBreaker breaker(Route route) {
        return breakers.computeIfAbsent(route.upstream().id(), id -> new CircuitBreaker(clock));
    }

    HttpClient http() {
        return http;
    }

    Patience patience() {
        return patience;
    }

    ScheduledExecutorService watch() {
        return watch;
    }

    @Override
    public void close() {
        watch.shutdownNow();
        http.close();
    }
}
