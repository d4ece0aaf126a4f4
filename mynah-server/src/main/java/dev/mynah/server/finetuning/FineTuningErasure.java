package dev.mynah.server.finetuning;

import dev.mynah.server.provider.FolderProvider;
import dev.mynah.server.provider.ModelRepository;
import java.util.ArrayList;
import java.util.List;
import org.springframework.stereotype.Component;

/** Deletes what was trained for a user who goes. What was made for an organisation in which others remain is theirs. */
@Component
public final class FineTuningErasure {
    private final FineTuning fineTuning;
    private final ModelRepository models;
    private final FolderProvider provider;

    FineTuningErasure(FineTuning fineTuning, ModelRepository models, FolderProvider provider) {
        this.fineTuning = fineTuning;
        this.models = models;
        this.provider = provider;
    }

    /**
     * Ends the user's jobs, and deletes the models of organisations that nobody else is in, within a transaction.
     *
     * @return the models
     */
    public List<String> begin(String userId, List<String> organisationIds) {
        fineTuning.cancelAllOf(userId);
        List<String> deleted = new ArrayList<>();
        organisationIds.forEach(organisation -> deleted.addAll(models.deleteOf(organisation)));
        return deleted;
    }

    /** Deletes the files, once that is committed. A job whose process still ends is deleted when it has ended. */
    public void finish(String userId, List<String> models) {
        models.forEach(provider::forget);
        fineTuning.eraseAllOf(userId);
    }
}
