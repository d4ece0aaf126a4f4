package dev.mynah.model;

/** The non-linearity of the feed-forward layers. */
public enum Activation {
    /** The tanh approximation of GELU, which GPT-1 to GPT-3 use (Hendrycks and Gimpel 2016). */
    GELU_TANH,
    /** GELU by the error function. */
    GELU,
    /** {@code silu(gate(x)) * up(x)} (Shazeer 2020): three matrices instead of two. */
    SWIGLU
}
