package dev.mynah.train.eval;

import java.io.IOException;
import java.util.List;

/** Something that a model is measured by. */
public interface EvalTask {

    /** What it is called on the command line. */
    String name();

    /**
     * Measures.
     *
     * @throws IllegalArgumentException if the data lacks what the task needs, or an option does not fit
     */
    EvalResult run(EvalModel model, EvalData data, EvalOptions options) throws IOException;

    /** All tasks. */
    static List<EvalTask> all() {
        return List.of(new Perplexity(), new MultipleChoice(), new Gsm8k(), new HumanEval(), new Mbpp());
    }

    /**
     * The task of this name.
     *
     * @throws IllegalArgumentException if there is none, with the names of all
     */
    static EvalTask named(String name) {
        return all().stream()
                .filter(task -> task.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no task " + name + "; there are "
                        + String.join(", ", all().stream().map(EvalTask::name).toList())));
    }
}
