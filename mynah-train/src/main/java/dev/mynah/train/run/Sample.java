package dev.mynah.train.run;

/** A text that the model wrote during training; {@code text} does not repeat the prompt. */
public record Sample(int step, String prompt, String text) implements StepLine {}
