package dev.mynah.train.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mynah.data.Message;
import dev.mynah.data.Role;
import dev.mynah.files.Digests;
import dev.mynah.files.config.Config;
import dev.mynah.tensor.Device;
import dev.mynah.tensor.Scope;
import dev.mynah.text.Tokenizers;
import dev.mynah.train.Ranks;
import dev.mynah.train.chat.ChatFormat;
import dev.mynah.train.chat.EncodedPrompt;
import dev.mynah.train.chat.TinyChat;
import dev.mynah.train.config.RoundsConfig;
import dev.mynah.train.ppo.TinyPolicy;
import dev.mynah.train.run.Provenance;
import dev.mynah.train.run.Provenance.Input;
import dev.mynah.train.run.SilentMonitor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Two rounds in which people rank, a script in their place. */
class RoundsTest {

    private static final String TRAIN =
            "train: {steps: 4, batch: 4, learning_rate: 1.0e-3, warmup_steps: 0, dtype: fp32, eval_every: 0, checkpoint_every: 2, threads: 1, peak_tflops: 1}\n";

    @TempDir
    private Path folder;

    @Test
    void roundsWaitForRankingsAndGoOn() throws IOException {
        TinyPolicy tiny = TinyPolicy.train(folder);
        Path reward = Files.writeString(folder.resolve("reward.yaml"), TRAIN);
        Path ppo = Files.writeString(
                folder.resolve("ppo.yaml"),
                TRAIN + "data: {paths: [\"" + tiny.prompts() + "\"]}\nppo: {max_tokens: 12, minibatches: 1}\n");
        RoundsConfig config = config(tiny, reward, ppo, "collect.prompts=12", "collect.max_tokens=12");
        assertBadConfigurationsAreToldFirst(tiny, reward);
        assertAnswersFit(config, tiny);
        assertRoomIsForTheEndToo(tiny);
        Path out = folder.resolve("rounds");
        for (int round = 1; round <= 2; round++) {
            int now = round;
            assertThatThrownBy(() -> run(config, out, true))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("The answers of round " + now + " wait in ");
            Path unranked = Files.copy(
                    out.resolve("round-" + round + "/answers.jsonl"),
                    out.resolve("round-" + round + "/rankings.jsonl"));
            assertThatThrownBy(() -> run(config, out, true))
                    .hasMessageStartingWith(unranked + ":1: the answers have no ranks");
            rank(out.resolve("round-" + round));
        }
        run(config, out, true);

        assertThat(out.resolve("model/model.safetensors"))
                .hasSameBinaryContentAs(out.resolve("round-2/ppo/model/model.safetensors"));
        assertThatThrownBy(() -> run(config, out, false)).hasMessageContaining("give --resume");
        assertFollows(out);
        assertWhatIsDoneIsHeldToWhatItRead(tiny, reward, ppo, out);
    }

    /** People go on ranking elsewhere while rounds are done. */
    private void assertWhatIsDoneIsHeldToWhatItRead(TinyPolicy tiny, Path reward, Path ppo, Path out)
            throws IOException {
        Path more = TinyChat.rankings(folder.resolve("more.jsonl"), 4);
        RoundsConfig three = config(
                tiny,
                reward,
                ppo,
                "collect.prompts=12",
                "collect.max_tokens=12",
                "rounds=3",
                "collect.rankings=[\"" + more + "\"]");
        assertThatThrownBy(() -> run(three, out, true)).hasMessageStartingWith("The answers of round 3 wait in ");
        Path own = out.resolve("round-1/rankings.jsonl");
        Files.writeString(own, Files.readString(own) + Files.readString(more));
        assertThatThrownBy(() -> run(three, out, true))
                .hasMessageStartingWith(
                        "What is in " + out.resolve("round-1/reward") + " was made from other files (data.paths)");
        Files.delete(more);
        assertThatThrownBy(() -> run(three, folder.resolve("gone"), false))
                .hasMessage("no such file or folder: " + more);
        assertThat(folder.resolve("gone/round-1")).doesNotExist();
    }

    private static RoundsConfig config(TinyPolicy tiny, Path reward, Path ppo, String... more) {
        List<String> all = new ArrayList<>(List.of(
                "model.path=" + tiny.policy(),
                "data.paths=[\"" + tiny.prompts() + "\"]",
                "reward=" + reward,
                "ppo=" + ppo));
        all.addAll(List.of(more));
        return Config.defaults(RoundsConfig.class, all);
    }

