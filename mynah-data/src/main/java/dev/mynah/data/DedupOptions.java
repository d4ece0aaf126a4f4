package dev.mynah.data;

/**
 * Which duplicates are dropped; the first in reading order stays.
 *
 * @param mode none, exact ones only, or near ones too
 * @param threshold near-duplicates are those whose estimated Jaccard similarity over shingles of 5 characters is at least this, in (0, 1]; see {@link NearDuplicates}
 */
public record DedupOptions(Mode mode, double threshold) {

    /** Near-duplicates of similarity 0.8 and more. */
    public static final DedupOptions DEFAULT = new DedupOptions(Mode.NEAR, 0.8);

    /** What counts as a duplicate. */
    public enum Mode {
        NONE,
        /** Texts that are equal but for letter case, white space and compatibility forms. */
        EXACT,
        /** These, and texts that are nearly equal. */
        NEAR
    }

    public DedupOptions {
        if (!(threshold > 0 && threshold <= 1)) {
            throw new IllegalArgumentException("near-duplicate threshold must lie in (0, 1], found " + threshold);
        }
    }
}
