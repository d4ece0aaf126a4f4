package dev.mynah.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mynah.train.run.Sample;
import dev.mynah.train.run.StepMetrics;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ConsoleMonitorTest {
    private final StringWriter err = new StringWriter();

    private static StepMetrics metrics(int step) {
        return new StepMetrics(step, 3.41234, 1e-3, 0.5, 3120.4, 0.61, 4096, 1.5);
    }

    @Test
    void aSampleCannotCommandTheTerminal() {
        assertThat(ConsoleMonitor.text(new Sample(5, "a\n", "b\u001b[2Jc")))
                .isEqualTo("--- a text written after step 5 ---\na\nb\\x1B[2Jc\n---");
    }

    @Test
    void linesComeEveryFewSecondsAndAtTheEnd() {
        AtomicLong seconds = new AtomicLong();
        LineMonitor monitor = new LineMonitor(new PrintWriter(err), () -> seconds.get() * 1_000_000_000);
        for (int step = 1; step <= 12; step++) {
            monitor.step(metrics(step), 12, Duration.ofSeconds(12 - step));
            seconds.incrementAndGet();
        }

        assertThat(err.toString().lines())
                .containsExactly(
                        "step 1/12  loss 3.4123  lr 1.0e-03  3120 tok/s  mfu 61%  eta 0:11",
                        "step 6/12  loss 3.4123  lr 1.0e-03  3120 tok/s  mfu 61%  eta 0:06",
                        "step 11/12  loss 3.4123  lr 1.0e-03  3120 tok/s  mfu 61%  eta 0:01",
                        "step 12/12  loss 3.4123  lr 1.0e-03  3120 tok/s  mfu 61%  eta 0:00");
    }

    @Test
    void onATerminalABarIsRedrawnAndTheRestStandsAboveIt() {
        BarMonitor monitor = new BarMonitor(new PrintWriter(err), 100);
        monitor.preparing("Packing the corpus", 5, 10);
        monitor.step(metrics(3), 12, Duration.ofSeconds(90));
        monitor.notice("A notice");
        monitor.sample(new Sample(3, "Once", " upon"));
        monitor.close();

        assertThat(err.toString())
                .contains("Packing the corpus")
                .contains("\r\u001b[KA notice" + System.lineSeparator())
                .contains("Once upon\n");
        assertThat(err.toString().lines().reduce((first, last) -> last).orElse(""))
                .contains("Training", "3/12", "0:01:30", "loss 3.4123");
    }

    @Test
    void otherRanksAreSilent() {
        try (ConsoleMonitor monitor = ConsoleMonitor.of(new PrintWriter(err), false)) {
            monitor.notice("A notice");
            monitor.step(metrics(1), 12, Duration.ZERO);
        }

        assertThat(err.toString()).isEmpty();
    }
}
