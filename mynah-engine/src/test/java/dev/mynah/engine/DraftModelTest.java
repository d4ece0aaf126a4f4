package dev.mynah.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A model that guesses for another changes nothing but how many passes that takes. */
class DraftModelTest {
    private static final int GUESSES = 4;

    private static SamplingOptions.Builder greedy(int tokens) {
        return SamplingOptions.builder().temperature(0).maxTokens(tokens);
    }

    private static ToyScheduler toy(int running, int blocks, float noise, int draftBlocks) {
        DraftModel draft = new DraftModel(new ToyRunner(200, 4, draftBlocks, noise), ToyRunner.VOCAB);
        return new ToyScheduler(new ToyRunner(200, 4, blocks), new EngineOptions(running, 0, GUESSES), draft);
    }

    @Test
    void anEqualModelSavesFourPassesOfFive() {
        ToyScheduler toy = toy(1, 60, 0, 60);
        GenerationRequest request = ToyScheduler.request(
                new int[] {1, 2, 3}, greedy(101).ignoreEos(true).build(), 0);
        ToyScheduler.Ask ask = toy.submit(request, 1);
        toy.runToEnd();
        assertThat(ask.only().tokens).hasSize(101);
        assertThat(toy.scheduler.metrics().steps()).isEqualTo(21);
    }

    /** Also where guesses fail, sequences are pre-empted, and the small model is short of memory. */
    @Test
    void whatIsNotSampledIsTheSame() {
        Random random = new Random(5);
        for (int draftBlocks : new int[] {200, 9, 0}) {
            ToyScheduler toy = toy(6, 40, 1, draftBlocks);
            List<ToyScheduler.Ask> asks = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                int[] prompt =
                        random.ints(1 + random.nextInt(60), 0, ToyRunner.VOCAB).toArray();
                asks.add(toy.submit(ToyScheduler.request(prompt, greedy(30).build(), 0), 1));
            }
            toy.runToEnd();
            for (ToyScheduler.Ask ask : asks) {
                assertThat(ask.only().tokens).isEqualTo(ToyScheduler.alone(ask.request(), 0, 160));
            }
        }
    }

    /** Texts of four tokens, of which the second to fourth are guessed: their frequencies against the products of the probabilities, by Pearson's chi-square. */
    @Test
    void whatIsSampledHasTheSameDistribution() {
        int texts = 20_000;
        int[] prompt = {3, 1, 4, 1, 5};
        SamplingOptions.Builder options =
                SamplingOptions.builder().temperature(1.3).topK(3).maxTokens(4).ignoreEos(true);
        Map<List<Integer>, Double> expected = new HashMap<>();
        spread(new Sampler(options.build()), prompt, List.of(), 1, expected);
        Map<List<Integer>, Integer> counts = new HashMap<>();
        ToyScheduler toy = toy(32, 400, 1.5f, 400);
        for (int from = 0; from < texts; from += 400) {
            List<ToyScheduler.Ask> asks = new ArrayList<>();
            for (int i = from; i < from + 400; i++) {
                asks.add(toy.submit(prompt, options.seed(i).build()));
            }
            while (!toy.scheduler.isIdle()) {
                toy.scheduler.step();
            }
            asks.forEach(ask -> counts.merge(List.copyOf(ask.only().tokens), 1, Integer::sum));
        }
        assertThat(expected.keySet()).containsAll(counts.keySet());
        double chiSquare = 0;
        int cells = 0;
        double rareExpected = 0;
        double rareFound = 0;
        for (Map.Entry<List<Integer>, Double> cell : expected.entrySet()) {
            double wanted = cell.getValue() * texts;
            int found = counts.getOrDefault(cell.getKey(), 0);
            if (wanted < 5) {
                rareExpected += wanted;
                rareFound += found;
            } else {
                chiSquare += (found - wanted) * (found - wanted) / wanted;
                cells++;
            }
        }
        if (rareExpected >= 5) {
            chiSquare += (rareFound - rareExpected) * (rareFound - rareExpected) / rareExpected;
            cells++;
        }
        int freedom = cells - 1;
        // The 99.99% quantile is below this.
        assertThat(chiSquare).isLessThan(freedom + 4 * Math.sqrt(2.0 * freedom) + 8);
        assertThat(freedom).isGreaterThan(30);
    }

    /** The probability of every text of four tokens. */
    private static void spread(
            Sampler sampler, int[] before, List<Integer> text, double probability, Map<List<Integer>, Double> all) {
        if (text.size() == 4) {
            all.put(text, probability);
            return;
        }
        double[] next = sampler.probabilities(ToyRunner.logits(before, before.length));
        for (int id = 0; id < next.length; id++) {
            if (next[id] > 0) {
                int[] longer = Arrays.copyOf(before, before.length + 1);
                longer[before.length] = id;
                List<Integer> further = new ArrayList<>(text);
                further.add(id);
                spread(sampler, longer, List.copyOf(further), probability * next[id], all);
            }
        }
    }
}
