package dev.mynah.server.labelling;

import dev.mynah.server.account.Caller;
import dev.mynah.server.account.Scopes;
import dev.mynah.server.ops.AuditLog;
import dev.mynah.server.web.ApiException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** {@code GET /api/admin/labelling/queues/{id}/export}: the tasks that are done, as JSONL that the alignment recipe reads. */
@RestController
final class LabelExportController {
    private final LabellingRepository repository;
    private final AuditLog audit;
    private final JsonMapper mapper;

    LabelExportController(LabellingRepository repository, AuditLog audit, JsonMapper mapper) {
        this.repository = repository;
        this.audit = audit;
        this.mapper = mapper;
    }

    /** @param ranks of the answers, 1 is best */
    record RankingRecord(List<Task.Turn> messages, List<String> answers, List<Integer> ranks) {}

    record DemonstrationRecord(List<Task.Turn> messages) {}

    @GetMapping("/api/admin/labelling/queues/{id}/export")
    void export(Caller caller, @PathVariable String id, HttpServletResponse response) throws IOException {
        caller.require(Scopes.ADMIN);
        Queue queue = repository.queue(id).orElseThrow(() -> ApiException.notFound("There is no such queue."));
        audit.record(caller.userId(), "labelling.export", id, "");
        List<Task> tasks = repository.tasks(id);
        QueueReport report = new QueueReport(queue, tasks, repository.labels(id));
        response.setContentType("application/jsonl;charset=utf-8");
        response.setHeader(
                HttpHeaders.CONTENT_DISPOSITION,
                "attachment; filename=\"" + queue.kind().id() + ".jsonl\"");
        OutputStream out = response.getOutputStream();
        for (Task task : tasks) {
            for (Object line : report.isDone(task) ? records(task, report.done(task)) : List.of()) {
                out.write((mapper.writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    private static List<Object> records(Task task, List<Label> labels) {
        if (!task.answers().isEmpty()) {
            List<Integer> ranks = QueueReport.ranks(task, labels);
            // Nothing is learned from answers that are all as good.
            return ranks.stream().distinct().count() < 2
                    ? List.of()
                    : List.of(new RankingRecord(task.messages(), task.answers(), ranks));
        }
        List<Object> records = new ArrayList<>();
        for (Label label : task.verdict() == null ? labels : List.of(task.verdict())) {
            Task.Turn answer = new Task.Turn("assistant", String.valueOf(label.text()));
            records.add(new DemonstrationRecord(
                    Stream.concat(task.messages().stream(), Stream.of(answer)).toList()));
        }
        return records;
    }
}
