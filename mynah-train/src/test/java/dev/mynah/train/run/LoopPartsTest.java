package dev.mynah.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LoopPartsTest {
    @Test
    void aLossThatIsNoNumberIsAProblemFromTheFirstStep() {
        SpikeDetector detector = SpikeDetector.fresh(0, 4);
        assertThat(detector.problem(3, Double.NaN)).isEqualTo("The loss of step 3 is NaN");
        assertThat(detector.problem(3, Double.POSITIVE_INFINITY)).isEqualTo("The loss of step 3 is Infinity");
        assertThat(detector.problem(3, 1e9)).isNull();
    }

    @Test
    void aSpikeIsMeasuredAgainstTheMedianOfTheWindow() {
        SpikeDetector detector = SpikeDetector.fresh(2, 4);
        for (double loss : new double[] {100, 3, 1, 2}) {
            assertThat(detector.problem(1, 1e6)).isNull();
            detector = detector.after(loss);
        }
        assertThat(detector.problem(5, 5.0)).isNull();
        assertThat(detector.problem(5, 5.1))
                .isEqualTo("The loss of step 5 is 5.1000, more than 2.0 times the median 2.5000 of the 4 steps before");
        detector = detector.after(2);
        assertThat(detector.recent()).containsExactly(3.0, 1.0, 2.0, 2.0);
        assertThat(detector.problem(6, 4.1)).isNotNull();
    }

    @Test
    void throughputIsThatOfTheLastStepsWithoutPauses() {
        AtomicLong nanos = new AtomicLong(5_000_000_000L);
        Throughput throughput = new Throughput(nanos::get, 2);
        assertThat(throughput.tokensPerSecond()).isZero();
        assertThat(throughput.eta(1000)).isZero();
        for (long milliseconds : new long[] {8_000, 1_000, 1_000}) {
            nanos.addAndGet(1_000_000 * milliseconds);
            throughput.add(500);
        }
        assertThat(throughput.tokensPerSecond()).isEqualTo(500);
        assertThat(throughput.eta(1000)).isEqualTo(Duration.ofSeconds(2));
        nanos.addAndGet(60_000_000_000L);
        throughput.skipPause();
        nanos.addAndGet(1_000_000_000L);
        throughput.add(500);
        assertThat(throughput.tokensPerSecond()).isEqualTo(500);
    }

    @Test
    void costIsToldInTheUnitsOfTheField() {
        Cost gpt3 = new Cost(3.14e23, 3600, 500);
        assertThat(gpt3.pfDays()).isCloseTo(3634, within(1.0));
        assertThat(gpt3.kWh()).isEqualTo(0.5);
    }

    @Test
    void powerIsAsConfiguredOrAnAssumptionThatSaysSo() {
        assertThat(Power.of(65.0, 0, 2)).isEqualTo(new Power(65, "as configured"));
        assertThat(Power.of(null, 0, 2).watts()).isEqualTo(20);
        assertThat(Power.of(null, 4, 2).watts()).isEqualTo(2800);
        assertThat(Power.of(null, 4, 2).source()).startsWith("assumed: ");
    }

    @Test
    void theMachineIsReadFromProc(@TempDir Path proc) throws IOException {
        Files.write(
                proc.resolve("cpuinfo"),
                List.of("processor\t: 0", "model name\t: Some CPU @ 3 GHz", "model name\t: other"));
        Files.write(proc.resolve("meminfo"), List.of("MemTotal:       24540704 kB", "MemFree: 1 kB"));
        MachineInfo machine = MachineInfo.detect(proc);
        assertThat(machine.cpu()).isEqualTo("Some CPU @ 3 GHz");
        assertThat(machine.memoryBytes()).isEqualTo(24540704L * 1024);
        assertThat(machine.cores()).isPositive();
        MachineInfo elsewhere = MachineInfo.detect(proc.resolve("none"));
        assertThat(elsewhere.cpu()).isEqualTo(System.getProperty("os.arch"));
        assertThat(elsewhere.memoryBytes()).isNull();
    }
}
