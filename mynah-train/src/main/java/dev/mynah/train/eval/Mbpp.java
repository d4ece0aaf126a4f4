package dev.mynah.train.eval;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Short Python programs to be written from a sentence and three tests (Austin et al. 2021), judged by these tests. */
final class Mbpp implements EvalTask {
    private static final int USUAL_SHOTS = 3;
    /** The problems that the paper's prompt shows, by task_id. */
    private static final List<Integer> EXAMPLES = List.of(2, 3, 4);

    @Override
    public String name() {
        return "mbpp";
    }

    @Override
    public EvalResult run(EvalModel model, EvalData data, EvalOptions options) throws IOException {
        List<JsonNode> all = EvalData.records(data.files(options, "mbpp"));
        List<JsonNode> examples = examples(all, options.shotsOr(USUAL_SHOTS));
        StringBuilder shown = new StringBuilder();
        examples.forEach(example -> shown.append(task(example))
                .append(EvalData.text(example, "code"))
                .append("\n[DONE]\n\n"));
        List<JsonNode> asked = options.limited(
                all.stream().filter(record -> !examples.contains(record)).toList());
        if (asked.isEmpty()) {
            throw new IllegalArgumentException("there are " + all.size() + " problems, too few for " + examples.size()
                    + " examples and one to ask");
        }
        List<Programs.Problem> problems = asked.stream()
                .map(record -> new Programs.Problem(
                        shown + task(record),
                        answer -> program(record, options.chat() ? Programs.code(answer) : answer)))
                .toList();
        List<Metric> metrics = Programs.open(name(), model, options).passAtK(problems, List.of("[DONE]"));
        return new EvalResult(
                name(),
                asked.size(),
                examples.size(),
                "the task with its tests, [BEGIN], and what the model writes up to [DONE], run with the tests",
                "Austin et al. 2021, section 3; unbiased pass@k of Chen et al. 2021",
                metrics);
    }

    /** The paper's where they are there, else the first ones. */
    private static List<JsonNode> examples(List<JsonNode> all, int count) {
        List<JsonNode> ofPaper = all.stream()
                .filter(record -> EXAMPLES.contains(record.path("task_id").asInt(-1)))
                .toList();
        List<JsonNode> ordered = new ArrayList<>(ofPaper);
        all.stream().filter(record -> !ofPaper.contains(record)).forEach(ordered::add);
        return List.copyOf(ordered.subList(0, Math.min(count, ordered.size())));
    }

    private static String task(JsonNode record) {
        return "You are an expert Python programmer, and here is your task: " + EvalData.text(record, "text")
                + " Your code should pass these tests:\n\n" + String.join("\n", EvalData.texts(record, "test_list"))
                + "\n[BEGIN]\n";
    }

    private static String program(JsonNode record, String answer) {
        String setup = record.path("test_setup_code").asString("");
        return answer + "\n" + setup + "\n" + String.join("\n", EvalData.texts(record, "test_list")) + "\n";
    }
}
