package dev.mynah.server.provider;

import dev.mynah.engine.EngineMetrics;
import dev.mynah.model.LoraFolder;
import dev.mynah.model.SamplingDefaults;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Serves fine-tuned models as low-rank adapters over the model of this process that they were made of, whose weights are then in memory once, and whose batches they share. */
@Component
final class SharedBases {
    private static final Logger LOG = LoggerFactory.getLogger(SharedBases.class);

    private final ObjectProvider<LocalProvider> locals;

    /** @param locals asked for late, since they are made together */
    SharedBases(ObjectProvider<LocalProvider> locals) {
        this.locals = locals;
    }

    /** A model over its base; nothing where it is no adapter, or this process does not serve the very weights that it was made of. */
    Optional<ModelProvider> open(ModelFolderRepository.Entry entry) {
        Path adapter = entry.adapter();
        if (adapter == null) {
            return Optional.empty();
        }
        try {
            Path base = Path.of(LoraFolder.base(adapter));
            Optional<LocalProvider> local =
                    locals.stream().filter(one -> one.serves(base)).findFirst();
            if (local.isEmpty() || !LoraFolder.isNewerThan(adapter, base)) {
                return Optional.empty();
            }
            local.get().addAdapter(entry.modelId(), adapter);
            return Optional.of(new Adapter(local.get(), entry.modelId()));
        } catch (IOException | IllegalArgumentException | UnsupportedOperationException e) {
            LOG.warn("{} is no adapter over its base here, so the merged model is opened", entry.modelId(), e);
            return Optional.empty();
        }
    }

    /** One adapter of a model. Closing it leaves the model as it is. */
    private record Adapter(LocalProvider base, String id) implements ModelProvider {
        @Override
        public String name() {
            return base.name();
        }

        @Override
        public Set<String> models() {
            return Set.of(id);
        }

        @Override
        public PreparedGeneration prepare(ModelRequest request) {
            return base.prepare(request);
        }

        @Override
        public PreparedEmbeddings embeddings(String model, List<Prompt> inputs) {
            return base.embeddings(model, inputs);
        }

        @Override
        public String text(String model, Prompt prompt) {
            return base.text(model, prompt);
        }

        @Override
        public int[] tokens(String text) {
            return base.tokens(text);
        }

        @Override
        public SamplingDefaults sampling(String model) {
            return base.sampling(model);
        }

        @Override
        public OptionalInt context(String model) {
            return base.context(model);
        }

        @Override
        public Optional<EngineMetrics> metrics() {
            return base.metrics();
        }

        @Override
        public void close() {
            base.removeAdapter(id);
        }
    }
}
