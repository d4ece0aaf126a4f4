package dev.mynah.train.recipe;

import dev.mynah.train.config.PoetConfig;
import dev.mynah.train.report.Html;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** The recipe's report: what each stage scored, and what each answered, side by side. One HTML page without a request to any other. */
final class PoetReport {

    private final List<ExamResult> results;
    private final PoetConfig config;

    PoetReport(List<ExamResult> results, PoetConfig config) {
        this.results = results;
        this.config = config;
    }

    String html() {
        return """
                <!doctype html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <title>The poet, stage by stage</title>
                <style>
                %s</style>
                </head>
                <body>
                <main>
                <h1>The poet, stage by stage</h1>
                <p>%d held-out prompts of each kind, asked in words that no stage has seen. Every answer is one sample at temperature %s; only
                best of %d lets the reward model choose. Rules are checked by program.</p>
                %s
                <h2>Answers side by side</h2>
                %s</main>
                </body>
                </html>
                """.formatted(
                        Html.resource("report.css"),
                        config.exam(),
                        config.samplingTemperature(),
                        config.bestOf(),
                        scores(),
                        examples());
    }

    private String scores() {
        StringBuilder table = new StringBuilder("<div class=\"card\"><table>\n<tr><th>");
        results.forEach(result -> table.append("<th class=\"number\">").append(Html.escape(result.stage())));
        table.append("</tr>\n")
                .append(row("Form as asked for", result -> percent(result.form())))
                .append(row("Even lines rhyme", result -> percent(result.rhyme())))
                .append(row("On the theme", result -> percent(result.theme())))
                .append(row("Copied (most lines stand in the corpus)", result -> percent(result.copied())))
                .append(row("All rules at once", result -> percent(result.allRules())))
                .append(row("No character more than twice", result -> percent(result.varied())))
                .append(row("Follow-ups, all rules", result -> percent(result.followUps())))
                .append(row("Harmful prompts refused", result -> percent(result.refused())))
                .append(row("Harmless prompts refused", result -> percent(result.harmlessRefused())))
                .append(row("Distinct pairs of characters", result -> percent(result.distinct2())))
                .append(row("Reward, by the reward model", result -> number(result.reward())))
                .append(row("KL from SFT, nats an answer", result -> result.kl() == null ? "–" : number(result.kl())));
        return table.append("</table></div>\n").toString();
    }

    private String row(String name, Function<ExamResult, String> value) {
        StringBuilder row = new StringBuilder("<tr><th>").append(name);
        results.forEach(result -> row.append("<td class=\"number\">").append(value.apply(result)));
        return row.append("</tr>\n").toString();
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    private String examples() {
        StringBuilder html = new StringBuilder();
        for (int i = 0; i < results.getFirst().examples().size(); i++) {
            html.append("<div class=\"card\"><pre><b>")
                    .append(Html.escape(results.getFirst().examples().get(i).asked()))
                    .append("</b></pre><table>\n<tr>");
            results.forEach(result -> html.append("<th>").append(Html.escape(result.stage())));
            html.append("</tr>\n<tr>");
            for (ExamResult result : results) {
                html.append("<td><pre>")
                        .append(Html.escape(result.examples().get(i).answer()))
                        .append("</pre>");
            }
            html.append("</tr>\n</table></div>\n");
        }
        return html.toString();
    }
}
