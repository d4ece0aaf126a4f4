package dev.mynah.model;

/** How a token's position reaches the network. */
public enum Positions {
    /** A learned table of {@code [context, width]} added to the token embeddings. */
    LEARNED,
    /** Queries and keys are rotated by their position (Su et al. 2021). */
    ROPE
}
