package dev.mynah.train.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.mynah.train.scaling.ScalingFit.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Laws that are known, found again. */
class ScalingFitTest {

    /** Hoffmann et al. 2022, equation 10. */
    private static final LossLaw CHINCHILLA = new LossLaw(1.69, 406.4, 0.34, 410.7, 0.28);

    private static List<MeasuredRun> runs(double noise) {
        Random random = new Random(1);
        List<MeasuredRun> runs = new ArrayList<>();
        for (double size = 1e6; size < 2e9; size *= 4) {
            for (double tokens = 2e7; tokens < 5e10; tokens *= 5) {
                double loss = CHINCHILLA.loss(size, tokens) * Math.exp(noise * random.nextGaussian());
                runs.add(new MeasuredRun("run", size, tokens, loss));
            }
        }
        return runs;
    }

    @Test
    void aLawWithoutNoiseIsFoundExactly() {
        LossLaw found = LawFit.fit(runs(0));
        assertThat(found.irreducible()).isCloseTo(1.69, withinPercentage(0.01));
        assertThat(found.sizeExponent()).isCloseTo(0.34, within(1e-5));
        assertThat(found.dataExponent()).isCloseTo(0.28, within(1e-5));
        assertThat(found.sizeFactor()).isCloseTo(406.4, withinPercentage(0.1));
        assertThat(found.dataFactor()).isCloseTo(410.7, withinPercentage(0.1));
    }

    @Test
    void anOutlierHardlyMovesIt() {
        List<MeasuredRun> runs = runs(0);
        MeasuredRun spoilt = runs.get(10);
        runs.set(10, new MeasuredRun("spoilt", spoilt.parameters(), spoilt.tokens(), 1.3 * spoilt.loss()));
        LossLaw found = LawFit.fit(runs);
        assertThat(found.sizeExponent()).isCloseTo(0.34, within(0.01));
        assertThat(found.dataExponent()).isCloseTo(0.28, within(0.01));
    }

    @Test
    void noiseIsTold() {
        ScalingFit fit = ScalingFit.of(runs(0.005));
        Interval size = fit.interval(LossLaw::sizeExponent);
        Interval data = fit.interval(LossLaw::dataExponent);
        assertThat(0.34).isBetween(size.low(), size.high());
        assertThat(0.28).isBetween(data.low(), data.high());
        assertThat(size.high() - size.low()).isBetween(0.005, 0.1);
        assertThat(fit.error()).isCloseTo(0.005, within(0.002));
        Interval loss = fit.interval(law -> law.loss(70e9, 1.4e12));
        assertThat(CHINCHILLA.loss(70e9, 1.4e12)).isBetween(loss.low(), loss.high());
        assertThat(ScalingFit.of(runs(0.005))).isEqualTo(fit);
    }

    /** Neither more nor fewer parameters do better for the same operations. */
    @Test
    void theBestSizeIsTheBest() {
        double flops = 5.76e23;
        double best = CHINCHILLA.bestSize(flops);
        assertThat(CHINCHILLA.bestLoss(flops))
                .isLessThan(CHINCHILLA.loss(best * 1.1, flops / 6 / best / 1.1))
                .isLessThan(CHINCHILLA.loss(best / 1.1, flops / 6 / best * 1.1));
        assertThat(CHINCHILLA.bestSizeExponent()).isCloseTo(0.452, within(0.001));
        double falls = (CHINCHILLA.bestLoss(flops) - 1.69) / (CHINCHILLA.bestLoss(10 * flops) - 1.69);
        assertThat(Math.log10(falls)).isCloseTo(CHINCHILLA.computeExponent(), within(1e-9));
    }

    @Test
    void tooFewRunsAreRefused() {
        assertThatThrownBy(() -> ScalingFit.of(runs(0).subList(0, 5)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("there are 5 runs with 1 and 5");
    }
}
