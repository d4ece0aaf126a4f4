package dev.mynah.server.admin;

import dev.mynah.server.account.Caller;
import dev.mynah.server.account.Scopes;
import dev.mynah.server.ops.AuditLog;
import dev.mynah.server.ops.ServiceState;
import dev.mynah.server.provider.DeploymentRepository;
import dev.mynah.server.provider.DeploymentRepository.Deployment;
import dev.mynah.server.provider.FolderProvider;
import dev.mynah.server.provider.ModelFolderRepository;
import dev.mynah.server.provider.ModelRepository;
import dev.mynah.server.provider.Models;
import dev.mynah.server.provider.RegisteredModel;
import dev.mynah.server.store.Ids;
import dev.mynah.server.store.Transactions;
import dev.mynah.server.studio.RunFolders;
import dev.mynah.server.web.ApiException;
import dev.mynah.server.web.JsonObject;
import dev.mynah.server.web.Page;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/admin/deployments}: models made available to everybody, and taken back. */
@RestController
@RequestMapping("/api/admin/deployments")
final class DeploymentsController {
    private static final int SHOWN = 50;

    private final DeploymentRepository deployments;
    private final ModelRepository models;
    private final ModelFolderRepository folders;
    private final Models available;
    private final RunFolders runs;
    private final ServiceState state;
    private final Transactions transactions;
    private final AuditLog audit;
    private final Clock clock;

    DeploymentsController(
            DeploymentRepository deployments,
            ModelRepository models,
            ModelFolderRepository folders,
            Models available,
            RunFolders runs,
            ServiceState state,
            Transactions transactions,
            AuditLog audit,
            Clock clock) {
        this.deployments = deployments;
        this.models = models;
        this.folders = folders;
        this.available = available;
        this.runs = runs;
        this.state = state;
        this.transactions = transactions;
        this.audit = audit;
        this.clock = clock;
    }

    @GetMapping
    Page<Deployment> list(Caller caller) {
        caller.require(Scopes.ADMIN);
        return new Page<>(deployments.newest(SHOWN), null);
    }

    /** Makes a registered {@code model}, or the model of a {@code run}, available to everybody, and with {@code default} what new chats begin with. */
    @PostMapping
    Deployment create(Caller caller, JsonObject body) throws IOException {
        caller.require(Scopes.ADMIN);
        Optional<String> run = body.string("run");
        String id = run.isPresent() ? run.get() : body.requiredString("model");
        boolean asDefault = body.bool("default").orElse(false);
        body.finish();
        @Nullable Path folder = run.isPresent() ? folder(body, run.get()) : null;
        return transactions.call(() -> {
            if (folder != null) {
                register(id, folder);
            }
            RegisteredModel model = models.lock(id).orElseThrow(() -> ApiException.notFound("There is no such model."));
            Deployment deployment = new Deployment(
                    Ids.next("deploy_"),
                    id,
                    caller.userId(),
                    asDefault,
                    state.defaultModel().orElse(null),
                    model.enabled(),
                    model.organisationId(),
                    clock.instant(),
                    null);
            deployments.insert(deployment);
            models.update(model.shown(true, null));
            if (asDefault) {
                state.setDefaultModel(id);
            }
            audit.record(caller.userId(), "model.deploy", id, asDefault ? "as the default" : "");
            return deployment;
        });
    }

    private Path folder(JsonObject body, String run) throws IOException {
        return runs.find(run)
                .map(found -> found.folder().resolve("model").toAbsolutePath())
                .filter(folder -> Files.exists(folder.resolve("config.json")))
                .orElseThrow(() -> body.invalid("run", "there is no run \"" + run + "\" with a model"));
    }

    /** A run's model goes by the name of the run, and is not shown yet. */
    private void register(String id, Path folder) {
        models.insertIfAbsent(available.priced(id, FolderProvider.NAME).shown(false, null));
        if (!models.find(id).orElseThrow().provider().equals(FolderProvider.NAME)) {
            throw ApiException.of(
                    HttpStatus.CONFLICT, "There is another model \"" + id + "\" already.", "run", "already_exists");
        }
        folders.insertIfAbsent(new ModelFolderRepository.Entry(id, folder, null, null));
    }

    /** Takes the newest deployment back: everything is as it was before. */
    @PostMapping("/rollback")
    Deployment rollBack(Caller caller) {
        caller.require(Scopes.ADMIN);
        return transactions.call(() -> {
            Deployment last = deployments
                    .lockLast()
                    .orElseThrow(() -> ApiException.notFound("There is no deployment to take back."));
            models.lock(last.modelId())
                    .ifPresent(
                            model -> models.update(model.shown(last.previousEnabled(), last.previousOrganisation())));
            if (last.madeDefault()) {
                state.setDefaultModel(last.previousDefault());
            }
            deployments.setRolledBack(last.id(), clock.instant());
            audit.record(caller.userId(), "model.roll_back", last.modelId(), last.id());
            return last;
        });
    }
}
