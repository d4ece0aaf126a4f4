package dev.mynah.train.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.mynah.model.Presets;
import dev.mynah.train.plan.ParallelLayout.Memory;
import dev.mynah.train.plan.TrainingPlan.Line;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The planner against published figures. */
class TrainingPlanTest {

    private static final PlannedModel GPT3 = PlannedModel.ofParameters(175_000_000_000L, 2048);

    @Test
    void gpt3TookWhatItsPaperSays() {
        TrainingPlan byCount = new TrainingPlan(GPT3, 300e9, Gpu.named("h100"), 1024, 0.4, 1);
        TrainingPlan byPreset =
                new TrainingPlan(PlannedModel.of(Presets.named("gpt3-175b")), 300e9, Gpu.named("H100"), 1024, 0.4, 1);
        assertThat(byCount.cost().pfDays()).isCloseTo(3640, withinPercentage(0.5));
        assertThat(byPreset.cost().pfDays()).isCloseTo(3640, withinPercentage(0.5));
    }

    /** Patterson et al. 2021, table 4: 10,000 V100 at 24.6 TFLOP/s for 14.8 days, 330 W each and 1.1 times that with cooling: 1,287 MWh. */
    @Test
    void timeAndEnergyOfGpt3AreThoseThatWereReported() {
        Gpu v100 = Gpu.named("v100").with(330 * 1.1, 1);
        TrainingPlan plan = new TrainingPlan(GPT3, 300e9, v100, 10_000, 24.6 / v100.tflops(), 1);
        assertThat(plan.seconds() / 86_400).isCloseTo(14.8, within(0.05));
        assertThat(plan.cost().kWh() / 1000).isCloseTo(1287, withinPercentage(0.5));
        assertThat(plan.dollars()).isCloseTo(10_000 * 14.8 * 24, withinPercentage(0.5));
    }

    @Test
    void aShapeFollowsFromTheNumberOfParameters() {
        assertThat(GPT3.layers()).isEqualTo(96);
        assertThat(GPT3.width()).isEqualTo(12_288);
        assertThat(GPT3.heads()).isEqualTo(96);
        assertThat(PlannedModel.ofParameters(1, 8).layers()).isEqualTo(1);
    }

    /** Rajbhandari et al. 2020, figure 1: 7.5B parameters on 64 devices take 120, 31.4, 16.6 and 1.9 GB. */
    @Test
    void zeroDividesTheStatesAsItsPaperSays() {
        PlannedModel model = PlannedModel.ofParameters(7_500_000_000L, 1024);
        double[] expected = {120, 31.4, 16.6, 1.9};
        for (int zero = 0; zero <= 3; zero++) {
            Memory memory = new ParallelLayout(64, 1, 1, zero).memory(model, 1);
            assertThat(memory.states() / 1e9).isCloseTo(expected[zero], within(0.05));
        }
    }

    /** Korthikanti et al. 2022, section 4.2.3: 5as/h is 80 for GPT-3, so that recomputing attention alone saves 70% of the activations. */
    @Test
    void activationsFollowTheirPaper() {
        Memory memory = new ParallelLayout(1, 8, 8, 0).memory(GPT3, 1);
        double inputs = 2048.0 * 12_288 / 8;
        assertThat(memory.activations()).isEqualTo(96 * inputs * (34 + 80));
        assertThat(1 - memory.selective() / memory.activations()).isCloseTo(0.70, within(0.005));
        assertThat(memory.recomputed()).isEqualTo(inputs * (96 * 2 + 34 + 80));
        assertThat(memory.weights()).isEqualTo(2 * 175e9 / 64);
    }

    @Test
    void theUsualLayoutsEndWithOneThatFits() {
        TrainingPlan plan = new TrainingPlan(GPT3, 300e9, Gpu.named("h100"), 1024, 0.4, 1);
        List<Line> lines = plan.usualLayouts();
        assertThat(plan.fits(lines.getFirst().memory())).isFalse();
        assertThat(plan.fits(lines.getLast().memory())).isTrue();
        assertThat(lines.getLast().layout().devices()).isEqualTo(1024);
        assertThat(new TrainingPlan(GPT3, 300e9, Gpu.named("h100"), 3, 0.4, 1).usualLayouts())
                .hasSize(4);
    }

    @Test
    void whatCannotBePlannedIsRefused() {
        assertThatThrownBy(() -> Gpu.named("h1000"))
                .hasMessageContaining("there is no GPU \"h1000\"; there are v100, a100");
        assertThatThrownBy(() -> new TrainingPlan(GPT3, 300e9, Gpu.named("h100"), 8, 1.2, 1))
                .hasMessageContaining("the MFU is 1.2");
        assertThatThrownBy(() -> new ParallelLayout(1, 7, 1, 0).check(GPT3)).hasMessageContaining("the 96 heads");
        assertThatThrownBy(() -> new ParallelLayout(1, 1, 97, 0).check(GPT3)).hasMessageContaining("layers (96)");
        assertThatThrownBy(() -> new ParallelLayout(1, 1, 1, 4)).hasMessageContaining("0..3");
    }
}
