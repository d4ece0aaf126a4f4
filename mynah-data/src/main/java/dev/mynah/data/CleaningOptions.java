package dev.mynah.data;

import java.text.Normalizer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which cleaning steps run, in the order of the components.
 *
 * @param normalization Unicode normalisation
 * @param removeControls whether control characters are removed ({@link Cleaners#removeControls})
 * @param tidyWhitespace whether white space is tidied ({@link Cleaners#tidyWhitespace})
 * @param minCharacters documents of fewer characters are dropped; at least 1
 * @param maxCharacters documents of more characters are dropped
 */
public record CleaningOptions(
        Normalization normalization,
        boolean removeControls,
        boolean tidyWhitespace,
        int minCharacters,
        int maxCharacters) {

    /** NFC, without controls, tidied, of any length but empty. */
    public static final CleaningOptions DEFAULT =
            new CleaningOptions(Normalization.NFC, true, true, 1, Integer.MAX_VALUE);

    /** Unicode normalisation forms (UAX #15). */
    public enum Normalization {
        NONE,
        NFC,
        NFKC
    }

    public CleaningOptions {
        if (minCharacters < 1 || maxCharacters < minCharacters) {
            throw new IllegalArgumentException("document length must lie in [min, max] with 1 <= min <= max, found ["
                    + minCharacters + ", " + maxCharacters + "]");
        }
    }

    /** The steps by name, in the order in which they run. */
    public Map<String, Cleaner> steps() {
        Map<String, Cleaner> steps = new LinkedHashMap<>();
        switch (normalization) {
            case NONE -> {}
            case NFC -> steps.put("nfc", Cleaners.normalize(Normalizer.Form.NFC));
            case NFKC -> steps.put("nfkc", Cleaners.normalize(Normalizer.Form.NFKC));
        }
        if (removeControls) {
            steps.put("remove_controls", Cleaners.removeControls());
        }
        if (tidyWhitespace) {
            steps.put("tidy_whitespace", Cleaners.tidyWhitespace());
        }
        steps.put("length", Cleaners.length(minCharacters, maxCharacters));
        return steps;
    }
}
