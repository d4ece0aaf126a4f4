package dev.mynah.data;

/**
 * What one cleaning step did to a corpus.
 *
 * @param step its name
 * @param changed documents that it changed and kept
 * @param dropped documents that it dropped
 */
public record StepCount(String step, long changed, long dropped) {}
