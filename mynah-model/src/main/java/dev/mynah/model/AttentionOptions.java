package dev.mynah.model;

import org.jspecify.annotations.Nullable;

/**
 * How attention scores are formed.
 *
 * @param scale   what the products of queries and keys are multiplied by, usually {@code 1 / sqrt(headDim)}
 * @param softCap {@code c > 0}: a scaled score {@code s} becomes {@code c tanh(s / c)} (Gemma 2); 0 for none
 * @param window  the layers that see only the nearest keys; null where none does
 */
public record AttentionOptions(
        double scale, double softCap, @Nullable SlidingWindow window) {}
