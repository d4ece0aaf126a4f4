package dev.mynah.engine;

import java.util.List;

/**
 * How probable a generated token was, whatever was done to the distribution for sampling: natural logarithms in the model's own distribution at temperature 1.
 *
 * @param top the most probable tokens of its place, in falling order
 */
public record TokenLogProb(int token, double logProb, List<Alternative> top) {

    /** A token that could have come. */
    public record Alternative(int token, double logProb) {}

    public TokenLogProb {
        top = List.copyOf(top);
    }
}
