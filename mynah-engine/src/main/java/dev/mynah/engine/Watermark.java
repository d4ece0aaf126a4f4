package dev.mynah.engine;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.HashSet;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A statistical mark in generated text that only who has the key can find (Kirchenbauer et al. 2023, "A Watermark for Large Language Models", the soft red list, algorithm 2). The token before
 * seeds, with the key, which part of the vocabulary is green; the logits of green tokens are raised. Text that was not marked has green tokens in the same proportion as the vocabulary.
 *
 * <p>Whether a token is green is decided for each by itself, so that the list has the size {@code gamma} in the mean only. In return the count is exactly binomial under the null hypothesis, if each
 * pair of tokens is counted once; {@link #detect} does so.
 */
public final class Watermark {
    private static final String ALGORITHM = "HmacSHA256";
    private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L;

    private final SecretKeySpec key;
    private final double gamma;
    private final float delta;

    /**
     * A mark.
     *
     * @param key   any number of secret bytes, at least one
     * @param gamma the share of green tokens, within 0..1
     * @param delta what is added to their logits, above 0
     */
    public Watermark(byte[] key, double gamma, double delta) {
        if (!(gamma > 0 && gamma < 1 && delta > 0 && Double.isFinite(delta))) {
            throw new IllegalArgumentException(
                    "a watermark needs gamma within 0..1 and delta above 0, not " + gamma + " and " + delta);
        }
        this.key = new SecretKeySpec(key, ALGORITHM);
        this.gamma = gamma;
        this.delta = (float) delta;
    }

    /**
     * What a text shows.
     *
     * @param tokens  that were looked at: one for each pair of neighbours that is new
     * @param green   how many of them are green
     * @param z       by how many standard deviations these are more than the mean of unmarked text (equation 3 of the paper)
     * @param pValue  the probability that unmarked text has at least so many (exact binomial)
     */
    public record Detection(int tokens, int green, double z, double pValue) {}

    /** Raises the logits of the tokens that are green after {@code previous}. */
    void mark(int previous, float[] logits) {
        long seed = seed(previous);
        for (int token = 0; token < logits.length; token++) {
            if (isGreen(seed, token)) {
                logits[token] += delta;
            }
        }
    }

    /** Looks for this mark. */
    public Detection detect(int[] tokens) {
        Set<Long> pairs = new HashSet<>();
        int green = 0;
        for (int i = 1; i < tokens.length; i++) {
            if (pairs.add(((long) tokens[i - 1] << Integer.SIZE) | Integer.toUnsignedLong(tokens[i]))
                    && isGreen(seed(tokens[i - 1]), tokens[i])) {
                green++;
            }
        }
        int counted = pairs.size();
        double z = counted == 0 ? 0 : (green - gamma * counted) / Math.sqrt(counted * gamma * (1 - gamma));
        return new Detection(counted, green, z, atLeast(green, counted, gamma));
    }

    private long seed(int previous) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return ByteBuffer.wrap(mac.doFinal(
                            ByteBuffer.allocate(Integer.BYTES).putInt(previous).array()))
                    .getLong();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }

    /** By the finaliser of SplitMix64 (Steele et al. 2014), whose upper 53 bits are a number within 0..1. */
    private boolean isGreen(long seed, int token) {
        long mixed = seed + (token + 1L) * GOLDEN_RATIO;
        mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        mixed ^= mixed >>> 31;
        return (mixed >>> 11) * 0x1p-53 < gamma;
    }

    /** The probability of at least {@code successes} of {@code trials}, each of probability {@code p}. */
    static double atLeast(int successes, int trials, double p) {
        if (successes <= 0) {
            return 1;
        }
        double logTerm = trials * Math.log1p(-p);
        double sum = 0;
        for (int k = 0; k <= trials; k++) {
            if (k >= successes) {
                sum += Math.exp(logTerm);
            }
            logTerm += Math.log((trials - k) / (k + 1.0)) + Math.log(p) - Math.log1p(-p);
        }
        return Math.min(1, sum);
    }
}
