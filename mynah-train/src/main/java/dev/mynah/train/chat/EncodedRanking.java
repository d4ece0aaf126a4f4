package dev.mynah.train.chat;

import dev.mynah.data.Ranking;
import java.util.List;

/**
 * A ranking in tokens.
 *
 * @param rows the prompt with each of its answers, to the end of the answer's turn
 * @param promptLength tokens of the prompt, which each row begins with
 * @param ranking what was encoded
 */
public record EncodedRanking(List<int[]> rows, int promptLength, Ranking ranking) {

    public EncodedRanking {
        rows = List.copyOf(rows);
    }

    static EncodedRanking of(Ranking ranking, ChatFormat format) {
        int[] prompt = format.prompt(ranking.prompt());
        List<int[]> rows = ranking.answers().stream()
                .map(answer -> format.joined(prompt, answer))
                .toList();
        return new EncodedRanking(rows, prompt.length, ranking);
    }

    /** Tokens of all rows. */
    public long tokens() {
        return rows.stream().mapToLong(row -> row.length).sum();
    }

    /** Tokens of all rows of many. */
    public static long tokens(List<EncodedRanking> rankings) {
        return rankings.stream().mapToLong(EncodedRanking::tokens).sum();
    }

    /** Tokens of the longest row. */
    int longest() {
        return rows.stream().mapToInt(row -> row.length).max().orElse(0);
    }

    /** Tokens of an answer, the end of its turn included. */
    public int answerLength(int answer) {
        return rows.get(answer).length - promptLength;
    }
}
