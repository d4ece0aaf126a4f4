package dev.mynah.train.eval;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import tools.jackson.databind.JsonNode;

/** Questions with given choices, of which the model finds one the most probable; nothing is generated. */
final class MultipleChoice implements EvalTask {
    private static final String BETWEEN = "\n\n";

    /**
     * A question.
     *
     * @param answer index of the right choice
     */
    private record Question(String text, List<String> choices, int answer) {
        static Question of(JsonNode record) {
            List<String> choices = EvalData.texts(record, "choices");
            JsonNode answer = record.path("answer");
            int index = -1;
            if (answer.isInt()) {
                index = answer.intValue();
            } else if (answer.isString() && answer.stringValue().length() == 1) {
                index = answer.stringValue().charAt(0) - 'A';
            }
            if (index < 0 || index >= choices.size()) {
                throw new IllegalArgumentException("a record lacks \"answer\", the index or letter of one of its "
                        + choices.size() + " choices: " + EvalData.shortened(record));
            }
            return new Question(EvalData.text(record, "question"), choices, index);
        }

        String solved() {
            return text + " " + choices.get(answer);
        }
    }

    @Override
    public String name() {
        return "choice";
    }

    @Override
    public EvalResult run(EvalModel model, EvalData data, EvalOptions options) throws IOException {
        Path file = options.data();
        if (file == null) {
            throw new IllegalArgumentException(
                    "the task choice needs --data FILE, a line {\"question\", \"choices\": [...], \"answer\": index or letter} for each question");
        }
        List<Question> all =
                EvalData.records(List.of(file)).stream().map(Question::of).toList();
        int shots = options.shotsOr(0);
        if (shots >= all.size()) {
            throw new IllegalArgumentException(
                    file + " has " + all.size() + " questions, too few for " + shots + " examples and one to ask");
        }
        StringBuilder examples = new StringBuilder();
        all.subList(0, shots)
                .forEach(question -> examples.append(question.solved()).append(BETWEEN));
        List<Question> asked = options.limited(all.subList(shots, all.size()));
        int right = 0;
        int rightByCharacter = 0;
        int rightByByte = 0;
        int done = 0;
        for (Question question : asked) {
            List<Double> scores = new ArrayList<>();
            for (String choice : question.choices) {
                scores.add(model.logLikelihood(examples + question.text, " " + choice));
            }
            right += hit(question, scores, choice -> 1);
            rightByCharacter += hit(question, scores, String::length);
            rightByByte += hit(question, scores, choice -> choice.getBytes(StandardCharsets.UTF_8).length);
            model.progress("Choosing", ++done, asked.size());
        }
        return new EvalResult(
                name(),
                asked.size(),
                shots,
                "the choice of greatest log-likelihood behind the question and a space: as it is (acc), by its characters (acc_norm), by its bytes (acc_bytes)",
                "lm-evaluation-harness, output_type multiple_choice",
                List.of(
                        Metric.share("acc", right, asked.size()),
                        Metric.share("acc_norm", rightByCharacter, asked.size()),
                        Metric.share("acc_bytes", rightByByte, asked.size())));
    }

    /** 1 where the right choice has the greatest score for its length, the first of equals. */
    private static int hit(Question question, List<Double> scores, ToDoubleFunction<String> length) {
        int best = 0;
        double greatest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < scores.size(); i++) {
            double score = scores.get(i) / length.applyAsDouble(question.choices.get(i));
            if (score > greatest) {
                greatest = score;
                best = i;
            }
        }
        return best == question.answer ? 1 : 0;
    }
}
