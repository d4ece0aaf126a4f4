package dev.mynah.model;

/**
 * What may differ between the attention of two layers.
 *
 * @param window keys that a query sees, its own included; {@link #UNLIMITED} for all before it
 * @param rope   the rotation, read only with {@link Positions#ROPE}
 */
public record LayerOptions(int window, RopeOptions rope) {
    /** No window. */
    public static final int UNLIMITED = Integer.MAX_VALUE;
}
