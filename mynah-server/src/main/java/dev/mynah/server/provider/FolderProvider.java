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
import org.jspecify.annotations.Nullable;
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
    private final Map<String, Opened> opened = new HashMap<>();

    FolderProvider(ModelFolderRepository folders, ModelOpener opener, SharedBases bases, Clock clock) {
        this.folders = folders;
        this.opener = opener;
        this.bases = bases;
        this.clock = clock;
    }

    /** @param whole whether it has weights of its own in memory, and is no adapter over others */
    private record Opened(ModelProvider provider, boolean whole, Instant usedAt) {
        boolean isIdle() {
            return provider.metrics()
                    .map(metrics -> metrics.running() + metrics.waiting() == 0)
                    .orElse(true);
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
        return opened.containsKey(model);
    }

    /** Known of the models that are open: none is opened for it. */
    @Override
    public synchronized OptionalInt context(String model) {
        Opened known = opened.get(model);
        return known == null ? OptionalInt.empty() : known.provider().context(model);
    }

    private synchronized ModelProvider open(String model) {
        Instant now = clock.instant();
        @Nullable Opened known = opened.get(model);
        Opened used = known == null ? opened(model, now) : new Opened(known.provider(), known.whole(), now);
        opened.put(model, used);
        return used.provider();
    }

    private Opened opened(String model, Instant now) {
        ModelFolderRepository.Entry entry = folders.find(model)
                .orElseThrow(() -> new IllegalArgumentException("the model " + model + " was deleted"));
        makeRoom(now);
        return bases.open(entry).map(adapter -> new Opened(adapter, false, now)).orElseGet(() -> {
            if (opened.values().stream().filter(Opened::whole).count() >= MOST_OPEN) {
                throw new EngineBusyException(
                        MOST_OPEN + " other models are open and were asked within the last minutes: try again later");
            }
            return new Opened(opener.open(model, entry.folder()), true, now);
        });
    }

    private void makeRoom(Instant now) {
        for (Iterator<Opened> all = opened.values().iterator(); all.hasNext() && opened.size() >= MOST_OPEN; ) {
            Opened one = all.next();
            if (one.usedAt().plus(LEAST_OPEN).isBefore(now) && one.isIdle()) {
                all.remove();
                one.provider().close();
            }
        }
    }

    /** Closes a model that is deleted. */
    public synchronized void forget(String model) {
        Opened known = opened.remove(model);
        if (known != null) {
            known.provider().close();
        }
    }

    @Override
    public synchronized void close() {
        opened.values().forEach(one -> one.provider().close());
        opened.clear();
    }
}
