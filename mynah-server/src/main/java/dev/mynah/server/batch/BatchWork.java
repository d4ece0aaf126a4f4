package dev.mynah.server.batch;

import dev.mynah.engine.EngineBusyException;
import dev.mynah.server.answer.ServiceStoppedException;
import dev.mynah.server.api.OfflineAnswers;
import dev.mynah.server.batch.BatchInput.Line;
import dev.mynah.server.billing.LimitExceededException;
import dev.mynah.server.file.FilePurpose;
import dev.mynah.server.file.StoredFile;
import dev.mynah.server.file.StoredFiles;
import dev.mynah.server.store.Ids;
import dev.mynah.server.store.Transactions;
import dev.mynah.server.web.ErrorBody;
import dev.mynah.server.web.Errors;
import dev.mynah.server.web.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.BitSet;
import java.util.Optional;
import java.util.concurrent.Phaser;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Answers the lines of a batch. A line's answer is kept in the transaction that charges it, so that after a kill neither happens twice: what was not kept is free, and is asked again.
 */
@Component
final class BatchWork {
    private static final Duration LITTLE = Duration.ofSeconds(1);
    private static final Duration PIECE = Duration.ofMillis(100);
    // After which it is seen whether the plan, which may be another by then, has room again.
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(15);

    private final BatchRepository batches;
    private final OfflineAnswers answers;
    private final StoredFiles files;
    private final Errors errors;
    private final BatchSettings settings;
    private final Transactions transactions;
    private final JsonMapper mapper;
    private final Clock clock;

    BatchWork(
            BatchRepository batches,
            OfflineAnswers answers,
            StoredFiles files,
            Errors errors,
            BatchSettings settings,
            Transactions transactions,
            JsonMapper mapper,
            Clock clock) {
        this.batches = batches;
        this.answers = answers;
        this.files = files;
        this.errors = errors;
        this.settings = settings;
        this.transactions = transactions;
        this.mapper = mapper;
        this.clock = clock;
    }

    /**
     * Works on a batch until it is complete, cancelled or expired, its plan has no room for it now, or this process is no longer to.
     *
     * @param owner  as which it was claimed
     * @param places where its lines are answered
     * @param closed whether this process ends
     */
    void run(Batch batch, String owner, Places places, BooleanSupplier closed)
            throws IOException, InterruptedException {
        Optional<StoredFile> input = files.find(batch.inputFile(), batch.organisationId());
        Run run = new Run(batch, owner, places, closed);
        if (input.isPresent()) {
            BitSet done = batches.lines(batch.id());
            BatchInput.read(files.path(input.get()), line -> done.get(line.number()) || run.begin(line));
        }
        run.awaitAll();
        Optional<Instant> again = run.again();
        if (closed.getAsBoolean()) {
            return;
        }
        if (again.isPresent() && ending(batch.id()).isEmpty()) {
            batches.postpone(batch.id(), owner, again.get());
        } else {
            finish(batch, owner, input);
        }
    }

    private Optional<BatchState> ending(String id) {
        return batches.ending(id, clock.instant());
    }

    /**
     * Places for lines, first come, first served.
     *
     * @param lines of an organisation: as many may be begun, and wait for room, whichever of its batches they are of
     * @param room  of the process, of which every line takes one while it is answered
     */
    record Places(Semaphore lines, Semaphore room) {}

    /** The lines of a batch that this process answers. */
    private final class Run {
        private final Batch batch;
        private final String owner;
        private final Places places;
        private final BooleanSupplier closed;
        private final Phaser open = new Phaser(1);
        private volatile @Nullable Instant again;

        Run(Batch batch, String owner, Places places, BooleanSupplier closed) {
            this.batch = batch;
            this.owner = owner;
            this.places = places;
            this.closed = closed;
        }

        /** Begins to answer a line; false where none is to be begun any more. */
        boolean begin(Line line) {
            if (!awaitPlace()) {
                return false;
            }
            if (!goesOn()) {
                places.lines.release();
                return false;
            }
            open.register();
            Thread.ofVirtual().name("batch line").start(() -> {
                try {
                    answer(line);
                } finally {
                    places.lines.release();
                    open.arriveAndDeregister();
                }
            });
            return true;
        }

        /** False where no line is to be begun any more, which is seen while others of the organisation have all places, and cannot go on now. */
        private boolean awaitPlace() {
            try {
                while (!places.lines.tryAcquire(LITTLE.toMillis(), TimeUnit.MILLISECONDS)) {
                    if (!goesOn()) {
                        return false;
                    }
                }
                return true;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting for a place", e);
            }
        }

        void awaitAll() {
            open.arriveAndAwaitAdvance();
        }

        /** When the batch is to be taken up again, where its plan had no room for it. */
        Optional<Instant> again() {
            return Optional.ofNullable(again);
        }

