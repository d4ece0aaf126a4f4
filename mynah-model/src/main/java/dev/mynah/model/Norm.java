package dev.mynah.model;

/** How activations are normalised. */
public enum Norm {
    /** Mean and variance, with weight and bias (Ba et al. 2016). */
    LAYER_NORM,
    /** Root mean square, with weight only (Zhang and Sennrich 2019). */
    RMS_NORM,
    /** Root mean square, with a weight that is stored as its difference from 1 and multiplied in fp32 (Gemma). */
    RMS_NORM_OFFSET
}
