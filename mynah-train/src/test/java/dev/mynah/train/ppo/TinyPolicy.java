package dev.mynah.train.ppo;

import dev.mynah.files.config.Config;
import dev.mynah.train.Ranks;
import dev.mynah.train.chat.TinyChat;
import dev.mynah.train.config.RewardConfig;
import dev.mynah.train.config.SftConfig;
import dev.mynah.train.reward.Reward;
import dev.mynah.train.run.SilentMonitor;
import dev.mynah.train.sft.Sft;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A model that answers with one of three words, and a reward model that likes one of them.
 *
 * @param prompts a file of what it can be asked
 * @param policy folder of the model
 * @param reward folder of the reward model
 */
public record TinyPolicy(Path prompts, Path policy, Path reward) {

    /** Trains both. */
    public static TinyPolicy train(Path folder) throws IOException {
        Path base = TinyChat.model(folder.resolve("base"), true);
        StringBuilder conversations = new StringBuilder();
        String[] answers = {"good", "bad", "bad the bad"};
        for (int i = 0; i < 60; i++) {
            conversations.append(
                    "{\"messages\": [{\"role\": \"user\", \"content\": \"%d the snow\"}, {\"role\": \"assistant\", \"content\": \"%s\"}]}\n"
                            .formatted(i, answers[i % 3]));
        }
        Path prompts = Files.writeString(folder.resolve("prompts.jsonl"), conversations);
        List<String> common = List.of(
                "train.dtype=fp32",
                "train.eval_every=0",
                "train.checkpoint_every=0",
                "train.sample_every=0",
                "train.threads=1",
                "train.peak_tflops=1",
                "train.warmup_steps=0");
        List<String> sft = new ArrayList<>(common);
        sft.addAll(List.of(
                "model.path=" + base,
                "data.paths=[\"" + prompts + "\"]",
                "train.steps=80",
                "train.batch=8",
                "train.learning_rate=1e-2"));
        Sft.run(
                Config.defaults(SftConfig.class, sft),
                TinyChat.options(folder.resolve("sft"), false),
                Ranks.connect(Map.of()),
                new SilentMonitor());
        Path policy = folder.resolve("sft/model");
        Path rankings = TinyChat.rankings(folder.resolve("rankings.jsonl"), 60);
        List<String> model = new ArrayList<>(common);
        model.addAll(List.of(
                "model.path=" + policy,
                "data.paths=[\"" + rankings + "\"]",
                "train.steps=20",
                "train.batch=4",
                "train.learning_rate=3e-3"));
        Reward.run(
                Config.defaults(RewardConfig.class, model),
                TinyChat.options(folder.resolve("reward"), false),
                Ranks.connect(Map.of()),
                new SilentMonitor());
        return new TinyPolicy(prompts, policy, folder.resolve("reward/model"));
    }
}
