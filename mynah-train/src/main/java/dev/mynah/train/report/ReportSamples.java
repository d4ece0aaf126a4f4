package dev.mynah.train.report;

import dev.mynah.train.run.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What the model wrote at each stage of its training, the newest first. */
final class ReportSamples {
    private static final int MOST_STEPS = 40;
    private static final int LONGEST = 4000;

    private final SequencedMap<Integer, List<Sample>> byStep = new TreeMap<>();

    ReportSamples(List<Sample> samples) {
        for (Sample sample : samples) {
            byStep.computeIfAbsent(sample.step(), _ -> new ArrayList<>()).add(sample);
        }
    }

    String html() {
        if (byStep.isEmpty()) {
            return "";
        }
        StringBuilder out = new StringBuilder("<h2>Samples</h2>\n<div class=\"card\">\n");
        for (int step : shownSteps()) {
            out.append("""
                    <details%s><summary>step %s</summary>
                    %s</details>
                    """.formatted(
                            step == byStep.lastEntry().getKey() ? " open" : "", Numbers.grouped(step), texts(step)));
        }
        return out.append("</div>\n").toString();
    }

    /** All steps, or, where there are many, the last, the first and some evenly between. */
    private List<Integer> shownSteps() {
        List<Integer> steps = new ArrayList<>(byStep.sequencedKeySet().reversed());
        if (steps.size() <= MOST_STEPS) {
            return steps;
        }
        List<Integer> shown = new ArrayList<>();
        for (int i = 0; i < MOST_STEPS; i++) {
            shown.add(steps.get((int) ((long) i * (steps.size() - 1) / (MOST_STEPS - 1))));
        }
        return shown;
    }

    private String texts(int step) {
        return byStep.getOrDefault(step, List.of()).stream()
                .map(sample -> "<p class=\"sample\"><b>%s</b>%s</p>\n"
                        .formatted(Html.escape(sample.prompt()), Html.escape(shortened(sample.text()))))
                .collect(Collectors.joining());
    }

    private static String shortened(String text) {
        return text.codePointCount(0, text.length()) <= LONGEST
                ? text
                : text.substring(0, text.offsetByCodePoints(0, LONGEST)) + " …";
    }
}
