package dev.mynah.server.finetuning;

import dev.mynah.files.DurableFiles;
import dev.mynah.server.account.OrganisationRepository;
import dev.mynah.server.answer.UnknownModelException;
import dev.mynah.server.billing.Outcome;
import dev.mynah.server.file.FilePurpose;
import dev.mynah.server.file.StoredFile;
import dev.mynah.server.file.StoredFiles;
import dev.mynah.server.provider.FolderProvider;
import dev.mynah.server.provider.ModelFolderRepository;
import dev.mynah.server.provider.ModelRepository;
import dev.mynah.server.provider.RegisteredModel;
import dev.mynah.server.store.Transactions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.text.Normalizer;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/** What comes of a job that succeeded: a model of its organisation alone, its figures as a file, and the bill. */
@Component
final class JobResults {
    private static final List<String> COLUMNS = List.of("step", "loss", "val_loss", "reward", "kl", "lr", "grad_norm");
    private static final int MAX_NAME = 24;
    private static final int ID_DIGITS = 8;

    private final JobRepository jobs;
    private final FineTuning fineTuning;
    private final StoredFiles files;
    private final ModelRepository models;
    private final ModelFolderRepository folders;
    private final OrganisationRepository organisations;
    private final Transactions transactions;
    private final Clock clock;

    JobResults(
            JobRepository jobs,
            FineTuning fineTuning,
            StoredFiles files,
            ModelRepository models,
            ModelFolderRepository folders,
            OrganisationRepository organisations,
            Transactions transactions,
            Clock clock) {
        this.jobs = jobs;
        this.fineTuning = fineTuning;
        this.files = files;
        this.models = models;
        this.folders = folders;
        this.organisations = organisations;
        this.transactions = transactions;
        this.clock = clock;
    }

    /** @throws UnknownModelException if the base was deleted while it was trained from */
    void succeed(Job job, JobFolder folder) throws IOException {
        RegisteredModel base =
                models.find(job.baseModel()).orElseThrow(() -> new UnknownModelException(job.baseModel()));
        long tokens = job.settings().method() == Method.REINFORCEMENT ? learned(job, folder) : job.tokenLimit();
        ModelFolderRepository.Entry made = new ModelFolderRepository.Entry(
                modelName(job),
                folder.model(),
                job.baseModel(),
                folder.adapter().orElse(null));
        StoredFile figures = files.add(
                new StoredFiles.Order(
                        job.organisationId(), job.userId(), "step_metrics.csv", FilePurpose.FINE_TUNE_RESULTS, null),
                new ByteArrayInputStream(csv(folder).getBytes(StandardCharsets.UTF_8)));
        boolean done = false;
        try {
            done = transactions.call(() -> succeed(job, base, made, figures, tokens));
        } finally {
            if (!done) {
                files.delete(figures.id(), job.organisationId());
            }
        }
        if (!done) {
            return;
        }
        folder.deleteData();
        for (int step : folder.checkpoints()) {
            // What only a run that goes on needs.
            Files.deleteIfExists(folder.run().resolve("checkpoints/step-" + step + "/optimizer.safetensors"));
        }
        DurableFiles.syncFolder(folder.folder());
    }

    /** Within a transaction; false where the job does not run any more. */
    private boolean succeed(
            Job job, RegisteredModel base, ModelFolderRepository.Entry made, StoredFile figures, long tokens) {
        Instant now = clock.instant();
        if (!jobs.move(job.id(), JobState.SUCCEEDED, now, JobState.RUNNING)) {
            return false;
        }
        register(job, base, made, now);
        jobs.setResult(job.id(), made.modelId(), figures.id(), tokens);
        fineTuning.settle(job, Outcome.FINISHED, tokens);
        jobs.insertEvent(job.id(), "info", null, "New fine-tuned model created: " + made.modelId(), null, now);
        jobs.insertEvent(job.id(), "info", null, "The job has successfully completed", null, now);
        return true;
    }

    /** At the prices of its base, for the members of one organisation. */
    private void register(Job job, RegisteredModel base, ModelFolderRepository.Entry entry, Instant now) {
        models.insertIfAbsent(new RegisteredModel(
                entry.modelId(),
                FolderProvider.NAME,
                true,
                base.currency(),
                base.inputPrice(),
                base.cachedInputPrice(),
                base.outputPrice(),
                base.trainingPrice(),
                base.maxOutputTokens(),
                job.organisationId(),
                now));
        folders.insertIfAbsent(entry);
    }

    /** {@code ft:BASE:ORGANISATION:SUFFIX:ID}. */
    private String modelName(Job job) {
        String base = job.baseModel().startsWith("ft:") ? job.baseModel().split(":")[1] : job.baseModel();
        String organisation = organisations
                .find(job.organisationId())
                .map(found -> slug(found.name()))
                .orElse("");
        String suffix = job.settings().suffix() == null ? "" : job.settings().suffix();
        return "ft:" + base + ":" + organisation + ":" + suffix + ":"
                + job.id().substring(job.id().length() - ID_DIGITS);
    }

    private static String slug(String name) {
        String plain = Normalizer.normalize(name, Normalizer.Form.NFKD)
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9]+", "-")
                .replaceAll("^-|-$", "");
        String cut = plain.length() <= MAX_NAME ? plain : plain.substring(0, MAX_NAME);
        return cut.isEmpty() ? "org" : cut;
    }

    private static long learned(Job job, JobFolder folder) throws IOException {
        long tokens = 0;
        for (ObjectNode step : new MetricsTail(folder.metrics()).all()) {
            tokens = step.path("tokens").asLong(tokens);
        }
        return Math.min(job.tokenLimit(), tokens);
    }

    private static String csv(JobFolder folder) throws IOException {
        List<ObjectNode> steps = new MetricsTail(folder.metrics()).all();
        List<String> columns = COLUMNS.stream()
                .filter(column -> steps.stream().anyMatch(step -> step.has(column)))
                .toList();
        StringBuilder csv = new StringBuilder(String.join(",", columns)).append('\n');
        for (ObjectNode step : steps) {
            csv.append(String.join(
                            ",",
                            columns.stream()
                                    .map(column -> step.path(column).asString(""))
                                    .toList()))
                    .append('\n');
        }
        return csv.toString();
    }
}
