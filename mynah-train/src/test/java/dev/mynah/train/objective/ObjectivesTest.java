package dev.mynah.train.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mynah.data.Ranking;
import dev.mynah.tensor.Scope;
import dev.mynah.tensor.Tensor;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The objectives against PyTorch, values and gradients, on the numbers of objectives.json. */
class ObjectivesTest {

    private static final double CLOSE = 1e-5;

    private Scope scope;

    @BeforeEach
    void open() {
        scope = Scope.open();
    }

    @AfterEach
    void close() {
        scope.close();
    }

    private static JsonNode cases(String name) throws Exception {
        try (InputStream in = Objects.requireNonNull(ObjectivesTest.class.getResourceAsStream("objectives.json"))) {
            return JsonMapper.shared().readTree(in).get(name);
        }
    }

    private static double[] doubles(JsonNode array) {
        return IntStream.range(0, array.size())
                .mapToDouble(i -> array.get(i).doubleValue())
                .toArray();
    }

    private static Tensor tensor(JsonNode array) {
        double[] numbers = doubles(array);
        float[] floats = new float[numbers.length];
        IntStream.range(0, floats.length).forEach(i -> floats[i] = (float) numbers[i]);
        return Tensor.of(floats);
    }

    private static void assertClose(Tensor found, JsonNode expected) {
        float[] numbers = found.toFloats();
        double[] wanted = doubles(expected);
        assertThat(numbers).hasSize(wanted.length);
        for (int i = 0; i < wanted.length; i++) {
            assertThat((double) numbers[i]).isCloseTo(wanted[i], within(CLOSE));
        }
    }

    @Test
    void rankings() throws Exception {
        for (JsonNode one : cases("ranking")) {
            List<Integer> ranks = Arrays.stream(doubles(one.get("ranks")))
                    .mapToObj(rank -> (int) rank)
                    .toList();
            List<String> answers = ranks.stream().map(String::valueOf).toList();
            Ranking ranking = new Ranking(List.of(), answers, ranks, Path.of("x"), 1);
            Tensor rewards = tensor(one.get("rewards")).requiresGrad(true);
            Tensor loss = RankingLoss.of(rewards, ranking.pairs());
            loss.backward();
            assertThat(loss.item()).isCloseTo(one.get("loss").doubleValue(), within(CLOSE));
            assertClose(rewards.requireGrad(), one.get("gradient"));
        }
    }

    @Test
    void directPreferences() throws Exception {
        for (JsonNode one : cases("dpo")) {
            Tensor chosen = tensor(one.get("policy").get(0)).requiresGrad(true);
            Tensor rejected = tensor(one.get("policy").get(1)).requiresGrad(true);
            double beta = one.get("beta").doubleValue();
            Tensor losses = DpoLoss.of(
                    DpoLoss.rewards(chosen, tensor(one.get("reference").get(0)), beta),
                    DpoLoss.rewards(rejected, tensor(one.get("reference").get(1)), beta),
                    one.get("smoothing").doubleValue());
            losses.mean().backward();
            assertClose(losses.detach(), one.get("losses"));
            assertClose(chosen.requireGrad(), one.get("gradient").get(0));
            assertClose(rejected.requireGrad(), one.get("gradient").get(1));
        }
    }

    @Test
    void generalisedAdvantages() throws Exception {
        for (JsonNode one : cases("gae")) {
            Advantages.Estimate estimate = Advantages.gae(
                    doubles(one.get("rewards")),
                    doubles(one.get("values")),
                    one.get("gamma").doubleValue(),
                    one.get("lambda").doubleValue());
            assertThat(estimate.advantages()).containsExactly(doubles(one.get("advantages")), within(1e-12));
            assertThat(estimate.returns()).containsExactly(doubles(one.get("returns")), within(1e-12));
        }
    }

    @Test
    void whiteningAndGroups() throws Exception {
        JsonNode white = cases("whitening");
        assertThat(Advantages.whitened(doubles(white.get("numbers"))))
                .containsExactly(doubles(white.get("whitened")), within(1e-7));
        assertThat(Advantages.whitened(new double[] {2, 2})).containsExactly(0, 0);
        JsonNode group = cases("group");
        double[] rewards = doubles(group.get("rewards"));
        assertThat(Advantages.ofGroup(rewards, true)).containsExactly(doubles(group.get("scaled")), within(1e-12));
        assertThat(Advantages.ofGroup(rewards, false)).containsExactly(doubles(group.get("centred")), within(1e-12));
    }

    @Test
    void divergence() throws Exception {
        JsonNode one = cases("kl");
        double[] policy = doubles(one.get("policy"));
        double[] reference = doubles(one.get("reference"));
        for (int i = 0; i < policy.length; i++) {
            assertThat(Kl.k1(policy[i], reference[i]))
                    .isCloseTo(one.get("k1").get(i).doubleValue(), within(1e-12));
            assertThat(Kl.k3(policy[i], reference[i]))
                    .isCloseTo(one.get("k3").get(i).doubleValue(), within(1e-12));
        }
        Kl.Controller controller = new Kl.Controller(0.2, 6, 10_000);
        assertThat(controller.after(6, 256)).isEqualTo(controller);
        assertThat(controller.after(60, 256).coefficient()).isCloseTo(0.2 * (1 + 0.2 * 0.0256), within(1e-12));
        assertThat(controller.after(5.4, 256).coefficient()).isCloseTo(0.2 * (1 - 0.1 * 0.0256), within(1e-12));
    }

    @Test
    void proximalPolicies() throws Exception {
        JsonNode one = cases("ppo");
        double clip = one.get("clip").doubleValue();
        Tensor logProbs = tensor(one.get("log_probs")).requiresGrad(true);
        Tensor policy = PpoLoss.policy(logProbs, tensor(one.get("old_log_probs")), tensor(one.get("advantages")), clip);
        policy.mean().backward();
        assertClose(policy.detach(), one.get("policy_losses"));
        assertClose(logProbs.requireGrad(), one.get("policy_gradient"));
        Tensor values = tensor(one.get("values")).requiresGrad(true);
        Tensor losses = PpoLoss.value(values, tensor(one.get("old_values")), tensor(one.get("returns")), clip);
        losses.mean().backward();
        assertClose(losses.detach(), one.get("value_losses"));
        assertClose(values.requireGrad(), one.get("value_gradient"));
    }

    @Test
    void groupsOfAnswers() throws Exception {
        JsonNode one = cases("grpo");
        double[] lengths = doubles(one.get("lengths"));
        double[] group = Advantages.ofGroup(doubles(one.get("rewards")), true);
        GrpoLoss objective =
                new GrpoLoss(one.get("clip").doubleValue(), one.get("beta").doubleValue());
        int tokens = (int) Arrays.stream(lengths).sum();
        float[] advantages = new float[tokens];
        float[] weights = new float[tokens];
        int at = 0;
        for (int i = 0; i < lengths.length; i++) {
            for (int t = 0; t < lengths[i]; t++) {
                advantages[at] = (float) group[i];
                weights[at++] = (float) objective.weight((int) lengths[i], tokens, lengths.length);
            }
        }
        Tensor logProbs = tensor(one.get("log_probs")).requiresGrad(true);
        Tensor loss = objective
                .losses(logProbs, tensor(one.get("old_log_probs")), tensor(one.get("reference")), Tensor.of(advantages))
                .mul(Tensor.of(weights))
                .sum();
        loss.backward();
        assertThat(loss.item()).isCloseTo(one.get("loss").doubleValue(), within(CLOSE));
        assertClose(logProbs.requireGrad(), one.get("gradient"));
    }
}
