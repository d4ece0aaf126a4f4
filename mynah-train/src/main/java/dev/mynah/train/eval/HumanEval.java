package dev.mynah.train.eval;

import java.io.IOException;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Python functions to be written from their signature and docstring (Chen et al. 2021), judged by tests. */
final class HumanEval implements EvalTask {
    /** What follows the end of a function. */
    private static final List<String> STOP = List.of("\nclass", "\ndef", "\n#", "\nif", "\nprint");

    @Override
    public String name() {
        return "humaneval";
    }

    @Override
    public EvalResult run(EvalModel model, EvalData data, EvalOptions options) throws IOException {
        List<JsonNode> asked = options.limited(EvalData.records(data.files(options, "humaneval")));
        List<Programs.Problem> problems =
                asked.stream().map(record -> problem(record, options.chat())).toList();
        List<Metric> metrics =
                Programs.open(name(), model, options).passAtK(problems, options.chat() ? List.of() : STOP);
        return new EvalResult(
                name(),
                asked.size(),
                0,
                "the function's beginning continued" + (options.chat() ? " in a conversation" : "")
                        + ", run with the problem's tests",
                "Chen et al. 2021, section 2.1 (unbiased pass@k)",
                metrics);
    }

    static Programs.Problem problem(JsonNode record, boolean chat) {
        String prompt = EvalData.text(record, "prompt");
        String tests = "\n" + EvalData.text(record, "test") + "\ncheck(" + EvalData.text(record, "entry_point") + ")\n";
        return chat
                ? new Programs.Problem(
                        "Complete this Python function. Answer with the whole function in one code block.\n\n```python\n"
                                + prompt + "\n```",
                        answer -> prompt + "    pass\n\n" + Programs.code(answer) + tests)
                : new Programs.Problem(prompt, answer -> prompt + answer + tests);
    }
}
