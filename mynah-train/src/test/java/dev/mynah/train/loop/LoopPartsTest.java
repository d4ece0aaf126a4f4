package dev.mynah.train.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class LoopPartsTest {
    @Test
    void aLossThatIsNoNumberIsAProblemFromTheFirstStep() {
        SpikeDetector detector = SpikeDetector.fresh(0, 4);
        assertThat(detector.problem(3, Double.NaN, 1)).isEqualTo("The loss of step 3 is NaN");
        assertThat(detector.problem(3, Double.POSITIVE_INFINITY, 1)).isEqualTo("The loss of step 3 is Infinity");
        assertThat(detector.problem(3, 1, Double.NaN)).isEqualTo("The norm of the gradients of step 3 is NaN");
        assertThat(detector.problem(3, 1e9, 1e9)).isNull();
    }

    @Test
    void aSpikeIsMeasuredAgainstTheMedianOfTheWindow() {
        SpikeDetector detector = SpikeDetector.fresh(2, 4);
        for (double loss : new double[] {100, 3, 1, 2}) {
            assertThat(detector.problem(1, 1e6, 1)).isNull();
            detector = detector.after(loss);
        }
        assertThat(detector.problem(5, 5.0, 1)).isNull();
        assertThat(detector.problem(5, 5.1, 1))
                .isEqualTo("The loss of step 5 is 5.1000, more than 2.0 times the median 2.5000 of the 4 steps before");
        detector = detector.after(2);
        assertThat(detector.recent()).containsExactly(3.0, 1.0, 2.0, 2.0);
        assertThat(detector.problem(6, 4.1, 1)).isNotNull();
    }

    @Test
    void throughputIsThatOfTheLastStepsWithoutPauses() {
        AtomicLong nanos = new AtomicLong(5_000_000_000L);
        Throughput throughput = new Throughput(nanos::get, 2, new TrainingState(3, 700, 9, List.of()));
        assertThat(throughput.tokensPerSecond()).isZero();
        assertThat(throughput.eta(2)).isZero();
        for (long milliseconds : new long[] {8_000, 1_000, 1_000}) {
            nanos.addAndGet(1_000_000 * milliseconds);
            throughput.add(500);
        }
        assertThat(throughput.tokensPerSecond()).isEqualTo(500);
        assertThat(throughput.eta(2)).isEqualTo(Duration.ofSeconds(2));
        nanos.addAndGet(60_000_000_000L);
        throughput.skipPause();
        nanos.addAndGet(1_000_000_000L);
        throughput.add(500);
        assertThat(throughput.tokensPerSecond()).isEqualTo(500);
        assertThat(throughput.tokens()).isEqualTo(700 + 4 * 500);
        assertThat(throughput.seconds()).isEqualTo(9 + 8 + 1 + 1 + 60 + 1);
    }
}
