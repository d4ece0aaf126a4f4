package dev.mynah.train.report;

import dev.mynah.files.Digests;
import dev.mynah.train.run.Cost;
import dev.mynah.train.run.RunInfo;
import dev.mynah.train.run.RunInfo.DataSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A report as one HTML page without a single outside request; the page's own policy forbids them. */
final class ReportPage {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final Report report;
    private final RunInfo info;
    private final History history;

    ReportPage(Report report) {
        this.report = report;
        this.info = report.info();
        this.history = report.history();
    }

    String html() {
        String script = Html.resource("report.js");
        return """
                <!doctype html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta http-equiv="Content-Security-Policy"
                  content="default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-%s'">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <title>%s</title>
                <style>
                %s</style>
                </head>
                <body>
                <main>
                %s</main>
                <script>%s</script>
                </body>
                </html>
                """.formatted(
                        Digests.base64(script), Html.escape(info.name()), Html.resource("report.css"), body(), script);
    }

    private String body() {
        return header() + notice() + tiles() + new ReportCharts(history).html()
                + new ReportSamples(report.samples()).html()
                + data() + details() + method()
                + "<footer>Written by Mynah. This file makes no request to any other.</footer>\n";
    }

    private String header() {
        String ended = info.ended() == null ? "" : ", ended " + TIME.format(info.ended());
        return """
                <header><h1>%s</h1><span class="status %s">%s</span>
                <p>%s · %s parameters · started %s%s</p></header>
                """.formatted(
                        Html.escape(info.name()),
                        statusClass(),
                        statusText(),
                        Html.escape(info.stage()),
                        Numbers.shortened((double) info.parameters()),
                        TIME.format(info.started()),
                        ended);
    }

    private String statusText() {
        if (report.brokenOff()) {
            return "broken off";
        }
        return info.status() == RunInfo.Status.RUNNING
                ? "in progress"
                : info.status().name().toLowerCase(Locale.ROOT);
    }

    private String statusClass() {
        return switch (info.status()) {
            case RUNNING -> report.brokenOff() ? "bad" : "busy";
            case FINISHED -> "good";
            case STOPPED, FAILED -> "bad";
        };
    }

    private String notice() {
        boolean atWork = info.status() == RunInfo.Status.RUNNING && !report.brokenOff();
        String text = noticeText();
        return text.isEmpty()
                ? ""
                : "<p class=\"notice%s\">%s</p>\n".formatted(atWork ? " busy" : "", Html.escape(text));
    }

    private String noticeText() {
        long percent = Math.round(100.0 * history.lastStep() / info.steps());
        String progress = progress() + " (" + percent + " %)";
        if (report.brokenOff()) {
            return "The run broke off at step " + progress + ". It goes on from its last checkpoint with --resume.";
        }
        return switch (info.status()) {
            case FINISHED -> "";
            case RUNNING -> "The run was at step " + progress + " when this report was written.";
            case STOPPED, FAILED ->
                "The run ended at step " + progress + ". " + (info.message() == null ? "" : info.message() + ".");
        };
    }

    /** The steps done and planned: {@code "400 of 2,000"}. */
    private String progress() {
        return Numbers.grouped(history.lastStep()) + " of " + Numbers.grouped(info.steps());
    }

    private String tiles() {
        Series bpb = history.of("val_bpb");
        Series loss = history.of("loss");
        List<String> tiles = new ArrayList<>();
        if (!bpb.isEmpty()) {
            tiles.add(
                    tile("Validation bits a byte", Numbers.plain(bpb.last()), "best " + Numbers.plain(bpb.smallest())));
        }
        if (!loss.isEmpty()) {
            tiles.add(tile(
                    "Training loss",
                    Numbers.plain(loss.smoothed(ReportCharts.SMOOTHING).last()),
                    "nats a token, smoothed"));
        }
        tiles.add(tile("Tokens trained on", Numbers.shortened(tokens()), "in " + progress() + " steps"));
        Series speed = history.of("tok_s");
        if (!speed.isEmpty()) {
            tiles.add(tile("Tokens a second", Numbers.grouped(Math.round(speed.median())), "median of all steps"));
        }
        Series mfu = history.of("mfu");
        if (!mfu.isEmpty() && info.peakFlops() != null) {
            tiles.add(tile(
                    "MFU",
                    Numbers.percent(mfu.median()),
                    "of " + Numbers.withUnit(info.peakFlops(), "FLOP/s") + ", median"));
        }
        tiles.add(tile("Training time", Numbers.duration(seconds()), "interruptions left out"));
        tiles.add(tile(
                "FLOPs", Numbers.scientific(cost().flops()), Numbers.scientific(cost().pfDays()) + " petaflop/s-days"));
        tiles.add(tile(
                "Energy, estimated", Numbers.plain(cost().kWh()) + " kWh", "at " + Numbers.plain(info.watts()) + " W"));
        return "<div class=\"tiles\">\n" + String.join("", tiles) + "</div>\n";
    }

