package dev.mynah.train.run;

import java.time.Duration;

/** Shows nothing; to be extended by who cares for one event. */
public class SilentMonitor implements Monitor {

    @Override
    public void notice(String sentence) {}

    @Override
    public void preparing(String what, long done, long total) {}

    @Override
    public void step(StepMetrics metrics, int totalSteps, Duration eta) {}

    @Override
    public void sample(Sample sample) {}
}