    private void assertBadConfigurationsAreToldFirst(TinyPolicy tiny, Path reward) throws IOException {
        Path misspelt = Files.writeString(folder.resolve("misspelt.yaml"), "ppo: {max_token: 12}\n");
        Path out = folder.resolve("never");
        assertThatThrownBy(() -> run(config(tiny, reward, misspelt), out, false))
                .hasMessageContaining("misspelt.yaml");
        assertThatThrownBy(() -> run(config(tiny, misspelt, reward), out, false))
                .hasMessageContaining("misspelt.yaml");
        assertThat(out.resolve("round-1")).doesNotExist();
    }

    /** At such a temperature most answers do not end, and the reward model could not read them. */
    private void assertAnswersFit(RoundsConfig config, TinyPolicy tiny) throws IOException {
        RoundsConfig hot =
                config(tiny, config.reward(), config.ppo(), "collect.max_tokens=64", "collect.temperature=50");
        Path out = folder.resolve("hot");
        assertThatThrownBy(() -> run(hot, out, false)).hasMessageContaining("wait in");
        ChatFormat format = new ChatFormat(Tokenizers.load(tiny.policy()));
        for (String line : Files.readAllLines(out.resolve("round-1/answers.jsonl"))) {
            JsonNode record = JsonMapper.shared().readTree(line);
            int[] prompt = format.prompt(List.of(new Message(
                    Role.USER, record.get("messages").get(0).get("content").asString())));
            for (JsonNode answer : record.get("answers")) {
                assertThat(format.joined(prompt, answer.asString())).hasSizeLessThanOrEqualTo(64);
            }
        }
    }

    private static void assertRoomIsForTheEndToo(TinyPolicy tiny) throws IOException {
        List<Message> asked = List.of(new Message(Role.USER, "the snow"));
        try (Scope scope = Scope.open()) {
            Answerer answerer = Answerer.open(tiny.policy(), Device.CPU, 1, 12, 1);
            assertThat(answerer.hasRoomFor(new EncodedPrompt(asked, new int[51])))
                    .isTrue();
            assertThat(answerer.hasRoomFor(new EncodedPrompt(asked, new int[52])))
                    .isFalse();
        }
    }

    /** From the result back to the policy of the first round, by checksums alone. */
    private static void assertFollows(Path out) throws IOException {
        Provenance last = Provenance.read(out.resolve("model").resolve(Provenance.FILE));
        assertThat(last.stage()).isEqualTo("ppo");
        assertThat(last.program()).startsWith("mynah ");
        assertThat(last.config()).contains("max_tokens: 12");
        Path before = out.resolve("round-1/ppo/model");
        assertThat(sha256(last, "model.path", before.resolve("model.safetensors")))
                .isEqualTo(Digests.ofFile(before.resolve("model.safetensors")));
        assertThat(sha256(last, "model.path", before.resolve(Provenance.FILE)))
                .isEqualTo(Digests.ofFile(before.resolve(Provenance.FILE)));
        Provenance reward = Provenance.read(out.resolve("round-2/reward/model").resolve(Provenance.FILE));
        for (int round = 1; round <= 2; round++) {
            Path rankings = out.resolve("round-" + round + "/rankings.jsonl");
            assertThat(sha256(reward, "data.paths", rankings)).isEqualTo(Digests.ofFile(rankings));
        }
        assertThat(sha256(last, "ppo.reward.path", out.resolve("round-2/reward/model/model.safetensors")))
                .hasSize(64);
    }

    private static String sha256(Provenance provenance, String key, Path file) {
        return provenance.inputs().stream()
                .filter(input ->
                        input.key().equals(key) && Path.of(input.path()).equals(file))
                .map(Input::sha256)
                .findFirst()
                .orElseThrow(() -> new AssertionError(key + " " + file + " is not in " + provenance.inputs()));
    }

    private static void run(RoundsConfig config, Path out, boolean resume) throws IOException {
        Rounds.run(config, TinyChat.options(out, resume), Ranks.connect(Map.of()), new SilentMonitor());
    }

    /** Prefers short answers. */
    private static void rank(Path round) throws IOException {
        List<String> ranked = new ArrayList<>();
        for (String line : Files.readAllLines(round.resolve("answers.jsonl"))) {
            ObjectNode record = (ObjectNode) JsonMapper.shared().readTree(line);
            ArrayNode ranks = record.putArray("ranks");
            List<Integer> lengths = new ArrayList<>();
            for (JsonNode answer : record.get("answers")) {
                lengths.add(answer.asString().length());
            }
            lengths.forEach(length -> ranks.add(
                    1 + lengths.stream().filter(other -> other < length).count()));
            if (lengths.stream().distinct().count() > 1) {
                ranked.add(JsonMapper.shared().writeValueAsString(record));
            }
        }
        Files.write(round.resolve("rankings.jsonl"), ranked);
    }
}
