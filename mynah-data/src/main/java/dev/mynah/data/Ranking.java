package dev.mynah.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Answers to one prompt, ranked by a judge.
 *
 * @param prompt the conversation up to the turn that is answered
 * @param answers at least two
 * @param ranks the rank of each answer, 1 for the best; equal ranks are ties, and not all are equal
 * @param file where it was read
 * @param record the line in the file, from 1
 */
public record Ranking(List<Message> prompt, List<String> answers, List<Integer> ranks, Path file, long record) {

    /** Two answers, by their place in {@link #answers}, of which the first was preferred. */
    public record Pair(int better, int worse) {}

    public Ranking {
        prompt = List.copyOf(prompt);
        answers = List.copyOf(answers);
        ranks = List.copyOf(ranks);
    }

    /** All pairs of answers that are not ties; at most K choose 2. */
    public List<Pair> pairs() {
        List<Pair> pairs = new ArrayList<>();
        for (int i = 0; i < ranks.size(); i++) {
            for (int j = 0; j < ranks.size(); j++) {
                if (ranks.get(i) < ranks.get(j)) {
                    pairs.add(new Pair(i, j));
                }
            }
        }
        return pairs;
    }

    /** What decides the split: rankings of one prompt, or of prompts that begin alike, stay together. */
    public String splitKey() {
        return Messages.firstUserTurn(prompt);
    }
}
