package dev.mynah.train.poet;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a poem was asked to be.
 *
 * @param form  its form, or null for any of the regulated forms
 * @param theme words of which the poem must contain at least one; empty where no theme was asked for
 * @param given verses that the answer continues, which belong to the poem; empty for a poem from its beginning
 */
public record PoemRequest(@Nullable PoemForm form, List<String> theme, String given) {
    public PoemRequest {
        theme = List.copyOf(theme);
    }

    PoemRequest(@Nullable PoemForm form, List<String> theme) {
        this(form, theme, "");
    }
}
