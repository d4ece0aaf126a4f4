package dev.mynah.cli;

import dev.mynah.train.run.Sample;
import dev.mynah.train.run.StepMetrics;
import java.time.Duration;

/** Shows nothing. */
final class SilentMonitor implements ConsoleMonitor {
    @Override
    public void notice(String sentence) {}

    @Override
    public void preparing(String what, long done, long total) {}

    @Override
    public void step(StepMetrics metrics, int totalSteps, Duration eta) {}

    @Override
    public void sample(Sample sample) {}

    @Override
    public void close() {}
}
