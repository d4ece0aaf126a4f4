package dev.mynah.train.eval;

import dev.mynah.engine.SamplingOptions;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Grade-school mathematics word problems (Cobbe et al. 2021), judged by the final number. */
final class Gsm8k implements EvalTask {
    private static final Pattern STRICT = Pattern.compile("#### (-?[0-9.,]+)");
    private static final Pattern FLEXIBLE = Pattern.compile("(-?[$0-9.,]{2,})|(-?[0-9]+)");
    private static final List<String> STOP = List.of("Question:", "</s>", "<|im_end|>");
    private static final int USUAL_SHOTS = 5;

    @Override
    public String name() {
        return "gsm8k";
    }

    @Override
    public EvalResult run(EvalModel model, EvalData data, EvalOptions options) throws IOException {
        List<JsonNode> all = EvalData.records(data.files(options, "gsm8k"));
        int shots = options.shotsOr(USUAL_SHOTS);
        if (shots >= all.size()) {
            throw new IllegalArgumentException(
                    "there are " + all.size() + " problems, too few for " + shots + " examples and one to ask");
        }
        StringBuilder examples = new StringBuilder();
        for (JsonNode example : all.subList(0, shots)) {
            examples.append(question(example))
                    .append(' ')
                    .append(solution(example, options.chainOfThought()))
                    .append("\n\n");
        }
        List<JsonNode> asked = options.limited(all.subList(shots, all.size()));
        boolean ledOn = options.chainOfThought() && shots == 0;
        List<String> prompts = asked.stream()
                .map(record -> examples + question(record) + (ledOn ? " Let's think step by step." : ""))
                .toList();
        SamplingOptions greedy = SamplingOptions.builder()
                .temperature(0)
                .maxTokens(options.maxTokens())
                .stop(STOP)
                .build();
        List<List<String>> answers = model.answers(prompts, options.chat(), 1, greedy);
        int strict = 0;
        int flexible = 0;
        for (int i = 0; i < asked.size(); i++) {
            String solution = EvalData.text(asked.get(i), "answer");
            String answer = answers.get(i).getFirst();
            strict += isStrictlyRight(answer, solution) ? 1 : 0;
            flexible += isFlexiblyRight(answer, solution) ? 1 : 0;
        }
        return new EvalResult(
                name(),
                asked.size(),
                shots,
                "greedy answers to a question and \"Answer:\""
                        + (options.chainOfThought() ? ", reasoning shown or asked for" : ", final numbers only")
                        + ": the number behind #### (exact_match_strict), the last number (exact_match_flexible)",
                "lm-evaluation-harness, gsm8k version 3; step by step without examples: Kojima et al. 2022",
                List.of(
                        Metric.share("exact_match_strict", strict, asked.size()),
                        Metric.share("exact_match_flexible", flexible, asked.size())));
    }

    /** Whether the first number behind #### is that of the solution. */
    static boolean isStrictlyRight(String answer, String solution) {
        return number(finalAnswer(solution)).equals(number(first(STRICT, answer)));
    }

    /** Whether the last number is that of the solution. */
    static boolean isFlexiblyRight(String answer, String solution) {
        return number(finalAnswer(solution)).equals(number(last(FLEXIBLE, answer)));
    }

    private static String question(JsonNode record) {
        return "Question: " + EvalData.text(record, "question") + "\nAnswer:";
    }

    private static String solution(JsonNode record, boolean chainOfThought) {
        String answer = EvalData.text(record, "answer");
        return chainOfThought ? answer : "#### " + finalAnswer(answer);
    }

    private static String finalAnswer(String answer) {
        int mark = answer.lastIndexOf("#### ");
        if (mark < 0) {
            throw new IllegalArgumentException("an answer of gsm8k lacks \"#### \": " + answer);
        }
        return answer.substring(mark + "#### ".length()).strip();
    }

    private static @Nullable String first(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? matcher.group(1) : null;
    }

    private static @Nullable String last(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        String found = null;
        while (matcher.find()) {
            found = matcher.group();
        }
        return found;
    }

    /** Without what does not count: commas, dollar signs, a full stop at the end, the case of letters. */
    private static String number(@Nullable String found) {
        return found == null
                ? "[invalid]"
                : found.replaceAll("[,$]", "")
                        .replaceAll("\\.$", "")
                        .toLowerCase(Locale.ROOT)
                        .strip();
    }
}
