package dev.mynah.server.labelling;

import dev.mynah.server.account.Caller;
import dev.mynah.server.store.Transactions;
import dev.mynah.server.web.ApiException;
import dev.mynah.server.web.JsonObject;
import dev.mynah.server.web.Page;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/labelling}: the desk of somebody who labels. */
@RestController
@RequestMapping("/api/labelling")
final class LabellingController {
    private static final int MAX_NOTE = 2_000;

    private final LabellingRepository repository;
    private final Transactions transactions;
    private final Clock clock;

    LabellingController(LabellingRepository repository, Transactions transactions, Clock clock) {
        this.repository = repository;
        this.transactions = transactions;
        this.clock = clock;
    }

    /** @param done tasks that the caller has done */
    record QueueBody(String id, String name, String kind, String guidelines, int tasks, long done) {}

    @GetMapping("/queues")
    Page<QueueBody> queues(Caller caller) {
        List<QueueBody> queues = repository.queuesOf(caller.userId()).stream()
                .map(queue -> new QueueBody(
                        queue.id(),
                        queue.name(),
                        queue.kind().id(),
                        queue.guidelines(),
                        repository.tasks(queue.id()).size(),
                        repository.labels(queue.id()).stream()
                                .filter(given -> given.userId().equals(caller.userId()) && given.label() != null)
                                .count()))
                .toList();
        return new Page<>(queues, null);
    }

    record TaskBody(String id, List<Task.Turn> messages, List<String> answers) {
        static TaskBody of(Task task) {
            return new TaskBody(task.id(), task.messages(), task.answers());
        }
    }

    /** The caller's next task; 204 where none is left. */
    @PostMapping("/queues/{id}/next")
    ResponseEntity<TaskBody> next(Caller caller, @PathVariable String id) {
        Queue queue = repository
                .queue(id)
                .filter(found -> repository.isMember(id, caller.userId()))
                .orElseThrow(LabellingController::notFound);
        Optional<Task> task = transactions.call(() -> repository.assign(queue, caller.userId(), clock.instant()));
        return task.map(found -> ResponseEntity.ok(TaskBody.of(found)))
                .orElse(ResponseEntity.noContent().build());
    }

    /** Says what the caller makes of a task, or that somebody else should. */
    @PutMapping("/tasks/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void put(Caller caller, @PathVariable String id, JsonObject body) {
        Task task = repository
                .findTask(id)
                .filter(found -> repository.isAssigned(id, caller.userId())
                        && repository.isMember(found.queueId(), caller.userId()))
                .orElseThrow(LabellingController::notFound);
        String state = body.requiredString("state");
        if (!state.matches("done|skipped|flagged")) {
            throw body.invalid("state", "it is one of done, skipped, flagged");
        }
        String note = body.string("note").orElse("").strip();
        if (note.length() > MAX_NOTE) {
            throw body.invalid("note", "it has at most " + MAX_NOTE + " characters");
        }
        Label label = state.equals("done") ? Labels.read(body, task) : null;
        body.finish();
        transactions.run(() -> repository.put(id, caller.userId(), state, label, note, clock.instant()));
    }

    private static ApiException notFound() {
        return ApiException.notFound("There is no such queue or task for you.");
    }
}
