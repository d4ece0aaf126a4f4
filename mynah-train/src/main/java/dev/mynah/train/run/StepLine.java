package dev.mynah.train.run;

/** A record that {@link StepLog} writes as one line; a stage with metrics of its own adds a record of its own. */
public interface StepLine {
    /** The optimiser step that the line belongs to, from 1. */
    int step();
}
