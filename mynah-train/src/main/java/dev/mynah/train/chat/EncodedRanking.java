package dev.mynah.train.chat;

import dev.mynah.data.Ranking;
import dev.mynah.train.loop.RowOrder;
import java.util.ArrayList;
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

    /**
     * The answers to some prompts laid out for a model, prompt after prompt.
     *
     * @param padId any token
     */
    public static AnswerRows answerRows(List<EncodedRanking> rankings, int padId) {
        List<int[]> rows = new ArrayList<>();
        List<Integer> promptLengths = new ArrayList<>();
        for (EncodedRanking ranking : rankings) {
            for (int[] row : ranking.rows) {
                rows.add(row);
                promptLengths.add(ranking.promptLength);
            }
        }
        return AnswerRows.of(rows, promptLengths, padId);
    }

    /** Tokens of all rows. */
    public long tokens() {
        return rows.stream().mapToLong(row -> row.length).sum();
    }

    /** Tokens of all rows of many. */
    public static long tokens(List<EncodedRanking> rankings) {
        return rankings.stream().mapToLong(EncodedRanking::tokens).sum();
    }

    /**
     * Some of many rankings, wherever in their files they stand: the same ones every time.
     *
     * @param tokens after which no further ranking is taken
     * @param seed of the choice
     */
    public static List<EncodedRanking> sample(List<EncodedRanking> rankings, long tokens, long seed) {
        List<EncodedRanking> chosen = new ArrayList<>();
        long taken = 0;
        for (int row : new RowOrder(rankings.size(), seed).range(0, rankings.size())) {
            if (taken > tokens) {
                break;
            }
            chosen.add(rankings.get(row));
            taken += rankings.get(row).tokens();
        }
        return chosen;
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
