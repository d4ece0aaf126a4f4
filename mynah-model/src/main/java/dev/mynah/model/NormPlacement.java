package dev.mynah.model;

/** Where a block's norms stand. */
public enum NormPlacement {
    /** {@code x + f(norm(x))}, and one norm at the end (GPT-2 and later). */
    PRE,
    /** {@code norm(x + f(x))}, and none at the end (GPT-1). */
    POST,
    /** {@code x + norm(f(norm(x)))}, and one norm at the end (Gemma 2). */
    SANDWICH
}