        private boolean goesOn() {
            return !closed.getAsBoolean() && again == null && ending(batch.id()).isEmpty();
        }

        private void answer(Line line) {
            while (!asked(line)) {
                sleep();
            }
        }

        /** Asks for a line's answer; false where it is to be asked for once more, a little later. */
        private boolean asked(Line line) {
            places.room.acquireUninterruptibly();
            try {
                if (goesOn()) {
                    answers.answer(
                            batch.caller(),
                            batch.endpoint(),
                            new JsonObject(line.body(), ""),
                            settings.terms(),
                            answered ->
                                    keep(batch, owner, line, HttpStatus.OK.value(), answered.id(), answered.body()));
                }
                return true;
            } catch (LimitExceededException e) {
                if (e.waitingHelps()) {
                    postpone(e.retryAfter());
                } else {
                    fail(line, e);
                }
                return true;
            } catch (EngineBusyException | ServiceStoppedException _) {
                return false;
            } catch (RuntimeException e) {
                if (e.getCause() instanceof ServiceStoppedException) {
                    return false;
                }
                fail(line, e);
                return true;
            } finally {
                places.room.release();
            }
        }

        private void postpone(Duration pause) {
            Duration bounded = pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
            again = clock.instant().plus(bounded);
        }

        private void fail(Line line, RuntimeException problem) {
            if (closed.getAsBoolean()) {
                return;
            }
            ResponseEntity<ErrorBody> error = errors.of(problem, batch.endpoint());
            transactions.run(() -> keep(
                    batch,
                    owner,
                    line,
                    error.getStatusCode().value(),
                    Ids.next("req_"),
                    mapper.valueToTree(error.getBody())));
        }

        /** In short pieces, so that nothing waits for it in the end. */
        private void sleep() {
            long until = System.nanoTime() + LITTLE.toNanos();
            while (System.nanoTime() < until && !closed.getAsBoolean()) {
                try {
                    Thread.sleep(PIECE);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }
    }

    private void keep(Batch batch, String owner, Line line, int status, String requestId, JsonNode body) {
        ObjectNode result = result(line);
        result.putObject("response")
                .put("status_code", status)
                .put("request_id", requestId)
                .set("body", body);
        result.putNull("error");
        if (!batches.insertLine(batch.id(), owner, line.number(), status != HttpStatus.OK.value(), result.toString())) {
            throw new IllegalStateException("the batch " + batch.id() + " is another process's now");
        }
    }

    private static ObjectNode result(Line line) {
        return JsonMapper.shared()
                .createObjectNode()
                .put("id", Ids.next("batch_req_"))
                .put("custom_id", line.customId());
    }

    private void finish(Batch batch, String owner, Optional<StoredFile> input) throws IOException {
        Batch now = batches.find(batch.id()).orElse(batch);
        int answered = now.completed() + now.failed();
        boolean complete = answered >= now.total() && now.state() != BatchState.CANCELLING;
        BatchState state = complete ? BatchState.COMPLETED : ending(batch.id()).orElse(BatchState.CANCELLED);
        if (state == BatchState.EXPIRED && input.isPresent()) {
            expire(batch, owner, input.get());
        }
        @Nullable String output = file(batch, false, "output.jsonl");
        @Nullable String problems = file(batch, true, "errors.jsonl");
        boolean finished =
                transactions.call(() -> batches.finish(batch, owner, state, output, problems, clock.instant()));
        if (!finished) {
            for (String unused : new String[] {output, problems}) {
                if (unused != null) {
                    files.delete(unused, batch.organisationId());
                }
            }
        }
    }

    /** Lines for which there was no time. */
    private void expire(Batch batch, String owner, StoredFile input) throws IOException {
        BitSet done = batches.lines(batch.id());
        BatchInput.read(files.path(input), line -> {
            if (!done.get(line.number())) {
                ObjectNode result = result(line);
                result.putNull("response");
                result.putObject("error")
                        .put("code", "batch_expired")
                        .put("message", "This request could not be executed before the completion window expired.");
                transactions.run(() -> batches.insertLine(batch.id(), owner, line.number(), true, result.toString()));
            }
            return true;
        });
    }

    /** The answers or the errors as a file of the organisation, or null where there are none. */
    private @Nullable String file(Batch batch, boolean failed, String name) throws IOException {
        Path lines = Files.createTempFile("mynah-batch", ".jsonl");
        try {
            if (batches.write(batch.id(), failed, lines) == 0) {
                return null;
            }
            try (InputStream in = Files.newInputStream(lines)) {
                return files.add(
                                new StoredFiles.Order(
                                        batch.organisationId(),
                                        batch.userId(),
                                        batch.id() + "_" + name,
                                        FilePurpose.BATCH_OUTPUT,
                                        batch.life() == null
                                                ? null
                                                : clock.instant().plus(batch.life())),
                                in)
                        .id();
            }
        } finally {
            Files.delete(lines);
        }
    }
}
