package dev.mynah.model;

import java.util.List;

/**
 * How rotary frequencies are changed so that a model reads more positions than it was first trained on. Computed in
 * single precision, as {@code transformers} does: at large positions a more exact angle would be another model.
 */
public sealed interface RopeScaling {
    /**
     * Radians per position.
     *
     * @param theta  base of the wavelengths
     * @param dims   how many elements of a head are rotated
     * @param length positions of the whole sequence, which matters only where {@link #dependsOnLength()}
     * @return {@code [dims / 2]}
     */
    float[] inverseFrequencies(double theta, int dims, int length);

    /** What cosines and sines are multiplied by. */
    default double attentionFactor() {
        return 1;
    }

    /**
     * Whether a longer sequence has other frequencies, for all its positions. Keys that are kept were then made for one
     * length, which must be settled before: a {@link KvCache} takes its capacity, as llama.cpp takes its context.
     */
    default boolean dependsOnLength() {
        return false;
    }

    /** As trained (Su et al. 2021): {@code theta^(-2 i / dims)}. */
    record None() implements RopeScaling {
        @Override
        public float[] inverseFrequencies(double theta, int dims, int length) {
            return unscaled(theta, dims);
        }
    }

    /** All frequencies divided by a factor (Chen et al. 2023). */
    record Linear(double factor) implements RopeScaling {
        public Linear {
            requirePositive("factor", factor);
        }

        @Override
        public float[] inverseFrequencies(double theta, int dims, int length) {
            float[] frequencies = unscaled(theta, dims);
            for (int i = 0; i < frequencies.length; i++) {
                frequencies[i] /= (float) factor;
            }
            return frequencies;
        }
    }

    /**
     * A base that grows with the sequence, once it is longer than the original context ("NTK-aware" scaling).
     *
     * @param originalContext positions that the model was first trained on
     */
    record DynamicNtk(double factor, int originalContext) implements RopeScaling {
        public DynamicNtk {
            requirePositive("factor", factor);
            requirePositive("original context", originalContext);
        }

        @Override
        public float[] inverseFrequencies(double theta, int dims, int length) {
            double longer = factor * Math.max(length, originalContext) / originalContext - (factor - 1);
            double base = theta * Math.pow(longer, dims / (dims - 2.0));
            return unscaled((float) base, dims);
        }

        @Override
        public boolean dependsOnLength() {
            return true;
        }
    }

    /**
     * YaRN (Peng et al. 2023): high frequencies stay, low ones are divided by the factor, with a ramp between them.
     *
     * @param betaFast  rotations within the original context above which a frequency stays
     * @param betaSlow  rotations below which it is divided
     * @param truncated whether the ramp begins and ends at whole elements
     */
    record Yarn(
            double factor,
            int originalContext,
            double betaFast,
            double betaSlow,
            boolean truncated,
            double attentionFactor)
            implements RopeScaling {
        public Yarn {
            requirePositive("factor", factor);
            requirePositive("original context", originalContext);
            requirePositive("beta_fast", betaFast);
            requirePositive("beta_slow", betaSlow);
            requirePositive("attention_factor", attentionFactor);
        }

        /** The attention factor that the paper suggests: {@code 0.1 ln(factor) + 1}. */
        public static double suggestedAttentionFactor(double factor) {
            return factor <= 1 ? 1 : 0.1 * Math.log(factor) + 1;
        }

        @Override
        public float[] inverseFrequencies(double theta, int dims, int length) {
            double first = element(betaFast, theta, dims);
            double last = element(betaSlow, theta, dims);
            float low = (float) Math.max(truncated ? Math.floor(first) : first, 0);
            float high = (float) Math.min(truncated ? Math.ceil(last) : last, dims - 1);
            float width = low == high ? 0.001f : high - low;
            float[] frequencies = unscaled(theta, dims);
            for (int i = 0; i < frequencies.length; i++) {
                float divided = Math.clamp((i - low) / width, 0f, 1f);
                frequencies[i] = frequencies[i] / (float) factor * divided + frequencies[i] * (1 - divided);
            }
            return frequencies;
        }

        /** The element that makes so many rotations within the original context. */
        private double element(double rotations, double theta, int dims) {
            return dims * Math.log(originalContext / (rotations * 2 * Math.PI)) / (2 * Math.log(theta));
        }
    }

