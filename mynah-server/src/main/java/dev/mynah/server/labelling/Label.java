package dev.mynah.server.labelling;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What somebody makes of a task: one of the two.
 *
 * @param ranks the place of each answer, 1 is best; the same place is a tie
 * @param text  the answer as it should be
 */
record Label(@Nullable List<Integer> ranks, @Nullable String text) {
    Label {
        ranks = ranks == null ? null : List.copyOf(ranks);
    }

    /** The places, of a ranking. */
    List<Integer> places() {
        return ranks == null ? List.of() : ranks;
    }
}
