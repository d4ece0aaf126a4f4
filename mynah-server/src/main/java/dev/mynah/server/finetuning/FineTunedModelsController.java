package dev.mynah.server.finetuning;

import dev.mynah.files.DurableFiles;
import dev.mynah.server.account.Caller;
import dev.mynah.server.account.Scopes;
import dev.mynah.server.answer.UnknownModelException;
import dev.mynah.server.ops.AuditLog;
import dev.mynah.server.provider.FolderProvider;
import dev.mynah.server.provider.ModelRepository;
import dev.mynah.server.provider.RegisteredModel;
import dev.mynah.server.store.Transactions;
import dev.mynah.server.web.ApiException;
import dev.mynah.server.web.RestOfPath;
import java.io.IOException;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** {@code DELETE /v1/models/ID}: a model that was fine-tuned here goes, with its weights. Its job stays, with its figures. */
@RestController
final class FineTunedModelsController {
    private final ModelRepository models;
    private final JobRepository jobs;
    private final FineTuning fineTuning;
    private final FolderProvider provider;
    private final Transactions transactions;
    private final AuditLog audit;

    FineTunedModelsController(
            ModelRepository models,
            JobRepository jobs,
            FineTuning fineTuning,
            FolderProvider provider,
            Transactions transactions,
            AuditLog audit) {
        this.models = models;
        this.jobs = jobs;
        this.fineTuning = fineTuning;
        this.provider = provider;
        this.transactions = transactions;
        this.audit = audit;
    }

    record Deleted(String id, String object, boolean deleted) {}

    /** Of an organisation's own models only; one that was deployed for everybody is rolled back first. */
    @DeleteMapping("/v1/models/{*id}")
    Deleted delete(Caller caller, @PathVariable String id) throws IOException {
        caller.require(Scopes.FINE_TUNING);
        String name = RestOfPath.name(id);
        RegisteredModel model = models.find(name)
                .filter(found -> found.isFor(caller.organisationId()))
                .orElseThrow(() -> new UnknownModelException(name));
        if (model.organisationId() == null) {
            throw ApiException.forbidden("The model '" + name + "' is everybody's, and cannot be deleted.");
        }
        transactions.run(() -> {
            if (jobs.hasOpenOn(name)) {
                throw ApiException.of(
                        HttpStatus.CONFLICT,
                        "A fine-tuning job trains the model '" + name + "' further: wait for its end, or cancel it.",
                        null,
                        "model_in_use");
            }
            models.delete(name);
            audit.record(caller.userId(), "model.delete", name, "");
        });
        provider.forget(name);
        for (Job job : jobs.thatMade(name)) {
            JobFolder folder = fineTuning.folder(job);
            DurableFiles.deleteTree(folder.model());
            DurableFiles.deleteTree(folder.run().resolve("adapter"));
            DurableFiles.deleteTree(folder.run().resolve("checkpoints"));
        }
        return new Deleted(name, "model", true);
    }
}
