package dev.mynah.train.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import tools.jackson.databind.json.JsonMapper;

/**
 * A line chart over steps as an HTML figure with inline SVG; report.js shows values under the pointer.
 *
 * @param title what is shown
 * @param unit its unit, or how it is measured
 * @param fromZero whether the vertical axis begins at 0, which quantities such as a speed need to be judged
 * @param lastStep where the horizontal axis ends
 * @param curves drawn in order, the last on top; those without points are left out
 */
record Chart(String title, String unit, boolean fromZero, int lastStep, List<Curve> curves) {
    private static final int WIDTH = 480;
    private static final int HEIGHT = 264;
    private static final int LEFT = 52;
    private static final int RIGHT = 12;
    private static final int TOP = 10;
    private static final int BOTTOM = 40;
    private static final int MAX_POINTS = 600;

    /** How a curve is drawn. */
    enum Style {
        /** A thin, pale line behind the others. */
        FAINT,
        LINE,
        /** A line with a dot at each value, for few of them. */
        DOTS
    }

    /**
     * One curve.
     *
     * @param colour number of its colour, 1 to 4
     */
    record Curve(String label, Series series, Style style, int colour) {}

    String html() {
        List<Curve> drawn = curves.stream()
                .filter(curve -> !curve.series().isEmpty())
                .map(curve ->
                        new Curve(curve.label(), curve.series().thinned(MAX_POINTS), curve.style(), curve.colour()))
                .toList();
        if (drawn.isEmpty()) {
            return "";
        }
        Axis x = Axis.over(0, lastStep, 5);
        Axis y = vertical(drawn);
        return """
                <figure class="chart" data-plot="%s">
                <figcaption><b>%s</b> <span>%s</span>%s</figcaption>
                <svg viewBox="0 0 %s %s" role="img" aria-label="%s">
                %s</svg>
                </figure>
                """.formatted(
                        Html.escape(data(drawn, x, y)),
                        Html.escape(title),
                        Html.escape(unit),
                        legend(drawn),
                        WIDTH,
                        HEIGHT,
                        Html.escape(title + " over steps"),
                        grid(x, y) + lines(drawn, x, y));
    }

    /**
     * From the smallest value to the largest; a few far outliers are cut off, so that they do not press the rest flat.
     */
    private Axis vertical(List<Curve> curves) {
        double[] values = curves.stream()
                .flatMapToDouble(curve -> DoubleStream.of(curve.series().values()))
                .sorted()
                .toArray();
        double low = values[0];
        double usual = values[(int) (0.98 * (values.length - 1))];
        double high = Math.min(values[values.length - 1], usual > low ? usual + 2 * (usual - low) : Double.MAX_VALUE);
        return Axis.over(fromZero ? Math.min(0, low) : low, high, 4).widened();
    }

    // Every number below is formatted with %s, which has a decimal point in every locale.

    private static String grid(Axis x, Axis y) {
        StringBuilder out = new StringBuilder();
        for (double tick : y.ticks()) {
            out.append("<line class=\"grid\" x1=\"%s\" x2=\"%s\" y1=\"%s\" y2=\"%s\"/>\n"
                    .formatted(LEFT, WIDTH - RIGHT, top(y, tick), top(y, tick)));
            out.append(text(LEFT - 7, top(y, tick) + 4, "end", label(y, tick)));
        }
        for (double tick : x.ticks()) {
            out.append(text(left(x, tick), HEIGHT - BOTTOM + 17, "middle", label(x, tick)));
        }
        return out + text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 5, "middle", "step");
    }

    private static String text(double x, double y, String anchor, String text) {
        return "<text class=\"tick\" x=\"%s\" y=\"%s\" text-anchor=\"%s\">%s</text>\n".formatted(x, y, anchor, text);
    }

    /** All ticks of an axis in one form, so that they can be compared at a glance. */
    private static String label(Axis axis, double tick) {
        double largest = Math.max(Math.abs(axis.low()), Math.abs(axis.high()));
        if (tick == 0) {
            return "0";
        }
        if (largest < 0.01) {
            return String.format(Locale.ROOT, "%.1e", tick).replace(".0e", "e").replaceAll("e-0*", "e-");
        }
        return largest >= 1000 ? Numbers.shortened(tick) : Numbers.plain(tick);
    }

    private static String lines(List<Curve> curves, Axis x, Axis y) {
        StringBuilder out = new StringBuilder();
        for (Curve curve : curves) {
            Series series = curve.series();
            boolean dots = curve.style() == Style.DOTS || series.steps().length == 1;
            StringBuilder points = new StringBuilder();
            StringBuilder circles = new StringBuilder();
            for (int i = 0; i < series.steps().length; i++) {
                double px = left(x, series.steps()[i]);
                double py = Math.clamp(top(y, series.values()[i]), TOP, HEIGHT - BOTTOM);
                points.append(px).append(',').append(py).append(' ');
                if (dots) {
                    circles.append("<circle class=\"dot c%s\" r=\"3\" cx=\"%s\" cy=\"%s\"/>\n"
                            .formatted(curve.colour(), px, py));
                }
            }
            out.append("<polyline class=\"curve %s c%s\" points=\"%s\"/>\n"
                    .formatted(styleClass(curve), curve.colour(), points));
            out.append(circles);
        }
        return out.toString();
    }

    private static String styleClass(Curve curve) {
        return curve.style().name().toLowerCase(Locale.ROOT);
    }

    private static String legend(List<Curve> curves) {
        if (curves.size() < 2) {
            return "";
        }
        return curves.stream()
                .map(curve -> "<i class=\"%s c%s\"></i>%s"
                        .formatted(styleClass(curve), curve.colour(), Html.escape(curve.label())))
                .collect(Collectors.joining("", "<span class=\"legend\">", "</span>"));
    }

    /** What report.js needs: the plot's box (left, top, right, bottom), its axes and the points. */
    private static String data(List<Curve> curves, Axis x, Axis y) {
        List<?> points = curves.stream()
                .map(curve -> Map.of(
                        "label",
                        curve.label(),
                        "colour",
                        curve.colour(),
                        "x",
                        curve.series().steps(),
                        "y",
                        rounded(curve.series().values())))
                .toList();
        return JsonMapper.shared()
                .writeValueAsString(Map.of(
                        "box", List.of(LEFT, TOP, WIDTH - RIGHT, HEIGHT - BOTTOM),
                        "x", List.of(x.low(), x.high()),
                        "y", List.of(y.low(), y.high()),
                        "curves", points));
    }

    private static double[] rounded(double[] values) {
        return Arrays.stream(values)
                .map(value -> new BigDecimal(value).round(new MathContext(5)).doubleValue())
                .toArray();
    }

    private static double left(Axis x, double step) {
        return tenths(LEFT + x.share(step) * (WIDTH - RIGHT - LEFT));
    }

    private static double top(Axis y, double value) {
        return tenths(HEIGHT - BOTTOM - y.share(value) * (HEIGHT - BOTTOM - TOP));
    }

    private static double tenths(double pixels) {
        return Math.round(10 * pixels) / 10.0;
    }
}
