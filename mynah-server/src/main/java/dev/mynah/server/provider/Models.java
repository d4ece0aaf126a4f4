package dev.mynah.server.provider;

import dev.mynah.model.SamplingDefaults;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.springframework.stereotype.Component;

/** The models that can be used now: registered, enabled, and with a provider that has them. */
@Component
public final class Models {
    private static final String CURRENCY = "USD";
    // Of a local model whose prices nobody has set: 0.10, 0.05 and 0.40 USD per million tokens, 1 USD for those that it
    // is trained on.
    private static final long INPUT_PRICE = 100_000;
    private static final long CACHED_INPUT_PRICE = 50_000;
    private static final long OUTPUT_PRICE = 400_000;
    private static final long TRAINING_PRICE = 1_000_000;

    private final ModelRepository repository;
    private final List<ModelProvider> providers;
    private final Clock clock;

    public Models(ModelRepository repository, List<ModelProvider> providers, Clock clock) {
        this.repository = repository;
        this.providers = List.copyOf(providers);
        this.clock = clock;
    }

    /** A model and who answers with it. */
    public record Available(RegisteredModel model, ModelProvider provider) {}

    /** Registers the models that this process brought, with the usual prices where they are new. */
    public void registerOwn() {
        for (ModelProvider provider : providers) {
            for (String id : provider.models()) {
                repository.insertIfAbsent(priced(id, provider.name()));
            }
        }
    }

    /** A new model for everybody, at the usual prices. */
    public RegisteredModel priced(String id, String provider) {
        return new RegisteredModel(
                id,
                provider,
                true,
                CURRENCY,
                INPUT_PRICE,
                CACHED_INPUT_PRICE,
                OUTPUT_PRICE,
                TRAINING_PRICE,
                OptionalInt.empty(),
                null,
                clock.instant());
    }

    /** The models that an organisation may use. */
    public List<Available> available(String organisationId) {
        return repository.all().stream()
                .filter(model -> model.isFor(organisationId))
                .map(this::available)
                .flatMap(Optional::stream)
                .toList();
    }

    /** A model that an organisation may use. */
    public Optional<Available> find(String id, String organisationId) {
        return repository
                .recall(id)
                .filter(model -> model.isFor(organisationId))
                .flatMap(this::available);
    }

    /** How a model that an organisation may use asks to be sampled where nobody says otherwise; another's is not even opened for it. */
    public SamplingDefaults sampling(String id, String organisationId) {
        return find(id, organisationId)
                .map(model -> model.provider().sampling(id))
                .orElse(SamplingDefaults.NONE);
    }

    private Optional<Available> available(RegisteredModel model) {
        return providers.stream()
                .filter(provider -> model.enabled()
                        && provider.name().equals(model.provider())
                        && provider.models().contains(model.id()))
                .findFirst()
                .map(provider -> new Available(model, provider));
    }
}
