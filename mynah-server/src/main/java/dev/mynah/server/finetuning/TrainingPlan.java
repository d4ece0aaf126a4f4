package dev.mynah.server.finetuning;

import dev.mynah.server.finetuning.TrainingExamples.Examples;
import java.util.TreeMap;

/**
 * What a job will do: its settings with nothing left open, how many steps that makes, and what they are charged for.
 *
 * @param context  tokens of a row in supervised training
 * @param stepsPerEpoch after which it is evaluated and a checkpoint written
 * @param tokenLimit tokens of all steps
 */
record TrainingPlan(JobSettings settings, int context, int steps, int stepsPerEpoch, long tokenLimit) {
    private static final int DEFAULT_EPOCHS = 3;
    private static final int MOST_AUTO_BATCH = 16;
    private static final int ROWS_PER_BATCH = 16;
    private static final double DEFAULT_BETA = 0.1;

    static TrainingPlan of(JobSettings wished, Examples examples, int context) {
        int rows = wished.method() == Method.SUPERVISED
                ? rows(examples, context)
                : examples.lengths().size();
        int epochs =
                wished.epochs() == null ? wished.method() == Method.SUPERVISED ? DEFAULT_EPOCHS : 1 : wished.epochs();
        int batch = Math.min(
                rows, wished.batch() == null ? Math.clamp(rows / ROWS_PER_BATCH, 1, MOST_AUTO_BATCH) : wished.batch());
        JobSettings settings = wished.with(
                epochs,
                batch,
                wished.learningRateMultiplier() == null ? 1 : wished.learningRateMultiplier(),
                wished.beta() == null ? DEFAULT_BETA : wished.beta());
        int steps = Math.ceilDiv(epochs * rows, batch);
        long tokens = wished.method() == Method.REINFORCEMENT
                ? (long) steps * batch * wished.answers() * (examples.longest() + (long) wished.maxTokens())
                : epochs * examples.tokens();
        return new TrainingPlan(settings, context, steps, Math.ceilDiv(rows, batch), tokens);
    }

    /** How many rows hold all conversations, several to a row: best fit, the longest first, as training lays them. */
    private static int rows(Examples examples, int context) {
        TreeMap<Integer, Integer> rooms = new TreeMap<>();
        int rows = 0;
        int[] lengths = examples.lengths().stream().sorted().toArray();
        for (int i = lengths.length - 1; i >= 0; i--) {
            int length = lengths[i];
            Integer fitting = rooms.ceilingKey(length);
            int room = fitting == null ? context : fitting;
            if (fitting == null) {
                rows++;
            } else {
                rooms.computeIfPresent(room, (key, count) -> count == 1 ? null : count - 1);
            }
            rooms.merge(room - length, 1, Integer::sum);
        }
        return rows;
    }

    /** What is charged after {@code step} steps of training whose tokens are those of the data. */
    static long tokensAfter(long tokenLimit, int step, int steps) {
        return Math.multiplyHigh(tokenLimit, step) != 0 ? tokenLimit : tokenLimit * step / steps;
    }
}
