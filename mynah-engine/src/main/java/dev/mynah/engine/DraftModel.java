package dev.mynah.engine;

import dev.mynah.engine.ModelRunner.Chunk;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * Guesses what a smaller model of the same vocabulary would write (speculative decoding, Leviathan et al. 2023; Chen et al. 2023). Where the text is sampled, guesses are drawn from the small model's
 * distribution at the request's temperature and filters, and that distribution is handed on for {@link Sampler#verify}.
 *
 * <p>It keeps keys and values of its own for each text that is being answered. After a step it goes on from what has come of its guesses: only tokens that differ are read again.
 */
final class DraftModel implements Drafter, AutoCloseable {
    /** So much of a long prompt is read in one step, without a guess, so that others need not wait for all of it. */
    private static final int MOST_READ = 256;

    private final ModelRunner runner;
    private final int vocabSize;
    private final IdentityHashMap<Sequence, State> states = new IdentityHashMap<>();
    private final List<Integer> free = new ArrayList<>();

    /** What the small model has read of a text: {@code computed} of {@code tokens}. */
    private static final class State {
        private final Sampler sampler;
        private final boolean greedy;
        private final List<Integer> blocks = new ArrayList<>();
        private int[] tokens = new int[0];
        private int computed;

        State(SamplingOptions options) {
            greedy = options.temperature() == 0;
            sampler = new Sampler(SamplingOptions.builder()
                    .temperature(options.temperature())
                    .topK(options.topK())
                    .topP(options.topP())
                    .minP(options.minP())
                    .seed(~options.seed())
                    .build());
        }
    }

    /** A guess that grows. */
    private record Growing(State state, int most, List<Integer> tokens, List<double[]> probabilities) {
        Draft draft() {
            return new Draft(tokens.stream().mapToInt(Integer::intValue).toArray(), List.copyOf(probabilities));
        }
    }

    /**
     * Guesses for a model of {@code vocabSize} tokens.
     *
     * @param runner the small model's, closed with this
     */
    DraftModel(ModelRunner runner, int vocabSize) {
        this.runner = runner;
        this.vocabSize = vocabSize;
        for (int block = runner.blocks() - 1; block >= 0; block--) {
            free.add(block);
        }
    }

    @Override
    public List<Draft> draft(List<Sequence> sequences, int most) {
        forgetAllBut(sequences);
        List<Growing> growing = new ArrayList<>();
        for (Sequence sequence : sequences) {
            State state = states.computeIfAbsent(sequence, unknown -> new State(sequence.sampling()));
            goOnWith(state, sequence.tokens());
            int wanted = canRead(state.tokens) ? Math.max(0, sequence.draftable(most)) : 0;
            growing.add(new Growing(state, wanted, new ArrayList<>(), new ArrayList<>()));
        }
        List<Growing> unfinished =
                growing.stream().filter(guess -> guess.most > 0).toList();
        while (!unfinished.isEmpty()) {
            unfinished = grow(unfinished);
        }
        return growing.stream().map(Growing::draft).toList();
    }

    /** The larger model may have tokens that the small one has not. */
    private boolean canRead(int[] text) {
        return vocabSize <= runner.vocabSize() || Arrays.stream(text).allMatch(token -> token < runner.vocabSize());
    }

    /** Takes over a text, of which the part that is known already need not be read again. */
    private static void goOnWith(State state, int[] text) {
        int same = Arrays.mismatch(state.tokens, text);
        state.computed = Math.min(state.computed, same < 0 ? text.length : same);
        // The logits behind the last token are wanted.
        state.computed = Math.min(state.computed, text.length - 1);
        state.tokens = text;
    }

    /** Reads what is left of each text, guesses one token more, and gives the guesses that can grow further. */
    private List<Growing> grow(List<Growing> guesses) {
        List<Growing> batch = new ArrayList<>();
        List<Chunk> chunks = new ArrayList<>();
        for (Growing guess : guesses) {
            State state = guess.state;
            int end = Math.min(state.tokens.length, state.computed + MOST_READ);
            if (end <= runner.context() && reserve(state, end)) {
                int[] blocks = state.blocks.stream().mapToInt(Integer::intValue).toArray();
                boolean whole = end == state.tokens.length;
                int[] tokens = Arrays.copyOfRange(state.tokens, state.computed, end);
                chunks.add(new Chunk(tokens, state.computed, blocks, whole ? 1 : 0));
                batch.add(guess);
                state.computed = end;
            }
        }
        if (chunks.isEmpty()) {
            return List.of();
        }
        List<float[]> logits = runner.run(chunks);
        List<Growing> more = new ArrayList<>();
        int row = 0;
        for (int i = 0; i < batch.size(); i++) {
            if (chunks.get(i).logitRows() > 0 && guessOne(batch.get(i), logits.get(row++))) {
                more.add(batch.get(i));
            }
        }
        return more;
    }

    private boolean guessOne(Growing guess, float[] logits) {
        State state = guess.state;
        float[] known = logits.length == vocabSize ? logits : Arrays.copyOf(logits, vocabSize);
        if (logits.length < vocabSize) {
            Arrays.fill(known, logits.length, vocabSize, Float.NEGATIVE_INFINITY);
        }
        int token;
        if (state.greedy) {
            token = Logits.argmax(known);
        } else {
            double[] probabilities = state.sampler.probabilities(known);
            token = state.sampler.draw(probabilities);
            guess.probabilities.add(probabilities);
        }
        guess.tokens.add(token);
        state.tokens = Arrays.copyOf(state.tokens, state.tokens.length + 1);
        state.tokens[state.tokens.length - 1] = token;
        return guess.tokens.size() < guess.most;
    }

    private boolean reserve(State state, int positions) {
        while (state.blocks.size() * runner.blockTokens() < positions) {
            if (free.isEmpty()) {
                return false;
            }
            state.blocks.add(free.removeLast());
        }
        return true;
    }

    /** Frees what was kept for texts that are not being answered now. */
    private void forgetAllBut(List<Sequence> sequences) {
        IdentityHashMap<Sequence, Boolean> wanted = new IdentityHashMap<>();
        sequences.forEach(sequence -> wanted.put(sequence, true));
        states.entrySet().removeIf(entry -> {
            boolean gone = !wanted.containsKey(entry.getKey());
            if (gone) {
                free.addAll(entry.getValue().blocks);
            }
            return gone;
        });
    }

    @Override
    public void close() {
        runner.close();
    }
}
