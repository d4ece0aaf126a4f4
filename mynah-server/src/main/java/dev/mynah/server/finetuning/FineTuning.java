package dev.mynah.server.finetuning;

import dev.mynah.files.DurableFiles;
import dev.mynah.model.ModelFolder;
import dev.mynah.server.account.Caller;
import dev.mynah.server.account.Role;
import dev.mynah.server.answer.AnswerOrder;
import dev.mynah.server.answer.Answers;
import dev.mynah.server.answer.Inference;
import dev.mynah.server.answer.OutputFilter;
import dev.mynah.server.answer.UnknownModelException;
import dev.mynah.server.billing.Outcome;
import dev.mynah.server.billing.PlanRepository;
import dev.mynah.server.billing.TokenCounts;
import dev.mynah.server.file.FilePurpose;
import dev.mynah.server.file.StoredFile;
import dev.mynah.server.file.StoredFiles;
import dev.mynah.server.finetuning.TrainingExamples.Examples;
import dev.mynah.server.provider.ModelFolderRepository;
import dev.mynah.server.provider.Models;
import dev.mynah.server.provider.RegisteredModel;
import dev.mynah.server.store.Ids;
import dev.mynah.server.store.Transactions;
import dev.mynah.server.studio.RunFolders;
import dev.mynah.server.web.ApiException;
import dev.mynah.text.Tokenizers;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/** Takes jobs, and ends them on request. Everything that can be wrong with a job is found before it is taken. */
@Component
public final class FineTuning {
    private static final Logger LOG = LoggerFactory.getLogger(FineTuning.class);
    private static final int LEAST_CONTEXT = 16;

    static final String ENDPOINT = "/v1/fine_tuning/jobs";

    private final JobRepository jobs;
    private final StoredFiles files;
    private final Models models;
    private final ModelFolderRepository folders;
    private final PlanRepository plans;
    private final Answers answers;
    private final Inference inference;
    private final RunFolders runs;
    private final FineTuningOptions options;
    private final FineTuningSettings settings;
    private final Transactions transactions;
    private final Clock clock;

    FineTuning(
            JobRepository jobs,
            StoredFiles files,
            Models models,
            ModelFolderRepository folders,
            PlanRepository plans,
            Answers answers,
            Inference inference,
            RunFolders runs,
            FineTuningOptions options,
            FineTuningSettings settings,
            Transactions transactions,
            Clock clock) {
        this.jobs = jobs;
        this.files = files;
        this.models = models;
        this.folders = folders;
        this.plans = plans;
        this.answers = answers;
        this.inference = inference;
        this.runs = runs;
        this.options = options;
        this.settings = settings;
        this.transactions = transactions;
        this.clock = clock;
    }

    /** The models that an organisation may fine-tune. */
    List<RegisteredModel> bases(String organisationId) {
        return models.available(organisationId).stream()
                .map(Models.Available::model)
                .filter(model -> base(model.id()).isPresent())
                .toList();
    }

    private Optional<Path> base(String model) {
        return Optional.ofNullable(options.models().get(model))
                .or(() -> folders.find(model).map(ModelFolderRepository.Entry::folder))
                .filter(folder -> !options.java().isEmpty() && ModelFolder.isOne(folder));
    }

    /** Checks a job, sets aside what it costs, and puts it into the queue. */
    Job create(Caller caller, JobRequest request) throws IOException {
        inference.requireUndisputed(caller);
        RegisteredModel model = models.find(request.model(), caller.organisationId())
                .orElseThrow(() -> new UnknownModelException(request.model()))
                .model();
        Path base = base(model.id())
                .orElseThrow(() -> ApiException.badRequest(
                        "The model '" + model.id() + "' cannot be fine-tuned here.", "model", "model_not_available"));
        String id = Ids.next("ftjob-");
        JobFolder folder = folder(id);
        Files.createDirectories(folder.folder());
        try {
            return create(id, caller, request, model, base);
        } catch (IOException | RuntimeException e) {
            DurableFiles.deleteTree(folder.folder());
            throw e;
        }
    }

