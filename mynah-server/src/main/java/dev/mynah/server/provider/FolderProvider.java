package dev.mynah.server.provider;

import dev.mynah.engine.EngineBusyException;
import dev.mynah.model.ModelFolder;
import dev.mynah.model.SamplingDefaults;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Models in folders that were made or deployed while the service ran. Each is opened when it is first asked, and closed when others need its place and it has nothing to do. As long as all that have a
 * place are needed, no other is opened.
 */
@Component
public final class FolderProvider implements ModelProvider {
    /** The name of this provider in the register of models. */
    public static final String NAME = "folder";

    private static final Logger LOG = LoggerFactory.getLogger(FolderProvider.class);
    private static final int MOST_OPEN = 4;
    // Whoever was given a model may still be about to start.
    private static final Duration LEAST_OPEN = Duration.ofMinutes(2);

    private final ModelFolderRepository folders;
    private final ModelOpener opener;
    private final SharedBases bases;
    private final Clock clock;
    private final Map<String, Place> places = new HashMap<>();

    FolderProvider(ModelFolderRepository folders, ModelOpener opener, SharedBases bases, Clock clock) {
        this.folders = folders;
        this.opener = opener;
        this.bases = bases;
        this.clock = clock;
    }

    /** A model that is open, or that the first who asked is opening. Its provider is known to all when it is; the rest is guarded by the {@link FolderProvider}. */
    private static final class Place {
        private final CompletableFuture<ModelProvider> provider = new CompletableFuture<>();
        private Instant usedAt;
        /** Whether it has weights of its own in memory, or is about to, and is no adapter over others. */
        private boolean whole;

        Place(Instant now) {
            usedAt = now;
        }

        boolean isOpen() {
            return provider.state() == Future.State.SUCCESS;
        }

        boolean isIdle() {
            return isOpen()
                    && provider.resultNow()
                            .metrics()
                            .map(metrics -> metrics.running() + metrics.waiting() == 0)
                            .orElse(true);
        }

        /** At once, or as soon as it is open. */
        void close() {
            var _ = provider.thenAccept(ModelProvider::close);
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Set<String> models() {
        return folders.modelIds();
    }

    @Override
    public PreparedGeneration prepare(ModelRequest request) {
        return open(request.model()).prepare(request);
    }

    @Override
    public PreparedEmbeddings embeddings(String model, List<Prompt> inputs) {
        return open(model).embeddings(model, inputs);
    }

    @Override
    public String text(String model, Prompt prompt) {
        return switch (prompt) {
            case Prompt.Text text -> text.text();
            case Prompt.Gap gap -> gap.before();
            default -> open(model).text(model, prompt);
        };
    }

    /** As its folder says: it is asked of requests that nobody has looked at yet, for which no model is opened. */
    @Override
    public SamplingDefaults sampling(String model) {
        return folders.find(model)
                .map(entry -> {
                    try {
                        return ModelFolder.generation(entry.folder()).sampling();
                    } catch (IOException | IllegalArgumentException e) {
                        LOG.debug("how {} wants to be sampled cannot be read", model, e);
                        return SamplingDefaults.NONE;
                    }
                })
                .orElse(SamplingDefaults.NONE);
    }

    @Override
    public synchronized boolean isOpen(String model) {
        Place place = places.get(model);
        return place != null && place.isOpen();
    }

    /** Known of the models that are open: none is opened for it. */
    @Override
    public synchronized OptionalInt context(String model) {
        Place place = places.get(model);
        return place != null && place.isOpen() ? place.provider.resultNow().context(model) : OptionalInt.empty();
    }

    /** The first who asks for a model opens it, which takes a while; who asks for the same meanwhile waits, who asks for another does not. */
    private ModelProvider open(String model) {
        Place own = new Place(clock.instant());
        Place place = place(model, own);
        if (place == own) {
            try {
                place.provider.complete(opened(model, place));
            } catch (RuntimeException | Error e) {
                remove(model, place);
                place.provider.completeExceptionally(e);
            }
        }
        try {
            return place.provider.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private synchronized Place place(String model, Place own) {
        Place place = places.computeIfAbsent(model, _ -> own);
        place.usedAt = own.usedAt;
        return place;
    }

    private synchronized void remove(String model, Place place) {
        places.remove(model, place);
    }

    private ModelProvider opened(String model, Place place) {
        ModelFolderRepository.Entry entry = folders.find(model)
                .orElseThrow(() -> new IllegalArgumentException("the model " + model + " was deleted"));
        makeRoom();
        return bases.open(entry).orElseGet(() -> {
            takeMemory(place);
            return opener.open(model, entry.folder());
        });
    }

    private synchronized void makeRoom() {
        Instant now = clock.instant();
        for (Iterator<Place> all = places.values().iterator(); all.hasNext() && places.size() > MOST_OPEN; ) {
            Place one = all.next();
            if (one.usedAt.plus(LEAST_OPEN).isBefore(now) && one.isIdle()) {
                all.remove();
                one.close();
            }
        }
    }

    private synchronized void takeMemory(Place place) {
        if (places.values().stream().filter(one -> one.whole).count() >= MOST_OPEN) {
            throw new EngineBusyException(
                    MOST_OPEN + " other models are open and were asked within the last minutes: try again later");
        }
        place.whole = true;
    }

    /** Closes a model that is deleted. */
    public synchronized void forget(String model) {
        Place place = places.remove(model);
        if (place != null) {
            place.close();
        }
    }

    @Override
    public synchronized void close() {
        places.values().forEach(Place::close);
        places.clear();
    }
}
