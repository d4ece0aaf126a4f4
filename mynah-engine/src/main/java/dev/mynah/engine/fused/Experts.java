package dev.mynah.engine.fused;

import dev.mynah.model.Activation;
import dev.mynah.model.MoeOptions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The feed-forward part of a block whose tokens choose between experts (see {@link MoeOptions}). The tokens of an expert are computed together, so that each expert's weights are read once in a pass, and those of
 * experts that nobody chose not at all.
 *
 * @param router {@code [experts, width]}
 * @param shared the expert that computes every token, or null
 * @param gate   its gate {@code [1, width]}, or null
 */
record Experts(
        MoeOptions options,
        Linear router,
        List<Expert> experts,
        @Nullable Expert shared,
        @Nullable Linear gate) {

    /** One expert's layers. */
    record Expert(Linear gate, Linear up, Linear down) {}

    /**
     * What all blocks compute their experts on.
     *
     * @param scores  {@code [tokens, experts]}
     * @param gates   {@code [tokens, 1]}
     * @param hidden  {@code [tokens, hidden]}, as {@code gated} is; {@code sharedHidden} and {@code sharedGated} are as wide as the shared expert
     * @param outputs {@code [tokens, width]}
     */
    record State(
            Columns scores,
            Columns gates,
            Columns hidden,
            Columns gated,
            Columns sharedHidden,
            Columns sharedGated,
            Columns outputs) {

        static State of(MoeOptions options, int width, int tokens) {
            int shared = Math.max(1, options.sharedHidden());
            return new State(
                    new Columns(tokens, options.experts()),
                    new Columns(tokens, 1),
                    new Columns(tokens, options.hidden()),
                    new Columns(tokens, options.hidden()),
                    new Columns(tokens, shared),
                    new Columns(tokens, shared),
                    new Columns(tokens, width));
        }
    }

    /** Adds what the experts give for the first {@code tokens} inputs to {@code residual}. */
    void apply(FusedBlock.State block, State state, Columns input, Columns residual, int tokens) {
        Workspace workspace = block.workspace();
        new Projection(workspace, input, List.of(router), List.of(state.scores)).run(tokens, false);
        List<List<Integer>> chosen = new ArrayList<>();
        experts.forEach(expert -> chosen.add(new ArrayList<>()));
        for (int token = 0; token < tokens; token++) {
            choose(state.scores.values[token], token, chosen);
        }
        for (int index = 0; index < chosen.size(); index++) {
            List<Integer> own = chosen.get(index);
            if (!own.isEmpty()) {
                Columns inputs = selected(input, own);
                compute(workspace, experts.get(index), inputs, state.hidden, state.gated, state.outputs, own.size());
                for (int i = 0; i < own.size(); i++) {
                    float weight = state.scores.values[own.get(i)][index];
                    addScaled(state.outputs.values[i], weight, residual.values[own.get(i)]);
                }
            }
        }
        if (shared != null && gate != null) {
            new Projection(workspace, input, List.of(gate), List.of(state.gates)).run(tokens, false);
            compute(workspace, shared, input, state.sharedHidden, state.sharedGated, state.outputs, tokens);
            for (int token = 0; token < tokens; token++) {
                float open = 1 / (1 + (float) Math.exp(-state.gates.values[token][0]));
                addScaled(state.outputs.values[token], open, residual.values[token]);
            }
        }
    }

    /** Makes probabilities of a token's scores, and puts it with the experts of the highest; equal ones go by their number. */
    private void choose(float[] scores, int token, List<List<Integer>> chosen) {
        int count = options.experts();
        float greatest = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < count; i++) {
            greatest = Math.max(greatest, scores[i]);
        }
        double sum = 0;
        for (int i = 0; i < count; i++) {
            scores[i] = (float) Math.exp(scores[i] - greatest);
            sum += scores[i];
        }
        boolean[] taken = new boolean[count];
        int[] picks = new int[options.expertsPerToken()];
        double pickedSum = 0;
        for (int pick = 0; pick < picks.length; pick++) {
            int best = -1;
            for (int i = 0; i < count; i++) {
                if (!taken[i] && (best < 0 || scores[i] > scores[best])) {
                    best = i;
                }
            }
            taken[best] = true;
            picks[pick] = best;
            pickedSum += scores[best];
        }
        double divisor = options.normalised() ? pickedSum : sum;
        for (int pick : picks) {
            scores[pick] = (float) (scores[pick] / divisor);
            chosen.get(pick).add(token);
        }
    }

    /** The columns of some tokens, which are not copied. */
    private static Columns selected(Columns columns, List<Integer> tokens) {
        float[][] values = new float[tokens.size()][];
        for (int i = 0; i < values.length; i++) {
            values[i] = columns.values[tokens.get(i)];
        }
        return Columns.of(values, columns.width);
    }

    private static void compute(
            Workspace workspace,
            Expert expert,
            Columns input,
            Columns hidden,
            Columns gated,
            Columns output,
            int tokens) {
        new InnerProjection(workspace, Activation.SWIGLU, input, expert.up, expert.gate, hidden, gated)
                .run(tokens, false);
        new Projection(workspace, hidden, List.of(expert.down), List.of(output)).run(tokens, false);
    }

    private static void addScaled(float[] values, float factor, float[] to) {
        for (int i = 0; i < values.length; i += Lanes.LENGTH) {
            Lanes.floats(values, i).fma(Lanes.all(factor), Lanes.floats(to, i)).intoArray(to, i);
        }
    }
}
