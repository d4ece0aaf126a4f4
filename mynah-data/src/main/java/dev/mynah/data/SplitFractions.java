package dev.mynah.data;

import java.util.Locale;

/**
 * How much of a corpus goes to each split. A document's split follows from the hash of its text and a seed alone, so that it stays where it is when documents are added, removed or
 * reordered; texts that are equal but for case and white space fall together. Near-duplicates do not: with de-duplication off, one may stand in train and the other in validation.
 *
 * @param train fraction of documents for training, 0 to 1
 * @param validation fraction for validation
 * @param test fraction for tests; the three add up to 1
 */
public record SplitFractions(double train, double validation, double test) {

    /** The default for pretraining: 98% train, 1% validation, 1% test. */
    public static final SplitFractions PRETRAINING = new SplitFractions(0.98, 0.01, 0.01);

    /** 60% train, 20% validation, 20% test. */
    public static final SplitFractions CLASSIC = new SplitFractions(0.6, 0.2, 0.2);

    public SplitFractions {
        boolean inRange = train >= 0 && validation >= 0 && test >= 0;
        if (!inRange || !(Math.abs(train + validation + test - 1) < 1e-9)) {
            throw new IllegalArgumentException("split fractions must be at least 0 and add up to 1, found " + train
                    + ", " + validation + ", " + test);
        }
    }

    /** Reads percentages such as {@code 98/1/1} or {@code 60/20/20}: train, validation, test. */
    public static SplitFractions parse(String text) {
        String[] parts = text.split("/", -1);
        if (parts.length == 3) {
            try {
                return new SplitFractions(percent(parts[0]), percent(parts[1]), percent(parts[2]));
            } catch (NumberFormatException e) {
                // Falls through to the one message for what is not three numbers.
            }
        }
        throw new IllegalArgumentException(
                "split must be three percentages such as 98/1/1 or 60/20/20, found '" + text + "'");
    }

    private static double percent(String text) {
        return Double.parseDouble(text.strip()) / 100;
    }

    /** The split of a text, whatever its letter case and white space. */
    public Split of(String text, long seed) {
        return of(TextHash.of(TextHash.fold(text)), seed);
    }

    /** The split of a document. */
    Split of(TextHash hash, long seed) {
        // 53 bits of the mixed hash, as a number in [0, 1).
        double place = (mix(hash.high() ^ mix(hash.low() + mix(seed))) >>> 11) * 0x1.0p-53;
        if (place < test) {
            return Split.TEST;
        }
        return place < test + validation ? Split.VALIDATION : Split.TRAIN;
    }

    /** The finaliser of SplitMix64 (Steele et al. 2014). */
    private static long mix(long z) {
        long x = z + 0x9E3779B97F4A7C15L;
        x = (x ^ x >>> 30) * 0xBF58476D1CE4E5B9L;
        x = (x ^ x >>> 27) * 0x94D049BB133111EBL;
        return x ^ x >>> 31;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%s/%s/%s", 100 * train, 100 * validation, 100 * test);
    }
}
