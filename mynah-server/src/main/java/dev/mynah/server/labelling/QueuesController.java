package dev.mynah.server.labelling;

import dev.mynah.server.account.Accounts;
import dev.mynah.server.account.Caller;
import dev.mynah.server.account.Scopes;
import dev.mynah.server.account.UserRepository;
import dev.mynah.server.labelling.QueueReport.Dispute;
import dev.mynah.server.ops.AuditLog;
import dev.mynah.server.store.Ids;
import dev.mynah.server.store.Transactions;
import dev.mynah.server.web.ApiException;
import dev.mynah.server.web.JsonObject;
import dev.mynah.server.web.Page;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/admin/labelling}: queues, who works on them, how far they agree, and verdicts where they do not. */
@RestController
@RequestMapping("/api/admin/labelling")
final class QueuesController {
    private static final int MAX_NAME = 200;
    private static final int MAX_GUIDELINES = 50_000;
    private static final int MAX_TASKS = 10_000;
    private static final int MAX_ANSWERS = 10;

    private final LabellingRepository repository;
    private final UserRepository users;
    private final Transactions transactions;
    private final AuditLog audit;
    private final Clock clock;

    QueuesController(
            LabellingRepository repository,
            UserRepository users,
            Transactions transactions,
            AuditLog audit,
            Clock clock) {
        this.repository = repository;
        this.users = users;
        this.transactions = transactions;
        this.audit = audit;
        this.clock = clock;
    }

    record Body(
            String id,
            String name,
            String kind,
            String guidelines,
            int labelsPerTask,
            List<String> members,
            QueueReport.Figures figures) {}

    @GetMapping("/queues")
    Page<Body> list(Caller caller) {
        caller.require(Scopes.ADMIN);
        return new Page<>(repository.queues().stream().map(this::body).toList(), null);
    }

    private Body body(Queue queue) {
        return new Body(
                queue.id(),
                queue.name(),
                queue.kind().id(),
                queue.guidelines(),
                queue.labelsPerTask(),
                repository.members(queue.id()),
                report(queue).figures());
    }

    private QueueReport report(Queue queue) {
        return new QueueReport(queue, repository.tasks(queue.id()), repository.labels(queue.id()));
    }

    @PostMapping("/queues")
    @ResponseStatus(HttpStatus.CREATED)
    Body create(Caller caller, JsonObject body) {
        caller.require(Scopes.ADMIN);
        String kind = body.requiredString("kind");
        if (!kind.matches("ranking|demonstration")) {
            throw body.invalid("kind", "it is one of ranking, demonstration");
        }
        Queue queue = new Queue(
                Ids.next("queue_"),
                body.text("name", 1, MAX_NAME),
                Queue.Kind.of(kind),
                body.text("guidelines", 0, MAX_GUIDELINES),
                body.integer("labels_per_task", 1, 10).orElse(2),
                clock.instant());
        body.finish();
        transactions.run(() -> {
            repository.insert(queue);
            audit.record(caller.userId(), "labelling.queue", queue.id(), queue.name());
        });
        return body(queue);
    }

    /** Sets who works on a queue, by their addresses. */
    @PutMapping("/queues/{id}/members")
    Body setMembers(Caller caller, @PathVariable String id, JsonObject body) {
        caller.require(Scopes.ADMIN);
        Queue queue = find(id);
        List<String> members = body.strings("emails").stream()
                .map(Accounts::email)
                .distinct()
                .map(email -> users.findByEmail(email)
                        .orElseThrow(() -> body.invalid("emails", "nobody has the address " + email))
                        .id())
                .toList();
        body.finish();
        transactions.run(() -> {
            repository.setMembers(id, members);
            audit.record(caller.userId(), "labelling.members", id, members.size() + " people");
        });
        return body(queue);
    }

    /** Adds tasks: {@code {"messages": [...], "answers": [...]}} each, without answers where one is to be written. */
    @PostMapping("/queues/{id}/tasks")
    @ResponseStatus(HttpStatus.CREATED)
    Body add(Caller caller, @PathVariable String id, JsonObject body) {
        caller.require(Scopes.ADMIN);
        Queue queue = find(id);
        List<JsonObject> tasks = body.objects("tasks").orElseThrow(() -> body.missing("tasks"));
        body.finish();
        if (tasks.isEmpty() || tasks.size() > MAX_TASKS) {
            throw body.invalid("tasks", "1 to " + MAX_TASKS + " at once");
        }
        List<Task> read = tasks.stream().map(task -> task(queue, task)).toList();
        transactions.run(() -> {
            read.forEach(repository::insert);
            audit.record(caller.userId(), "labelling.tasks", id, read.size() + " tasks");
        });
        return body(queue);
    }

    private static Task task(Queue queue, JsonObject body) {
        List<Task.Turn> messages = new ArrayList<>();
        for (JsonObject message : body.objects("messages").orElseThrow(() -> body.missing("messages"))) {
            String role = message.requiredString("role");
            if (!role.matches("system|user|assistant")) {
                throw message.invalid("role", "it is one of system, user, assistant");
            }
            messages.add(new Task.Turn(role, message.requiredString("content")));
            message.finish();
        }
        if (messages.isEmpty() || !messages.getLast().role().equals("user")) {
            throw body.invalid("messages", "the last is the user's");
        }
        List<String> answers = body.strings("answers");
        int least = queue.kind() == Queue.Kind.RANKING ? 2 : 0;
        int most = queue.kind() == Queue.Kind.RANKING ? MAX_ANSWERS : 0;
        if (answers.size() < least || answers.size() > most) {
            throw body.invalid("answers", "a task of this queue has " + least + " to " + most);
        }
        if (answers.stream().anyMatch(String::isBlank)
                || answers.stream().distinct().count() < answers.size()) {
            throw body.invalid("answers", "they differ, and none is empty");
        }
        body.finish();
        return new Task(Ids.next("task_"), queue.id(), messages, answers, null);
    }

    /** What waits for a verdict. */
    @GetMapping("/queues/{id}/disputes")
    Page<Dispute> disputes(Caller caller, @PathVariable String id) {
        caller.require(Scopes.ADMIN);
        return new Page<>(report(find(id)).disputes(), null);
    }

    /** Decides what a task's label is. */
    @PutMapping("/tasks/{id}/verdict")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void decide(Caller caller, @PathVariable String id, JsonObject body) {
        caller.require(Scopes.ADMIN);
        Task task = repository.findTask(id).orElseThrow(QueuesController::notFound);
        Label verdict = Labels.read(body, task);
        body.finish();
        transactions.run(() -> {
            repository.setVerdict(id, verdict);
            audit.record(caller.userId(), "labelling.verdict", id, "");
        });
    }

    private Queue find(String id) {
        return repository.queue(id).orElseThrow(QueuesController::notFound);
    }

    private static ApiException notFound() {
        return ApiException.notFound("There is no such queue or task.");
    }
}
