package dev.mynah.train.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mynah.train.run.RunFiles;
import dev.mynah.train.run.RunInfo.Status;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;
import org.xml.sax.helpers.DefaultHandler;

final class ReportTest {
    @TempDir
    Path root;

    private static String report(RunFiles run) throws IOException {
        return report(run, false);
    }

    private static String report(RunFiles run, boolean atWork) throws IOException {
        Report.write(run, atWork);
        return Files.readString(run.report());
    }

    @Test
    void aFinishedRunIsToldInFull() throws Exception {
        String html = report(DemoRun.write(root, Status.FINISHED, 2000));
        assertThat(html)
                .contains(
                        "First words",
                        "finished",
                        "8.19M",
                        "Validation bits a byte",
                        "vocab_size: 4096",
                        "AMD EPYC",
                        "CC0-1.0")
                // 2000 steps x 4096 tokens x 8.5e7 FLOPs = 6.96e14 FLOPs; 2576 s at 65 W = 0.0465 kWh
                .contains(
                        "6.96 × 10<sup>14</sup>",
                        "8.06 × 10<sup>-6</sup> petaflop/s-days",
                        "0.0465 kWh",
                        "42 min 56 s");
        assertThat(html.length()).isLessThan(400_000);
    }

    @Test
    void nothingIsFetchedAndNothingForeignRuns() throws IOException {
        String html = report(DemoRun.write(root, Status.FINISHED, 400));
        assertThat(html)
                .doesNotContain("<script>alert")
                .contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;x&quot; \uFFFD");
        assertThat(html).doesNotContain("src=", "href=", "url(", "@import").contains("default-src 'none'");
    }

    @Test
    void everyChartIsWellFormed() throws Exception {
        String html = report(DemoRun.write(root, Status.FINISHED, 2000));
        Matcher charts = Pattern.compile("<svg.*?</svg>", Pattern.DOTALL).matcher(html);
        int count = 0;
        while (charts.find()) {
            assertThat(charts.group()).doesNotContain("NaN", "Infinity");
            javax.xml.parsers.SAXParserFactory.newInstance()
                    .newSAXParser()
                    .parse(new InputSource(new StringReader(charts.group())), new DefaultHandler());
            count++;
        }
        assertThat(count).isEqualTo(6);
    }

    @Test
    void aRunAtWorkAndOneThatBrokeOffAreToldApart() throws IOException {
        RunFiles run = DemoRun.write(root, Status.RUNNING, 500);
        assertThat(report(run, true)).contains("in progress", "step 500 of 2,000 (25 %) when this report was written");
        assertThat(report(run)).contains("broken off", "The run broke off at step 500 of 2,000 (25 %)", "--resume");
    }

    @Test
    void aStoppedRunSaysWhy() throws IOException {
        assertThat(report(DemoRun.write(root, Status.STOPPED, 900))).contains("The loss of step 900 is NaN");
    }

    @Test
    void aRunThatHasOnlyBegunIsReportedToo() throws IOException {
        RunFiles run = DemoRun.write(root, Status.RUNNING, 0);
        assertThat(report(run)).contains("No step is done yet.");
        Files.delete(run.metrics());
        Files.delete(run.samples());
        Files.delete(run.config());
        assertThat(report(run)).contains("No step is done yet.");
        Files.writeString(
                run.metrics(),
                "{\"step\":1,\"loss\":\"NaN\"}\n{\"step\":1,\"loss\":3,\"reward\":0.5}\n{\"step\":2,\"lo");
        assertThat(report(run)).contains("<b>Loss</b>", "<b>Reward</b>").doesNotContain("<b>Throughput</b>");
    }

    @Test
    void aFolderWithoutARunIsRefused() {
        assertThatThrownBy(() -> Report.write(new RunFiles(root), false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(root + " holds no run: run.json is missing");
    }
}