    /** {@code value} and {@code note} are HTML. */
    private static String tile(String name, String value, String note) {
        return "<div class=\"tile\"><span>%s</span><b>%s</b><small>%s</small></div>\n".formatted(name, value, note);
    }

    private double tokens() {
        Series tokens = history.of("tokens");
        return tokens.isEmpty() ? 0 : tokens.last();
    }

    private double seconds() {
        Series time = history.of("time");
        return time.isEmpty() ? 0 : time.last();
    }

    private Cost cost() {
        return new Cost(info.flopsPerToken() * tokens(), seconds(), info.watts());
    }

    private String data() {
        if (info.data().isEmpty()) {
            return "";
        }
        StringBuilder rows = new StringBuilder("<tr><th>name<th>source<th>licence" + numberHead("documents")
                + numberHead("size") + numberHead("training tokens") + numberHead("validation tokens")
                + numberHead("left out") + "</tr>\n");
        for (DataSource source : info.data()) {
            rows.append("<tr><td>%s<td>%s<td>%s"
                            .formatted(Html.escape(source.name()), orDash(source.source()), orDash(source.licence())))
                    .append(number(Numbers.grouped(source.documents())))
                    .append(number(Numbers.bytes(source.bytes())))
                    .append(number(Numbers.grouped(source.trainTokens())))
                    .append(number(Numbers.grouped(source.validationTokens())))
                    .append(number(Numbers.grouped(source.dropped())))
                    .append("</tr>\n");
        }
        return "<h2>Data</h2>\n<div class=\"card\"><table>\n" + rows + "</table></div>\n";
    }

    private static String numberHead(String name) {
        return "<th class=\"number\">" + name;
    }

    private static String number(String value) {
        return "<td class=\"number\">" + value;
    }

    private static String orDash(@Nullable String text) {
        return text == null ? "–" : Html.escape(text);
    }

    private String details() {
        String config = report.config().isBlank()
                ? ""
                : """
                <section><h2>Configuration</h2>
                <div class="card"><pre>%s</pre></div></section>
                """.formatted(Html.escape(report.config().strip()));
        return "<div class=\"pair\">\n" + config + environment() + "</div>\n";
    }

    private String environment() {
        Long memory = info.machine().memoryBytes();
        String rows = row("processor", info.machine().cpu())
                + row("cores", String.valueOf(info.machine().cores()))
                + row("memory", memory == null ? "unknown" : Numbers.bytes(memory))
                + row("device", info.device())
                + row("number format", info.dtype())
                + row("processes", String.valueOf(info.ranks()))
                + row("system", info.machine().os())
                + row("Java", info.machine().java());
        return "<section><h2>Environment</h2>\n<div class=\"card\"><table>\n" + rows + "</table></div></section>\n";
    }

    private static String row(String name, String value) {
        return "<tr><th>%s<td>%s</tr>\n".formatted(name, Html.escape(value));
    }

    private String method() {
        Function<String, String> text = Html::escape;
        String peak = info.peakFlops() == null
                ? "No peak speed of this machine is known, so none is given."
                : "FLOPs a token × tokens a second ÷ the machine's peak of %s (%s)."
                        .formatted(
                                Numbers.withUnit(info.peakFlops(), "FLOP/s"),
                                text.apply(Objects.requireNonNullElse(info.peakSource(), "source unknown")));
        return """
                <h2>How these numbers were made</h2>
                <div class="card"><dl>
                <dt>Bits a byte</dt>
                <dd>Cross-entropy of the validation documents in bits, divided by their length in bytes of UTF-8:
                comparable between tokenizers.</dd>
                <dt>FLOPs</dt>
                <dd>%s a token, forward and backward, × %s tokens = %s. Only the model's own operations count.</dd>
                <dt>Petaflop/s-days</dt>
                <dd>FLOPs ÷ (10<sup>15</sup> × 86,400 s): days of a machine that reaches one petaflop/s.
                GPT-3 took 3,640.</dd>
                <dt>MFU</dt><dd>%s</dd>
                <dt>Energy</dt><dd>%s W (%s) × %s = %s kWh. Nothing was measured at the socket.</dd>
                </dl></div>
                """.formatted(
                        Numbers.scientific(info.flopsPerToken()),
                        Numbers.grouped(Math.round(tokens())),
                        Numbers.scientific(cost().flops()),
                        peak,
                        Numbers.plain(info.watts()),
                        text.apply(info.wattsSource()),
                        Numbers.duration(seconds()),
                        Numbers.plain(cost().kWh()));
    }
}
