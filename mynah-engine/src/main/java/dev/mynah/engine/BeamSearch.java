package dev.mynah.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Looks for probable continuations of a prompt, a few at a time. As in Hugging Face transformers (without early stopping): of all ways to lengthen the beams by a token the best go on;
 * those that end compete by the mean of their log-probabilities, and the search is over when no beam looks as if it could still be better than the worst of them.
 *
 * <p>Beams share the blocks of what they have in common, and copy the one that they write to. The runner's cache is used by the search alone.
 */
public final class BeamSearch {
    private static final int PROMPT_PIECE = 256;

    private final ModelRunner runner;
    private final Set<Integer> endIds;
    private final int width;
    private final double lengthPenalty;

    /**
     * What was found.
     *
     * @param tokens what follows the prompt, a token that ends a text included
     * @param score  sum of the tokens' log-probabilities over their number to the power of the length penalty
     */
    public record Found(List<Integer> tokens, double score) {
        public Found {
            tokens = List.copyOf(tokens);
        }
    }

    /** A text that may go on. */
    private record Beam(List<Integer> tokens, double logProb, List<Integer> blocks) {}

    /** A way to lengthen a beam. */
    private record Candidate(Beam beam, int token, double logProb) {}

    /**
     * A search.
     *
     * @param endIds        tokens that end a text
     * @param width         number of beams
     * @param lengthPenalty above 0 longer texts are better off, below 0 shorter ones; 1 compares means
     */
    public BeamSearch(ModelRunner runner, Set<Integer> endIds, int width, double lengthPenalty) {
        if (width < 1) {
            throw new IllegalArgumentException("a beam search needs at least 1 beam, not " + width);
        }
        this.runner = runner;
        this.endIds = Set.copyOf(endIds);
        this.width = width;
        this.lengthPenalty = lengthPenalty;
    }

    /**
     * Searches for continuations of up to {@code maxTokens}, or up to one token beyond the full context.
     *
     * @return at most as many as there are beams, the best first
     * @throws IllegalArgumentException if the prompt is empty or longer than the context, or the beams may not fit into the cache
     */
    public List<Found> search(int[] prompt, int maxTokens) {
        if (prompt.length == 0) {
            throw new IllegalArgumentException("the prompt is empty: the model needs at least one token to go on from");
        }
        if (prompt.length > runner.context()) {
            throw new PromptTooLongException(prompt.length, runner.context());
        }
        int limit = Math.min(maxTokens, runner.context() - prompt.length + 1);
        return new Search(prompt.length, limit).run(prompt);
    }

    private final class Search {
        private final BlockPool pool = new BlockPool(runner.blocks(), runner.blockTokens());
        private final int promptLength;
        private final int limit;
        private List<Beam> beams = List.of();
        private List<Found> finished = List.of();

        Search(int promptLength, int limit) {
            this.promptLength = promptLength;
            this.limit = limit;
            int shared = promptLength / pool.blockTokens();
            // While a beam copies a block, those that gave theirs up have been counted already.
            long most = shared + (long) width * (pool.blocksFor(promptLength + limit) - shared) + 1;
            if (most > pool.size()) {
                throw new IllegalArgumentException("%d beams of %d tokens may need %d blocks of the cache, which has %d"
                        .formatted(width, promptLength + limit, most, pool.size()));
            }
        }

        List<Found> run(int[] prompt) {
            Beam first = new Beam(List.of(), 0, take(pool.blocksFor(promptLength)));
            choose(List.of(first), List.of(read(prompt, first)), 1);
            for (int length = 2; length <= limit && !beams.isEmpty() && isWorthIt(length - 1); length++) {
                List<float[]> logits = next();
                choose(beams, logits, length);
            }
            return finished;
        }

        private List<Integer> take(int count) {
            return Stream.generate(pool::take).limit(count).toList();
        }

