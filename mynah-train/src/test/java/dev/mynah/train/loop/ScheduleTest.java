package dev.mynah.train.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mynah.train.config.TrainSection.Decay;
import dev.mynah.train.config.TrainSection.ScheduleKind;
import org.junit.jupiter.api.Test;

final class ScheduleTest {
    private static Schedule schedule(ScheduleKind kind, Decay decay) {
        return new Schedule(kind, decay, 1e-3, 0.1, 10, 40, 110);
    }

    private static void expect(Schedule schedule, int step, double rate) {
        assertThat(schedule.at(step)).as("step " + step).isCloseTo(rate, within(1e-15));
    }

    @Test
    void everyScheduleRisesInAStraightLine() {
        for (ScheduleKind kind : ScheduleKind.values()) {
            expect(schedule(kind, Decay.LINEAR), 1, 1e-4);
            expect(schedule(kind, Decay.LINEAR), 5, 5e-4);
            expect(schedule(kind, Decay.LINEAR), 10, 1e-3);
        }
    }

    @Test
    void theCosineFallsToTheFinalFraction() {
        Schedule cosine = schedule(ScheduleKind.COSINE, Decay.LINEAR);
        expect(cosine, 35, 1e-4 + 9e-4 * (1 + Math.sqrt(0.5)) / 2);
        expect(cosine, 60, 5.5e-4);
        expect(cosine, 110, 1e-4);
        expect(cosine, 500, 1e-4);
    }

    @Test
    void warmupStableDecayStaysAndFallsAtTheEnd() {
        Schedule linear = schedule(ScheduleKind.WSD, Decay.LINEAR);
        Schedule sqrt = schedule(ScheduleKind.WSD, Decay.SQRT);
        for (Schedule schedule : new Schedule[] {linear, sqrt}) {
            expect(schedule, 11, 1e-3);
            expect(schedule, 70, 1e-3);
            expect(schedule, 110, 1e-4);
        }
        expect(linear, 80, 1e-3 - 9e-4 / 4);
        expect(sqrt, 80, 1e-3 - 9e-4 / 2);
    }

    @Test
    void theConstantStays() {
        expect(schedule(ScheduleKind.CONSTANT, Decay.LINEAR), 110, 1e-3);
    }

    @Test
    void withoutWarmupTheFirstStepHasThePeak() {
        Schedule none = new Schedule(ScheduleKind.COSINE, Decay.LINEAR, 1e-3, 0, 0, 1, 2);
        expect(none, 1, 5e-4);
        expect(none, 2, 0);
        Schedule allWarmup = new Schedule(ScheduleKind.COSINE, Decay.LINEAR, 1e-3, 0.5, 4, 1, 4);
        expect(allWarmup, 3, 7.5e-4);
        expect(allWarmup, 4, 5e-4);
    }
}
