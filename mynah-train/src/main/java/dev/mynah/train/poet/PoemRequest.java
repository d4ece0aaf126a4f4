package dev.mynah.train.poet;

import java.util.List;

/**
 * What a poem was asked to be.
 *
 * @param form  its form
 * @param theme words of which the poem must contain at least one; empty where no theme was asked for
 */
public record PoemRequest(PoemForm form, List<String> theme) {
    public PoemRequest {
        theme = List.copyOf(theme);
    }
}
