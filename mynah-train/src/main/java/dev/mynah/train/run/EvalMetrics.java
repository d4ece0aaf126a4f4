package dev.mynah.train.run;

/**
 * What an evaluation on the validation documents gave.
 *
 * @param valLoss mean cross-entropy, in nats a token
 * @param valBpb bits a byte of UTF-8 text
 */
public record EvalMetrics(int step, double valLoss, double valBpb) implements StepLine {}
