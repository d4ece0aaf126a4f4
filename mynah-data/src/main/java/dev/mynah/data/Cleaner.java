package dev.mynah.data;

import org.jspecify.annotations.Nullable;

/** One cleaning step: a plain function of a text, without state, safe for use by many threads. */
@FunctionalInterface
public interface Cleaner {

    /** The text after this step, or null where the step drops the document. */
    @Nullable
    String clean(String text);

    /** This step and then {@code next}, where this one keeps the document. */
    default Cleaner then(Cleaner next) {
        return text -> {
            String cleaned = clean(text);
            return cleaned == null ? null : next.clean(cleaned);
        };
    }
}
