package dev.mynah.train.eval;

import java.util.List;

/**
 * What came of a task.
 *
 * @param records how many were evaluated
 * @param shots   solved examples before each
 * @param form    what the model was given and how it was judged, in one sentence
 * @param source  whose definition that is
 */
public record EvalResult(String task, int records, int shots, String form, String source, List<Metric> metrics) {
    public EvalResult {
        metrics = List.copyOf(metrics);
    }
}
