package dev.mynah.server.labelling;

import dev.mynah.server.store.Times;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Queues, tasks and labels. */
@Component
final class LabellingRepository {
    /** A task that somebody took and did not finish is given to another after this. */
    private static final Duration PATIENCE = Duration.ofHours(4);

    private final JdbcClient jdbc;
    private final JsonMapper mapper;

    LabellingRepository(JdbcClient jdbc, JsonMapper mapper) {
        this.jdbc = jdbc;
        this.mapper = mapper;
    }

    /** Somebody's label, or that there is none yet. */
    record Given(
            String taskId,
            String userId,
            String name,
            String state,
            @Nullable Label label,
            String note) {}

    void insert(Queue queue) {
        jdbc.sql(
                        "insert into labelling_queue (id, name, kind, guidelines, labels_per_task, created_at) values (?, ?, ?, ?, ?, ?)")
                .params(
                        queue.id(),
                        queue.name(),
                        queue.kind().id(),
                        queue.guidelines(),
                        queue.labelsPerTask(),
                        Times.sql(queue.createdAt()))
                .update();
    }

    void insert(Task task) {
        jdbc.sql("insert into labelling_task (id, queue_id, prompt, answers) values (?, ?, ?, ?)")
                .params(
                        task.id(),
                        task.queueId(),
                        mapper.writeValueAsString(task.messages()),
                        mapper.writeValueAsString(task.answers()))
                .update();
    }

    List<Queue> queues() {
        return jdbc.sql("select * from labelling_queue order by id desc")
                .query(LabellingRepository::queue)
                .list();
    }

    Optional<Queue> queue(String id) {
        return jdbc.sql("select * from labelling_queue where id = ?")
                .param(id)
                .query(LabellingRepository::queue)
                .optional();
    }

    /** The queues that a user works on. */
    List<Queue> queuesOf(String userId) {
        return jdbc.sql(
                        "select q.* from labelling_queue q join labelling_member m on m.queue_id = q.id where m.user_id = ? order by q.id desc")
                .param(userId)
                .query(LabellingRepository::queue)
                .list();
    }

    boolean isMember(String queueId, String userId) {
        return jdbc.sql("select count(*) from labelling_member where queue_id = ? and user_id = ?")
                        .params(queueId, userId)
                        .query(Long.class)
                        .single()
                > 0;
    }

    /** The addresses of those who work on a queue. */
    List<String> members(String queueId) {
        return jdbc.sql(
                        "select u.email from labelling_member m join app_user u on u.id = m.user_id where m.queue_id = ? order by u.email")
                .param(queueId)
                .query(String.class)
                .list();
    }

    void setMembers(String queueId, List<String> userIds) {
        jdbc.sql("delete from labelling_member where queue_id = ?")
                .param(queueId)
                .update();
        userIds.forEach(user -> jdbc.sql("insert into labelling_member (queue_id, user_id) values (?, ?)")
                .params(queueId, user)
                .update());
    }

    /** The task that a user is at, or else one that needs further people, which is then the user's. To be called within a transaction. */
    Optional<Task> assign(Queue queue, String userId, Instant now) {
        // Two who ask at once take their turn.
        jdbc.sql("select id from labelling_queue where id = ? for update")
                .param(queue.id())
                .query(String.class)
                .single();
        Optional<Task> own = jdbc.sql(
                        "select t.* from labelling_task t join labelling_label l on l.task_id = t.id where t.queue_id = ? and l.user_id = ? and l.state = 'assigned' order by t.id limit 1")
                .params(queue.id(), userId)
                .query(this::task)
                .optional();
        if (own.isPresent()) {
            return own;
        }
        Optional<Task> next = jdbc.sql("""
                        select t.* from labelling_task t where t.queue_id = ? and t.verdict is null
                            and not exists (select 1 from labelling_label l where l.task_id = t.id and (l.user_id = ? or l.state = 'flagged'))
                            and (select count(*) from labelling_label l where l.task_id = t.id
                                and (l.state = 'done' or (l.state = 'assigned' and l.updated_at > ?))) < ?
                        order by t.id limit 1
                        """)
                .params(queue.id(), userId, Times.sql(now.minus(PATIENCE)), queue.labelsPerTask())
                .query(this::task)
                .optional();
        next.ifPresent(task -> put(task.id(), userId, "assigned", null, "", now));
        return next;
    }

    /** Keeps a label in place of what the user said of this task before; of two at the same moment, one. */
    void put(String taskId, String userId, String state, @Nullable Label label, String note, Instant now) {
        jdbc.sql("delete from labelling_label where task_id = ? and user_id = ?")
                .params(taskId, userId)
                .update();
        jdbc.sql(
                        "insert into labelling_label (task_id, user_id, state, label, note, updated_at) values (?, ?, ?, ?, ?, ?) on conflict do nothing")
                .params(taskId, userId, state)
                .param(label == null ? null : mapper.writeValueAsString(label))
                .params(note, Times.sql(now))
                .update();
    }

    /** Whether a user has or had this task. */
    boolean isAssigned(String taskId, String userId) {
        return jdbc.sql("select count(*) from labelling_label where task_id = ? and user_id = ?")
                        .params(taskId, userId)
                        .query(Long.class)
                        .single()
                > 0;
    }

    Optional<Task> findTask(String id) {
        return jdbc.sql("select * from labelling_task where id = ?")
                .param(id)
                .query(this::task)
                .optional();
    }

    void setVerdict(String taskId, Label verdict) {
        jdbc.sql("update labelling_task set verdict = ? where id = ?")
                .params(mapper.writeValueAsString(verdict), taskId)
                .update();
    }

    List<Task> tasks(String queueId) {
        return jdbc.sql("select * from labelling_task where queue_id = ? order by id")
                .param(queueId)
                .query(this::task)
                .list();
    }

    /** What was made of the tasks of a queue. */
    List<Given> labels(String queueId) {
        return jdbc.sql("""
                        select l.*, u.name from labelling_label l join labelling_task t on t.id = l.task_id join app_user u on u.id = l.user_id
                        where t.queue_id = ? order by l.task_id, l.user_id
                        """)
                .param(queueId)
                .query((row, n) -> new Given(
                        row.getString("task_id"),
                        row.getString("user_id"),
                        row.getString("name"),
                        row.getString("state"),
                        label(row.getString("label")),
                        row.getString("note")))
                .list();
    }

    private @Nullable Label label(@Nullable String json) {
        return json == null ? null : mapper.readValue(json, Label.class);
    }

    private static Queue queue(ResultSet row, int number) throws SQLException {
        return new Queue(
                row.getString("id"),
                row.getString("name"),
                Queue.Kind.of(row.getString("kind")),
                row.getString("guidelines"),
                row.getInt("labels_per_task"),
                Times.get(row, "created_at"));
    }

    private Task task(ResultSet row, int number) throws SQLException {
        return new Task(
                row.getString("id"),
                row.getString("queue_id"),
                List.of(mapper.readValue(row.getString("prompt"), Task.Turn[].class)),
                List.of(mapper.readValue(row.getString("answers"), String[].class)),
                label(row.getString("verdict")));
    }
}
