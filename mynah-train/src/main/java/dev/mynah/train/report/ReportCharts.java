package dev.mynah.train.report;

import dev.mynah.train.report.Chart.Curve;
import dev.mynah.train.report.Chart.Style;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The charts of a report: those that every stage has, then one for each further field that a stage logs. */
final class ReportCharts {
    /** Steps to each side that the smoothed loss averages over. */
    static final int SMOOTHING = 20;

    /** Fields that charts below show, or that need no chart. */
    private static final Set<String> SHOWN =
            Set.of("loss", "val_loss", "val_bpb", "lr", "grad_norm", "tok_s", "mfu", "tokens", "time");

    private final History history;

    ReportCharts(History history) {
        this.history = history;
    }

    String html() {
        String charts = charts().stream().map(Chart::html).collect(Collectors.joining());
        if (charts.isEmpty()) {
            return "<h2>Curves</h2>\n<div class=\"card\">No step is done yet.</div>\n";
        }
        return "<h2>Curves</h2>\n<div class=\"charts\">\n" + charts + "</div>\n";
    }

    private List<Chart> charts() {
        Series loss = history.of("loss");
        List<Chart> charts = new ArrayList<>();
        charts.add(new Chart(
                "Loss",
                "nats a token",
                false,
                history.lastStep(),
                List.of(
                        new Curve("training", loss, Style.FAINT, 1),
                        new Curve("smoothed", loss.smoothed(SMOOTHING), Style.LINE, 1),
                        new Curve("validation", history.of("val_loss"), Style.DOTS, 2))));
        charts.add(single("Validation", "bits a byte", "val_bpb", false, Style.DOTS, 2));
        charts.add(single("Learning rate", "", "lr", true, Style.LINE, 3));
        charts.add(single("Gradient norm", "before clipping", "grad_norm", true, Style.LINE, 4));
        charts.add(single("Throughput", "tokens a second", "tok_s", true, Style.LINE, 1));
        charts.add(single("MFU", "share of the peak", "mfu", true, Style.LINE, 3));
        Set<String> further = new HashSet<>(history.series().keySet());
        further.removeAll(SHOWN);
        for (Map.Entry<String, Series> field : history.series().entrySet()) {
            if (further.contains(field.getKey())) {
                charts.add(single(title(field.getKey()), "", field.getKey(), false, Style.LINE, 1 + charts.size() % 4));
            }
        }
        return charts;
    }

    private Chart single(String title, String unit, String field, boolean fromZero, Style style, int colour) {
        return new Chart(
                title,
                unit,
                fromZero,
                history.lastStep(),
                List.of(new Curve(title.toLowerCase(Locale.ROOT), history.of(field), style, colour)));
    }

    private static String title(String field) {
        String words = field.replace('_', ' ');
        return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    }
}
