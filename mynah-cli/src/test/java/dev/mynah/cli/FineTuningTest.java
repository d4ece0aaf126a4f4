package dev.mynah.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Fine-tuning as a customer has it: a file, a job that trains in a process of its own, a model that answers. */
class FineTuningTest {
    private static final String DATA = IntStream.range(0, 40)
            .mapToObj(i -> "{\"messages\": [{\"role\": \"user\", \"content\": \"" + i
                    + "\"}, {\"role\": \"assistant\", \"content\": \"ab\"}]}\n")
            .collect(Collectors.joining());
    private static final String PREFERENCES = IntStream.range(0, 12)
            .mapToObj(i -> "{\"input\": {\"messages\": [{\"role\": \"user\", \"content\": \"" + i
                    + "\"}]}, \"preferred_output\": [{\"role\": \"assistant\", \"content\": \"ab\"}],"
                    + " \"non_preferred_output\": [{\"role\": \"assistant\", \"content\": \"ba\"}]}\n")
            .collect(Collectors.joining());
    private static final String PROMPTS = IntStream.range(0, 12)
            .mapToObj(i -> "{\"messages\": [{\"role\": \"user\", \"content\": \"" + i + "\"}], \"kind\": \"poem\","
                    + " \"request\": {\"form\": \"FIVE_QUATRAIN\", \"theme\": [\"a\"]}}\n")
            .collect(Collectors.joining());
    private static final Map<String, String> SETTINGS =
            Map.of("MYNAH_FINE_TUNING_THREADS", "1", "MYNAH_FINE_TUNING_HEAP_MB", "300");

    @TempDir
    private Path folder;

    @Test
    void aJobOutlivesTheServiceAndItsModelAnswers() throws Exception {
        Path dataDir = Files.createDirectories(folder.resolve("data"));
        String key;
        String job;
        try (ServedMynah service = ServedMynah.start(dataDir, SETTINGS, "")) {
            key = service.key();
            String file = service.upload("fine-tune", DATA);
            JsonNode made = service.post("/v1/fine_tuning/jobs", """
                {'model': 'llama', 'training_file': '%s', 'validation_file': '%s', 'suffix': 'ab', 'seed': 7,
                 'method': {'type': 'supervised', 'supervised': {'hyperparameters': {'n_epochs': 5, 'batch_size': 2, 'learning_rate_multiplier': 10, 'tuning': 'full'}}}}
                """.formatted(file, file));
            job = made.path("id").asString("");
            assertThat(job).as(made.toString()).startsWith("ftjob-");
            await(service, job, state -> state.get("step").intValue() >= 3);
            service.kill();
        }
        Optional<ProcessHandle> left = trainer(job);
        assertThat(left).as("the process that trains goes on").isPresent();

        try (ServedMynah service = ServedMynah.start(dataDir, SETTINGS, key)) {
            JsonNode done =
                    await(service, job, state -> state.get("finished_at").isNumber());
            assertThat(done.get("status").stringValue()).as(done.toString()).isEqualTo("succeeded");
            assertSucceeded(service, job, done);
            assertChild(service);
        }
        Cli audit = Cli.run("admin", "audit", "--data-dir", dataDir, "--json");
        assertThat(audit.exitCode()).as(audit.out()).isZero();
    }

