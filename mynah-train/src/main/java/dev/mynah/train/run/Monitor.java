package dev.mynah.train.run;

import java.time.Duration;

/** Shows a person how a run goes. Called from the thread that trains. */
public interface Monitor {

    /** A sentence for people. */
    void notice(String sentence);

    /** A piece of preparation is under way. {@code done} of {@code total}, in any unit. */
    void preparing(String what, long done, long total);

    /** An optimiser step is done. */
    void step(StepMetrics metrics, int totalSteps, Duration eta);

    /** The model wrote a text. */
    void sample(Sample sample);
}