    private Job create(String id, Caller caller, JobRequest request, RegisteredModel model, Path base)
            throws IOException {
        JobFolder folder = folder(id);
        int context = ModelFolder.config(base).context();
        TrainingExamples.Wanted wanted = new TrainingExamples.Wanted(
                request.settings().method(), request.settings().rule() != null, Tokenizers.load(base), context);
        Examples training = examples(caller, request.trainingFile(), "training_file", wanted, folder.training());
        @Nullable
        Examples validation = request.validationFile() == null
                ? null
                : examples(caller, request.validationFile(), "validation_file", wanted, folder.validation());
        int longest = Math.max(training.longest(), validation == null ? 0 : validation.longest());
        TrainingPlan plan =
                TrainingPlan.of(request.settings(), training, Math.min(context, Math.max(LEAST_CONTEXT, longest)));
        if (plan.tokenLimit() > Integer.MAX_VALUE) {
            throw ApiException.badRequest(
                    "The job would train on " + plan.tokenLimit() + " tokens; the most is " + Integer.MAX_VALUE + ".",
                    "training_file",
                    "job_too_large");
        }
        StageConfig.Inputs inputs = new StageConfig.Inputs(
                base.toAbsolutePath(),
                weights(base),
                folder.training(),
                validation == null ? null : folder.validation(),
                reward(caller, request.settings()));
        DurableFiles.write(folder.config(), StageConfig.write(plan, inputs, training.prompts(), settings.threads()));
        Job job = job(id, caller, request, plan);
        transactions.run(() -> insert(job, caller, model, training));
        return job;
    }

    private void insert(Job job, Caller caller, RegisteredModel model, Examples training) {
        Instant now = clock.instant();
        answers.begin(new AnswerOrder(
                job.id(),
                caller,
                plans.ofOrganisation(caller.organisationId()),
                model.pricedAt(0, 0, model.trainingPrice()),
                ENDPOINT,
                null,
                new TrainingTokens((int) job.tokenLimit()),
                OutputFilter.NONE));
        // Those of an organisation come here one after the other, since what they cost is set aside first.
        if (jobs.countOpen(job.organisationId()) >= settings.open()) {
            throw ApiException.badRequest(
                    "The organisation has " + settings.open()
                            + " fine-tuning jobs that are not over, the most at once: wait for one, or cancel it.",
                    null,
                    "too_many");
        }
        jobs.insert(job);
        jobs.insertEvent(job.id(), "info", null, "Created fine-tuning job: " + job.id(), null, now);
        String found = training.lengths().size() + " examples, " + training.tokens() + " tokens";
        jobs.insertEvent(job.id(), "info", null, "Files validated: " + found + ". The job is queued.", null, now);
    }

    private Examples examples(Caller caller, String fileId, String param, TrainingExamples.Wanted wanted, Path target)
            throws IOException {
        StoredFile file = files.find(fileId, caller.organisationId())
                .orElseThrow(() -> ApiException.badRequest(
                        "Invalid '" + param + "': there is no file " + fileId + ".", param, "invalid_value"));
        if (file.purpose() != FilePurpose.FINE_TUNE) {
            throw ApiException.badRequest(
                    "Invalid '" + param + "': its purpose is " + file.purpose().id() + ", not fine-tune.",
                    param,
                    "invalid_value");
        }
        try (InputStream in = Files.newInputStream(files.path(file))) {
            Examples examples = TrainingExamples.read(in, wanted, target);
            DurableFiles.syncFile(target);
            return examples;
        } catch (IllegalArgumentException e) {
            throw ApiException.badRequest(
                    "Invalid '" + param + "': " + e.getMessage() + ".", param, "invalid_" + param);
        }
    }

    /** The reward model of a run. Runs are the operators', so only an administrator may name one. */
    private @Nullable Path reward(Caller caller, JobSettings wished) throws IOException {
        @Nullable String run = wished.rewardRun();
        if (run == null) {
            return null;
        }
        String param = "method.reinforcement.grader.model";
        if (!caller.role().covers(Role.ADMINISTRATOR)) {
            throw ApiException.forbidden("Only administrators may name a reward model.");
        }
        return runs.find(run)
                .map(found -> found.folder().resolve("model"))
                .filter(folder -> Files.exists(folder.resolve("config.json")))
                .orElseThrow(() -> ApiException.badRequest(
                        "Invalid '" + param + "': there is no run \"" + run + "\" with a model.",
                        param,
                        "invalid_value"));
    }