    private void assertSucceeded(ServedMynah service, String job, JsonNode done) throws Exception {
        List<String> messages = messages(service, job);
        // Adopted, not begun again; and every step is told once.
        assertThat(messages)
                .filteredOn(message -> message.startsWith("Training "))
                .hasSize(1);
        int steps = done.get("total_steps").intValue();
        assertThat(messages)
                .filteredOn(message -> message.startsWith("Step "))
                .hasSize(steps)
                .doesNotHaveDuplicates();

        String model = done.get("fine_tuned_model").stringValue();
        assertThat(model).matches("ft:llama:administrator:ab:[0-9a-f]{8}");
        JsonNode answer = service.post("/v1/chat/completions", """
            {'model': '%s', 'messages': [{'role': 'user', 'content': '3'}], 'temperature': 0, 'max_completion_tokens': 8}
            """.formatted(model));
        assertThat(answer.at("/choices/0/message/content").asString(""))
                .as(answer.toString())
                .isEqualTo("ab");
        String figures = service.text("/v1/files/" + done.at("/result_files/0").stringValue() + "/content");
        assertThat(figures.lines().count()).isEqualTo(steps + 1L);
        assertThat(figures).startsWith("step,loss,val_loss");
        JsonNode usage = service.get("/v1/usage");
        assertThat(done.get("trained_tokens").longValue()).isPositive();
        assertThat(usage.at("/total/completion_tokens").longValue())
                .isEqualTo(done.get("trained_tokens").longValue()
                        + answer.at("/usage/completion_tokens").longValue());
        assertThat(service.get("/v1/fine_tuning/jobs/" + job + "/checkpoints").get("data"))
                .isNotEmpty();
    }

    /** A further job, by preferences, whose process is killed: it fails, and the service does not mind. Then one that ends well, and one by rewards. */
    private void assertChild(ServedMynah service) throws Exception {
        String file = service.upload("fine-tune", PREFERENCES);
        String request = """
            {'model': 'llama', 'training_file': '%s', 'method': {'type': 'dpo', 'dpo': {'hyperparameters': {'n_epochs': %d, 'batch_size': 2, 'beta': 0.2}}}}
            """;
        String killed = service.post("/v1/fine_tuning/jobs", request.formatted(file, 50))
                .get("id")
                .stringValue();
        await(service, killed, state -> state.get("step").intValue() >= 1);
        trainer(killed).orElseThrow().destroyForcibly();
        JsonNode failed =
                await(service, killed, state -> state.get("finished_at").isNumber());
        assertThat(failed.get("status").stringValue()).isEqualTo("failed");
        assertThat(failed.at("/error/message").stringValue()).isEqualTo("The training process ended without a result.");
        assertThat(failed.get("trained_tokens").longValue()).isZero();

        String job = service.post("/v1/fine_tuning/jobs", request.formatted(file, 1))
                .get("id")
                .stringValue();
        JsonNode done = await(service, job, state -> state.get("finished_at").isNumber());
        assertThat(done.get("status").stringValue()).as(done.toString()).isEqualTo("succeeded");

        String rewarded = service.post("/v1/fine_tuning/jobs", """
            {'model': 'llama', 'training_file': '%s', 'method': {'type': 'reinforcement', 'reinforcement': {'grader': {'type': 'rule', 'name': 'poet'},
             'hyperparameters': {'n_epochs': 1, 'batch_size': 4, 'compute_multiplier': 2, 'max_tokens': 8}}}}
            """.formatted(service.upload("fine-tune", PROMPTS)))
                .get("id")
                .stringValue();
        JsonNode end =
                await(service, rewarded, state -> state.get("finished_at").isNumber());
        assertThat(end.get("status").stringValue()).as(end.toString()).isEqualTo("succeeded");
        assertThat(end.get("trained_tokens").longValue()).isPositive();
    }

    /** What all events of a job say. */
    private static List<String> messages(ServedMynah service, String job) throws Exception {
        List<String> messages = new ArrayList<>();
        for (String after = ""; ; ) {
            JsonNode page = service.get("/v1/fine_tuning/jobs/" + job + "/events?limit=100&after=" + after);
            messages.addAll(page.get("data").findValuesAsString("message"));
            if (!page.get("has_more").booleanValue()) {
                return messages;
            }
            after = page.get("last_id").stringValue();
        }
    }

    private interface Wanted {
        boolean holds(JsonNode job);
    }

    private static JsonNode await(ServedMynah service, String job, Wanted wanted) throws Exception {
        while (true) {
            JsonNode state = service.get("/v1/fine_tuning/jobs/" + job);
            if (wanted.holds(state) || state.get("finished_at").isNumber()) {
                return state;
            }
            Thread.sleep(100);
        }
    }

    private static Optional<ProcessHandle> trainer(String job) {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").contains(job))
                .findFirst();
    }
}
