package dev.mynah.data;

import java.util.Locale;

/** The parts of a corpus. */
public enum Split {
    TRAIN,
    VALIDATION,
    TEST;

    /** The name in files: {@code train}, {@code validation}, {@code test}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