    private Job job(String id, Caller caller, JobRequest request, TrainingPlan plan) {
        return new Job(
                id,
                caller.organisationId(),
                caller.projectId(),
                caller.userId(),
                caller.apiKeyId(),
                request.model(),
                plan.settings(),
                request.trainingFile(),
                request.validationFile(),
                JobState.QUEUED,
                null,
                0,
                plan.steps(),
                plan.tokenLimit(),
                0,
                null,
                null,
                null,
                clock.instant(),
                null,
                null);
    }

    private static long weights(Path base) throws IOException {
        long bytes = 0;
        try (Stream<Path> all = Files.list(base)) {
            for (Path file :
                    all.filter(path -> path.toString().endsWith(".safetensors")).toList()) {
                bytes += Files.size(file);
            }
        }
        return bytes;
    }

    /** A job of this organisation; another's is not found. */
    Job find(Caller caller, String id) {
        return jobs.find(id)
                .filter(job -> job.organisationId().equals(caller.organisationId()))
                .orElseThrow(() -> ApiException.of(
                        HttpStatus.NOT_FOUND,
                        "Could not find fine tune: " + id,
                        "fine_tune_id",
                        "fine_tune_not_found"));
    }

    JobFolder folder(Job job) {
        return folder(job.id());
    }

    private JobFolder folder(String jobId) {
        return new JobFolder(settings.folder().resolve(jobId).toAbsolutePath());
    }

    /** Ends a job; what it has trained is charged. One that runs ends as soon as its process has. */
    Job cancel(Caller caller, String id) throws IOException {
        cancel(find(caller, id));
        Job now = find(caller, id);
        if (now.state().isOver()) {
            forget(now);
        }
        return now;
    }

    private void cancel(Job job) {
        Instant now = clock.instant();
        transactions.run(() -> {
            if (jobs.move(job.id(), JobState.CANCELLED, now, JobState.QUEUED, JobState.PAUSED)) {
                settle(job, Outcome.CANCELLED, job.trainedTokens());
                jobs.insertEvent(job.id(), "info", null, "The job was cancelled.", null, now);
            } else if (!jobs.requestStop(job.id(), JobState.CANCELLED)) {
                throw conflict(job);
            }
        });
    }

    /** Ends all jobs of a user who goes. */
    void cancelAllOf(String userId) {
        for (Job job : jobs.openOf(userId)) {
            cancel(job);
        }
    }

    /** Deletes all jobs of a user who is gone. */
    void eraseAllOf(String userId) {
        for (Job job : jobs.overOf(userId)) {
            try {
                erase(job);
            } catch (IOException e) {
                LOG.error("what the job {} has left could not be deleted", job.id(), e);
            }
        }
    }

    /** Deletes the examples of a job that is over, and all of it where its user is gone. */
    void forget(Job job) throws IOException {
        folder(job).deleteData();
        if (jobs.isNobodys(job)) {
            erase(job);
        }
    }

    private void erase(Job job) throws IOException {
        JobFolder folder = folder(job);
        if (job.fineTunedModel() != null && folders.find(job.fineTunedModel()).isPresent()) {
            folder.deleteAllButModel();
        } else {
            jobs.delete(job.id());
            DurableFiles.deleteTree(folder.folder());
        }
    }

    Job pause(Caller caller, String id) {
        Job job = find(caller, id);
        Instant now = clock.instant();
        transactions.run(() -> {
            if (jobs.move(id, JobState.PAUSED, now, JobState.QUEUED)) {
                jobs.insertEvent(id, "info", null, "The job was paused.", null, now);
            } else if (!jobs.requestStop(id, JobState.PAUSED)) {
                throw conflict(job);
            }
        });
        return find(caller, id);
    }

    Job resume(Caller caller, String id) {
        Job job = find(caller, id);
        Instant now = clock.instant();
        transactions.run(() -> {
            if (!jobs.move(id, JobState.QUEUED, now, JobState.PAUSED)) {
                throw conflict(job);
            }
            jobs.insertEvent(id, "info", null, "The job goes on from its last checkpoint.", null, now);
        });
        return find(caller, id);
    }

    private static ApiException conflict(Job job) {
        return ApiException.badRequest(
                "The job is " + job.state().id() + ", so this cannot be done.", null, "invalid_state");
    }

    /** Charges a job for what it trained, within a transaction. */
    void settle(Job job, Outcome outcome, long tokens) {
        answers.settle(job.id(), outcome, new TokenCounts(0, 0, (int) tokens));
    }
}
