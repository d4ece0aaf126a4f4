package dev.mynah.train.report;

import dev.mynah.train.run.StepLog;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import tools.jackson.databind.JsonNode;

/**
 * Everything numeric in a run's {@code metrics.jsonl}, one series a field, in the order in which fields first appear.
 */
record History(SequencedMap<String, Series> series, int lastStep) {
    private static final Series NONE = new Series(new int[0], new double[0]);

    private record Point(int step, double value) {}

    static History read(Path metrics) throws IOException {
        Map<String, List<Point>> points = new LinkedHashMap<>();
        int[] last = {0};
        StepLog.forEach(metrics, line -> {
            int step = line.path("step").asInt();
            last[0] = Math.max(last[0], step);
            for (Map.Entry<String, JsonNode> field : line.properties()) {
                if (field.getValue().isNumber() && !field.getKey().equals("step")) {
                    points.computeIfAbsent(field.getKey(), _ -> new ArrayList<>())
                            .add(new Point(step, field.getValue().asDouble()));
                }
            }
        });
        SequencedMap<String, Series> series = new LinkedHashMap<>();
        points.forEach((name, list) -> series.put(name, series(list)));
        return new History(series, last[0]);
    }

    /** The series of a field; empty where no line has it. */
    Series of(String field) {
        return series.getOrDefault(field, NONE);
    }

    private static Series series(List<Point> points) {
        return new Series(
                points.stream().mapToInt(Point::step).toArray(),
                points.stream().mapToDouble(Point::value).toArray());
    }
}