        private float[] read(int[] prompt, Beam beam) {
            List<float[]> logits = List.of();
            for (int start = 0; start < prompt.length; start += PROMPT_PIECE) {
                int end = Math.min(start + PROMPT_PIECE, prompt.length);
                int[] piece = Arrays.copyOfRange(prompt, start, end);
                logits = runner.run(List.of(chunk(beam, piece, start, end == prompt.length ? 1 : 0)));
            }
            return logits.getFirst();
        }

        /** The logits behind the last token of each beam. */
        private List<float[]> next() {
            beams = beams.stream().map(this::withRoom).toList();
            return runner.run(beams.stream()
                    .map(beam -> chunk(beam, new int[] {beam.tokens.getLast()}, position(beam), 1))
                    .toList());
        }

        private int position(Beam beam) {
            return promptLength + beam.tokens.size() - 1;
        }

        /** With a block of its own for the last token. */
        private Beam withRoom(Beam beam) {
            List<Integer> blocks = new ArrayList<>(beam.blocks);
            int place = position(beam) / pool.blockTokens();
            if (place == blocks.size()) {
                blocks.add(pool.take());
            } else if (pool.isShared(blocks.get(place))) {
                int copy = pool.take();
                runner.copyBlock(blocks.get(place), copy);
                pool.release(blocks.set(place, copy));
            }
            return new Beam(beam.tokens, beam.logProb, blocks);
        }

        /** Lengthens beams to {@code length} tokens, by what their logits say. */
        private void choose(List<Beam> parents, List<float[]> logits, int length) {
            List<Beam> longer = new ArrayList<>();
            List<Found> ended = new ArrayList<>(finished);
            int rank = 0;
            for (Candidate candidate : candidates(parents, logits)) {
                List<Integer> tokens = new ArrayList<>(candidate.beam.tokens);
                tokens.add(candidate.token);
                if (length == limit || endIds.contains(candidate.token)) {
                    if (rank < width) {
                        ended.add(new Found(tokens, score(candidate.logProb, length)));
                    }
                } else if (longer.size() < width) {
                    candidate.beam.blocks.forEach(pool::share);
                    longer.add(new Beam(tokens, candidate.logProb, candidate.beam.blocks));
                }
                rank++;
            }
            parents.forEach(parent -> parent.blocks.forEach(pool::release));
            beams = longer;
            ended.sort(Comparator.comparingDouble((Found found) -> -found.score));
            finished = List.copyOf(ended.subList(0, Math.min(width, ended.size())));
        }

        /** The best, enough that {@code width} remain if all tokens that end a text are among them. */
        private List<Candidate> candidates(List<Beam> parents, List<float[]> logits) {
            int count = Math.max(2, 1 + endIds.size()) * width;
            List<Candidate> candidates = new ArrayList<>();
            for (int i = 0; i < parents.size(); i++) {
                Beam parent = parents.get(i);
                Logits.requireGreatest(logits.get(i));
                for (TokenLogProb.Alternative next :
                        Logits.logProb(logits.get(i), 0, count).top()) {
                    candidates.add(new Candidate(parent, next.token(), parent.logProb + next.logProb()));
                }
            }
            candidates.sort(Comparator.comparingDouble((Candidate candidate) -> -candidate.logProb));
            return candidates.subList(0, Math.min(count, candidates.size()));
        }

        private double score(double logProb, int length) {
            return logProb / Math.pow(length, lengthPenalty);
        }

        /** Whether the best beam, as long as it is, is better than the worst that ended. */
        private boolean isWorthIt(int length) {
            return finished.size() < width || score(beams.getFirst().logProb, length) > finished.getLast().score;
        }

        private ModelRunner.Chunk chunk(Beam beam, int[] tokens, int start, int logitRows) {
            int[] blocks = beam.blocks.stream().mapToInt(Integer::intValue).toArray();
            return new ModelRunner.Chunk(tokens, start, blocks, logitRows);
        }
    }
}
