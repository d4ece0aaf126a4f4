package dev.mynah.server.batch;

import dev.mynah.server.account.Caller;
import dev.mynah.server.account.Scopes;
import dev.mynah.server.api.OfflineAnswers;
import dev.mynah.server.file.FileLife;
import dev.mynah.server.file.FilePurpose;
import dev.mynah.server.file.StoredFile;
import dev.mynah.server.file.StoredFiles;
import dev.mynah.server.store.Ids;
import dev.mynah.server.web.ApiException;
import dev.mynah.server.web.Idempotency;
import dev.mynah.server.web.JsonObject;
import dev.mynah.server.web.ListPage;
import dev.mynah.server.web.Pages;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code /v1/batches}, and the same for the web app. */
@RestController
@RequestMapping({"/v1/batches", "/api/batches"})
final class BatchesController {
    private static final String WINDOW = "24h";
    private static final Duration WINDOW_LENGTH = Duration.ofHours(24);
    // Of one organisation.
    private static final int MOST_OPEN = 100;
    private static final Duration AGAIN = Duration.ofMinutes(1);

    private final BatchRepository batches;
    private final StoredFiles files;
    private final Idempotency idempotency;
    private final Clock clock;

    BatchesController(BatchRepository batches, StoredFiles files, Idempotency idempotency, Clock clock) {
        this.batches = batches;
        this.files = files;
        this.idempotency = idempotency;
        this.clock = clock;
    }

    record Counts(int total, int completed, int failed) {}

    record Problems(String object, List<Batch.Problem> data) {}

    /** A batch as the API shows it. */
    record Body(
            String id,
            String object,
            String endpoint,
            @Nullable Problems errors,
            String inputFileId,
            String completionWindow,
            String status,
            @Nullable String outputFileId,
            @Nullable String errorFileId,
            long createdAt,
            @Nullable Long inProgressAt,
            long expiresAt,
            @Nullable Long finalizingAt,
            @Nullable Long completedAt,
            @Nullable Long failedAt,
            @Nullable Long expiredAt,
            @Nullable Long cancellingAt,
            @Nullable Long cancelledAt,
            Counts requestCounts,
            Map<String, String> metadata) {
        static Body of(Batch batch) {
            @Nullable Long created = batch.createdAt().getEpochSecond();
            return new Body(
                    batch.id(),
                    "batch",
                    batch.endpoint(),
                    batch.problems().isEmpty() ? null : new Problems("list", batch.problems()),
                    batch.inputFile(),
                    WINDOW,
                    batch.state().id(),
                    batch.outputFile(),
                    batch.errorFile(),
                    created,
                    batch.state() == BatchState.FAILED ? null : created,
                    batch.expiresAt().getEpochSecond(),
                    finished(batch, BatchState.COMPLETED),
                    finished(batch, BatchState.COMPLETED),
                    finished(batch, BatchState.FAILED),
                    finished(batch, BatchState.EXPIRED),
                    batch.cancellingAt() == null ? null : batch.cancellingAt().getEpochSecond(),
                    finished(batch, BatchState.CANCELLED),
                    new Counts(batch.total(), batch.completed(), batch.failed()),
                    batch.metadata());
        }

        private static @Nullable Long finished(Batch batch, BatchState as) {
            return batch.state() == as && batch.finishedAt() != null
                    ? batch.finishedAt().getEpochSecond()
                    : null;
        }
    }

    /** An {@code Idempotency-Key} lets it be sent again. */
    @PostMapping
    @Nullable
    Object create(Caller caller, JsonObject body, HttpServletRequest request) {
        caller.require(Scopes.INFERENCE);
        caller.require(Scopes.FILES);
        return idempotency.once(request, caller, body, () -> {
            try {
                return begin(caller, body);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private Body begin(Caller caller, JsonObject body) throws IOException {
        String fileId = body.requiredString("input_file_id");
        String endpoint = body.requiredString("endpoint");
        String window = body.requiredString("completion_window");
        Map<String, String> metadata = body.metadata();
        @Nullable
        Duration life = body.object("output_expires_after").map(FileLife::read).orElse(null);
        body.finish();
        if (!OfflineAnswers.ENDPOINTS.contains(endpoint)) {
            throw body.invalid(
                    "endpoint", "it must be one of " + String.join(", ", new TreeSet<>(OfflineAnswers.ENDPOINTS)));
        }
        if (!window.equals(WINDOW)) {
            throw body.invalid("completion_window", "it must be " + WINDOW);
        }
        StoredFile file = files.find(fileId, caller.organisationId())
                .orElseThrow(() -> body.invalid("input_file_id", "there is no file " + fileId));
        if (file.purpose() != FilePurpose.BATCH) {
            throw body.invalid(
                    "input_file_id", "its purpose is " + file.purpose().id() + ", not batch");
        }
        if (batches.open(caller.organisationId()) >= MOST_OPEN) {
            throw ApiException.tooManyRequests(
                    "There are " + MOST_OPEN + " batches that have not ended. Wait for one of them, or cancel it.",
                    "rate_limit_error",
                    "too_many_batches",
                    AGAIN);
        }
        Batch batch = batch(caller, file, endpoint, metadata, life);
        batches.insert(batch);
        return Body.of(batch);
    }

    /** A file with errors makes a batch that has failed, as with OpenAI: its errors are read there. */
    private Batch batch(
            Caller caller, StoredFile file, String endpoint, Map<String, String> metadata, @Nullable Duration life)
            throws IOException {
        BatchInput.Checked checked = BatchInput.check(files.path(file), endpoint);
        Instant now = clock.instant();
        boolean good = checked.problems().isEmpty();
        return new Batch(
                Ids.next("batch_"),
                caller.organisationId(),
                caller.projectId(),
                caller.userId(),
                caller.apiKeyId(),
                endpoint,
                file.id(),
                metadata,
                life,
                good ? BatchState.IN_PROGRESS : BatchState.FAILED,
                checked.problems(),
                good ? checked.lines() : 0,
                0,
                0,
                null,
                null,
                now,
                now.plus(WINDOW_LENGTH),
                null,
                good ? null : now);
    }

    @GetMapping
    ListPage<Body> list(
            Caller caller,
            @RequestParam(name = "limit", defaultValue = "20") int limit,
            @RequestParam(name = "after", defaultValue = "") String after) {
        caller.require(Scopes.INFERENCE);
        int size = Pages.size(limit);
        return ListPage.of(
                batches.page(caller.organisationId(), Pages.cursor(after), size + 1), size, Body::of, Batch::id);
    }

    @GetMapping("/{id}")
    Body get(Caller caller, @PathVariable String id) {
        return Body.of(find(caller, id));
    }

    /** Requests that run are still answered, and charged; what was answered is in the output. */
    @PostMapping("/{id}/cancel")
    Body cancel(Caller caller, @PathVariable String id) {
        Batch batch = find(caller, id);
        if (!batches.cancel(id, clock.instant()) && batch.state() != BatchState.CANCELLING) {
            throw ApiException.of(
                    HttpStatus.CONFLICT,
                    "Cannot cancel a batch with status '" + batch.state().id() + "'.",
                    null,
                    "invalid_state");
        }
        return Body.of(find(caller, id));
    }

    private Batch find(Caller caller, String id) {
        caller.require(Scopes.INFERENCE);
        return batches.find(id)
                .filter(batch -> batch.organisationId().equals(caller.organisationId()))
                .orElseThrow(() -> ApiException.of(
                        HttpStatus.NOT_FOUND, "No batch found with id '" + id + "'.", null, "not_found"));
    }
}
