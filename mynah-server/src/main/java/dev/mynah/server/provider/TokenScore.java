package dev.mynah.server.provider;

import java.util.List;

/** How probable a token was, and what else could have come. */
public record TokenScore(Candidate token, List<Candidate> top) {

    /**
     * A token with its natural log-probability.
     *
     * @param bytes what the token stands for, perhaps a part of a character, each 0 to 255
     */
    public record Candidate(String text, List<Integer> bytes, double logProb) {
        public Candidate {
            bytes = List.copyOf(bytes);
        }
    }

    public TokenScore {
        top = List.copyOf(top);
    }
}
