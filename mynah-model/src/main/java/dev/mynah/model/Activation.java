package dev.mynah.model;

/** The non-linearity of the feed-forward layers. */
public enum Activation {
    /** The tanh approximation of GELU, which GPT-1 to GPT-3 use (Hendrycks and Gimpel 2016). */
    GELU_TANH,
    /** GELU by the error function. */
    GELU,
    /** {@code silu(gate(x)) * up(x)} (Shazeer 2020): three matrices instead of two. */
    SWIGLU,
    /** {@code gelu_tanh(gate(x)) * up(x)} (Shazeer 2020), which Gemma uses. */
    GEGLU_TANH;

    /** Whether a gate, a matrix of its own, multiplies the inner layer. */
    public boolean gated() {
        return this == SWIGLU || this == GEGLU_TANH;
    }
}