    /**
     * Llama 3.1: wavelengths beyond {@code originalContext / lowFrequencyFactor} are multiplied by the factor, those
     * below {@code originalContext / highFrequencyFactor} stay, with a smooth passage between them.
     */
    record Llama3(double factor, double lowFrequencyFactor, double highFrequencyFactor, int originalContext)
            implements RopeScaling {
        public Llama3 {
            requirePositive("factor", factor);
            requirePositive("low_freq_factor", lowFrequencyFactor);
            requirePositive("original context", originalContext);
            if (!(highFrequencyFactor > lowFrequencyFactor)) {
                throw new IllegalArgumentException(
                        "high_freq_factor of llama3 rope scaling must be above low_freq_factor " + lowFrequencyFactor
                                + ", not " + highFrequencyFactor);
            }
        }

        @Override
        public float[] inverseFrequencies(double theta, int dims, int length) {
            float[] frequencies = unscaled(theta, dims);
            for (int i = 0; i < frequencies.length; i++) {
                double wavelengths = originalContext / (2 * Math.PI / frequencies[i]);
                double kept = Math.clamp(
                        (wavelengths - lowFrequencyFactor) / (highFrequencyFactor - lowFrequencyFactor), 0.0, 1.0);
                frequencies[i] = (float) ((1 - kept) * frequencies[i] / factor + kept * frequencies[i]);
            }
            return frequencies;
        }
    }

    /**
     * LongRoPE (Ding et al. 2024), in Phi-3's files also called "su": each frequency is divided by a factor of its own,
     * of one list up to the original context and of another beyond it. With two equal lists it is any fixed scaling.
     *
     * @param shortFactors one for each frequency
     * @param longFactors  one for each frequency
     */
    record LongRope(int originalContext, List<Double> shortFactors, List<Double> longFactors, double attentionFactor)
            implements RopeScaling {
        public LongRope {
            requirePositive("original context", originalContext);
            requirePositive("attention_factor", attentionFactor);
            shortFactors = List.copyOf(shortFactors);
            longFactors = List.copyOf(longFactors);
            shortFactors.forEach(factor -> requirePositive("short_factor", factor));
            longFactors.forEach(factor -> requirePositive("long_factor", factor));
            if (shortFactors.size() != longFactors.size()) {
                throw new IllegalArgumentException(
                        "short_factor and long_factor of longrope must be of one length, not " + shortFactors.size()
                                + " and " + longFactors.size());
            }
        }

        /** The attention factor that the paper suggests for a context that is so many times the original one. */
        public static double suggestedAttentionFactor(double factor, int originalContext) {
            return factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(originalContext));
        }

        @Override
        public float[] inverseFrequencies(double theta, int dims, int length) {
            List<Double> factors = length > originalContext ? longFactors : shortFactors;
            float[] frequencies = unscaled(theta, dims);
            for (int i = 0; i < frequencies.length; i++) {
                frequencies[i] /= factors.get(i).floatValue();
            }
            return frequencies;
        }

        @Override
        public boolean dependsOnLength() {
            return !shortFactors.equals(longFactors);
        }
    }

    private static float[] unscaled(double theta, int dims) {
        float[] frequencies = new float[dims / 2];
        for (int i = 0; i < frequencies.length; i++) {
            frequencies[i] = 1f / (float) Math.pow(theta, (float) (2 * i) / dims);
        }
        return frequencies;
    }

    private static void requirePositive(String name, double value) {
        if (!(value > 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException(name + " of rope scaling must be a positive number, not " + value);
        }
    }
}
