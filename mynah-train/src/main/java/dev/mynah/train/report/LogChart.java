package dev.mynah.train.report;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/**
 * A chart whose horizontal axis counts powers of ten, as an HTML figure with inline SVG.
 *
 * @param title what is shown
 * @param unit its unit, or how it is measured
 * @param label of the horizontal axis
 * @param marks drawn in order, the last on top
 */
public record LogChart(String title, String unit, String label, List<Mark> marks) {
    private static final int WIDTH = 480;
    private static final int HEIGHT = 264;
    private static final int LEFT = 52;
    private static final int RIGHT = 12;
    private static final int TOP = 10;
    private static final int BOTTOM = 40;

    /** What a mark looks like. */
    public enum Style {
        /** A line through the points. */
        LINE,
        /** A dot at each point. */
        DOTS,
        /** The area that the points go around. */
        BAND
    }

    /**
     * Points that belong together.
     *
     * @param legend what they are, or empty for what needs no word
     * @param colour number of its colour, 1 to 4
     */
    public record Mark(String legend, List<Point> points, Style style, int colour) {}

    /** A point; {@code x} is above 0. */
    public record Point(double x, double y) {}

    /** The figure. */
    public String html() {
        Axis x = axis(DoubleStream.of(all(true)).map(Math::log10).toArray(), 6);
        Axis y = axis(all(false), 4).widened();
        return """
                <figure class="chart">
                <figcaption><b>%s</b> <span>%s</span>%s</figcaption>
                <svg viewBox="0 0 %s %s" role="img" aria-label="%s">
                %s%s</svg>
                </figure>
                """.formatted(
                        Html.escape(title),
                        Html.escape(unit),
                        legend(),
                        WIDTH,
                        HEIGHT,
                        Html.escape(title + " over " + label),
                        grid(x, y),
                        marks.stream().map(mark -> drawn(mark, x, y)).collect(Collectors.joining()));
    }

    private double[] all(boolean horizontal) {
        return marks.stream()
                .flatMap(mark -> mark.points().stream())
                .mapToDouble(point -> horizontal ? point.x() : point.y())
                .toArray();
    }

    private static Axis axis(double[] values, int ticks) {
        double low = DoubleStream.of(values).min().orElse(0);
        return Axis.over(low, DoubleStream.of(values).max().orElse(1), ticks);
    }

    private String grid(Axis x, Axis y) {
        StringBuilder out = new StringBuilder();
        for (double tick : y.ticks()) {
            double top = top(y, tick);
            out.append("<line class=\"grid\" x1=\"%s\" x2=\"%s\" y1=\"%s\" y2=\"%s\"/>\n"
                    .formatted(LEFT, WIDTH - RIGHT, top, top));
            out.append(text(LEFT - 7, top + 4, "end", Numbers.plain(tick)));
        }
        for (double tick : x.ticks()) {
            out.append(text(left(x, tick), HEIGHT - BOTTOM + 17, "middle", power(tick)));
        }
        return out + text((LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 5, "middle", Html.escape(label));
    }

    private static String power(double exponent) {
        return String.format(Locale.ROOT, "%.1e", Math.pow(10, exponent))
                .replace(".0e", "e")
                .replaceAll("e\\+?0*", "e");
    }

    private static String text(double x, double y, String anchor, String text) {
        return "<text class=\"tick\" x=\"%s\" y=\"%s\" text-anchor=\"%s\">%s</text>\n".formatted(x, y, anchor, text);
    }

    private static String drawn(Mark mark, Axis x, Axis y) {
        if (mark.style() == Style.DOTS) {
            return mark.points().stream()
                    .map(point -> "<circle class=\"dot c%s\" r=\"3\" cx=\"%s\" cy=\"%s\"/>\n"
                            .formatted(mark.colour(), left(x, Math.log10(point.x())), top(y, point.y())))
                    .collect(Collectors.joining());
        }
        String points = mark.points().stream()
                .map(point -> left(x, Math.log10(point.x())) + "," + top(y, point.y()))
                .collect(Collectors.joining(" "));
        return mark.style() == Style.BAND
                ? "<polygon class=\"band c%s\" points=\"%s\"/>\n".formatted(mark.colour(), points)
                : "<polyline class=\"curve line c%s\" points=\"%s\"/>\n".formatted(mark.colour(), points);
    }

    private String legend() {
        return marks.stream()
                .filter(mark -> !mark.legend().isEmpty())
                .map(mark -> "<i class=\"c%s\"></i>%s".formatted(mark.colour(), Html.escape(mark.legend())))
                .collect(Collectors.joining("", "<span class=\"legend\">", "</span>"));
    }

    private static double left(Axis x, double value) {
        return tenths(LEFT + x.share(value) * (WIDTH - RIGHT - LEFT));
    }

    private static double top(Axis y, double value) {
        return tenths(HEIGHT - BOTTOM - y.share(value) * (HEIGHT - BOTTOM - TOP));
    }

    private static double tenths(double pixels) {
        return Math.round(10 * pixels) / 10.0;
    }
}
