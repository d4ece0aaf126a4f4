package dev.mynah.train.scaling;

import dev.mynah.train.report.Html;
import dev.mynah.train.report.LogChart;
import dev.mynah.train.report.LogChart.Mark;
import dev.mynah.train.report.LogChart.Point;
import dev.mynah.train.report.LogChart.Style;
import dev.mynah.train.scaling.ScalingFit.Interval;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToDoubleFunction;

/** A fitted law and its runs as one HTML page without a request to any other. */
public final class ScalingPage {

    private static final int POINTS = 60;

    private final ScalingFit fit;
    private final LossLaw law;

    public ScalingPage(ScalingFit fit) {
        this.fit = fit;
        this.law = fit.law();
    }

    /** The page. */
    public String html() {
        String charts = chart(
                        "Loss against compute",
                        "nats a token; the line is the lowest loss for the operations spent",
                        "FLOPs",
                        MeasuredRun::flops,
                        MeasuredRun::loss,
                        LossLaw::bestLoss)
                + chart(
                        "Loss against parameters",
                        "nats a token, with endless data",
                        "parameters",
                        MeasuredRun::parameters,
                        run -> run.loss() - law.dataTerm(run.tokens()),
                        (some, size) -> some.irreducible() + some.sizeTerm(size))
                + chart(
                        "Loss against data",
                        "nats a token, with an endless model",
                        "tokens",
                        MeasuredRun::tokens,
                        run -> run.loss() - law.sizeTerm(run.parameters()),
                        (some, tokens) -> some.irreducible() + some.dataTerm(tokens));
        return """
                <!doctype html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <title>Scaling law</title>
                <style>
                %s</style>
                </head>
                <body>
                <main>
                <h1>Scaling law of %d runs</h1>
                <p>L(N, D) = E + A / N<sup>α</sup> + B / D<sup>β</sup>, nats a token (Hoffmann et al. 2022). Bands and brackets hold nine tenths of %d fits
                to runs drawn with replacement.</p>
                <div class="charts">
                %s</div>
                <h2>The law</h2>
                %s<h2>The runs</h2>
                %s</main>
                </body>
                </html>
                """.formatted(
                Html.resource("report.css"), fit.runs().size(), fit.resampled().size(), charts, numbers(), runs());
    }

    private String chart(
            String title,
            String unit,
            String label,
            ToDoubleFunction<MeasuredRun> x,
            ToDoubleFunction<MeasuredRun> y,
            ToDoubleBiFunction<LossLaw, Double> curve) {
        double low = fit.runs().stream().mapToDouble(x).min().orElseThrow();
        double high = fit.runs().stream().mapToDouble(x).max().orElseThrow();
        List<Point> line = new ArrayList<>();
        List<Point> above = new ArrayList<>();
        List<Point> below = new ArrayList<>();
        for (int i = 0; i <= POINTS; i++) {
            double at = low * Math.pow(high / low, (double) i / POINTS);
            Interval interval = fit.interval(some -> curve.applyAsDouble(some, at));
            line.add(new Point(at, curve.applyAsDouble(law, at)));
            above.add(new Point(at, interval.high()));
            below.add(new Point(at, interval.low()));
        }
        Collections.reverse(below);
        above.addAll(below);
        List<Point> dots = fit.runs().stream()
                .map(run -> new Point(x.applyAsDouble(run), y.applyAsDouble(run)))
                .toList();
        return new LogChart(
                        title,
                        unit,
                        label,
                        List.of(
                                new Mark("", above, Style.BAND, 1),
                                new Mark("law", line, Style.LINE, 1),
                                new Mark("runs", dots, Style.DOTS, 2)))
                .html();
    }

    private String numbers() {
        return "<div class=\"card\"><table>\n"
                + row("E, what no model gets below", LossLaw::irreducible)
                + row("A", LossLaw::sizeFactor)
                + row("α, exponent of parameters", LossLaw::sizeExponent)
                + row("B", LossLaw::dataFactor)
                + row("β, exponent of data", LossLaw::dataExponent)
                + row("exponent of compute, αβ / (α + β)", LossLaw::computeExponent)
                + row("best size grows with compute to the", LossLaw::bestSizeExponent)
                + "</table></div>\n";
    }

    private String row(String name, ToDoubleFunction<LossLaw> number) {
        Interval interval = fit.interval(number);
        return String.format(
                Locale.ROOT,
                "<tr><th>%s<td class=\"number\">%.4g<td>[%.4g, %.4g]</tr>%n",
                name,
                number.applyAsDouble(law),
                interval.low(),
                interval.high());
    }

    private String runs() {
        StringBuilder table = new StringBuilder(
                "<div class=\"card\"><table>\n<tr><th>run<th>parameters<th>tokens<th>loss<th>by the law</tr>\n");
        for (MeasuredRun run : fit.runs()) {
            table.append(String.format(
                    Locale.ROOT,
                    "<tr><td>%s<td class=\"number\">%.4g<td class=\"number\">%.4g<td class=\"number\">%.4f<td class=\"number\">%.4f</tr>%n",
                    Html.escape(run.name()),
                    run.parameters(),
                    run.tokens(),
                    run.loss(),
                    law.loss(run.parameters(), run.tokens())));
        }
        return table.append("</table></div>\n").toString();
    }
}
