package dev.mynah.train.recipe;

import dev.mynah.data.Rankings;
import dev.mynah.data.SourceFiles;
import dev.mynah.data.SourceSpec;
import dev.mynah.files.DurableFiles;
import dev.mynah.files.config.Config;
import dev.mynah.tensor.Scope;
import dev.mynah.train.Ranks;
import dev.mynah.train.RunOptions;
import dev.mynah.train.chat.ChatData;
import dev.mynah.train.chat.EncodedPrompt;
import dev.mynah.train.config.PolicySection.Rule;
import dev.mynah.train.config.PpoConfig;
import dev.mynah.train.config.RewardConfig;
import dev.mynah.train.config.RoundsConfig;
import dev.mynah.train.config.RoundsConfig.Collect;
import dev.mynah.train.loop.RowOrder;
import dev.mynah.train.poet.PoetRule;
import dev.mynah.train.ppo.Ppo;
import dev.mynah.train.ppo.Rollout;
import dev.mynah.train.reward.Reward;
import dev.mynah.train.reward.RewardFunction;
import dev.mynah.train.run.Monitor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * The loop of InstructGPT (Ouyang et al. 2022, section 3.1): answers of the newest policy are ranked, a reward model learns from all rankings so far, and PPO goes on from the newest policy against
 * it. All state is in the folders of the rounds; what is there is not done again.
 */
public final class Rounds {

    private final RoundsConfig config;
    private final StageChain stages;
    private final Monitor monitor;

    /**
     * Does the rounds that are left.
     *
     * @param options where the folders {@code round-1}, {@code round-2}, ... and {@code model} go
     * @param ranks this process alone
     * @throws IllegalArgumentException if answers wait to be ranked, or for configurations and data that do not fit
     */
    public static void run(RoundsConfig config, RunOptions options, Ranks ranks, Monitor monitor) throws IOException {
        if (ranks.size() > 1) {
            throw new IllegalArgumentException("rounds run in one process; start them without launch");
        }
        if (!options.resume() && Files.exists(options.out().resolve("round-1"))) {
            throw new IllegalArgumentException(
                    options.out() + " holds rounds already; give --resume to go on with them");
        }
        new Rounds(config, new StageChain(options, ranks, monitor), monitor).run();
    }

    private Rounds(RoundsConfig config, StageChain stages, Monitor monitor) {
        this.config = config;
        this.stages = stages;
        this.monitor = monitor;
    }

    private void run() throws IOException {
        List<String> own = new ArrayList<>();
        Path newest = config.model().path();
        // What cannot be read is told before anything is ranked.
        reward(List.of("rankings"));
        ppo(newest, stages.model("round-1/reward"));
        for (SourceSpec source :
                stages.options().datasets().resolve(config.collect().rankings())) {
            SourceFiles.named(source.path());
        }
        for (int round = 1; round <= config.rounds(); round++) {
            String name = "round-" + round;
            own.add(collected(round, newest).toString());
            List<String> all = new ArrayList<>(config.collect().rankings());
            all.addAll(own);
            // The rankings from elsewhere may have grown since a round was done.
            stages.stageOfGrowingData(name + "/reward", reward(all), reward(own), Reward::run);
            stages.stage(name + "/ppo", ppo(newest, stages.model(name + "/reward")), Ppo::run);
            newest = stages.model(name + "/ppo");
        }
        stages.keepModel("round-" + config.rounds() + "/ppo");
    }

    private RewardConfig reward(List<String> rankings) throws IOException {
        return Config.read(
                RewardConfig.class,
                config.reward(),
                List.of(
                        StageChain.path("model.path", config.model().path()),
                        StageChain.paths("data.paths", rankings)));
    }

    private PpoConfig ppo(Path policy, Path reward) throws IOException {
        return Config.read(
                PpoConfig.class,
                config.ppo(),
                List.of(StageChain.path("model.path", policy), StageChain.path("ppo.reward.path", reward)));
    }

    /** The round's rankings: made by rule, or by people from the answers that are laid out for them. */
    private Path collected(int round, Path policy) throws IOException {
        Path folder = Files.createDirectories(stages.folder("round-" + round));
        Path rankings = folder.resolve("rankings.jsonl");
        Path answers = folder.resolve("answers.jsonl");
        if (Files.exists(rankings)) {
            if (config.collect().rule() == null) {
                Rankings.requireRanks(rankings);
            }
            return rankings;
        }
        if (!Files.exists(answers)) {
            monitor.notice("Round " + round + ": answers to rank");
            write(round, policy, answers, rankings);
        }
        if (!Files.exists(rankings)) {
            throw new IllegalArgumentException("The answers of round " + round + " wait in " + answers
                    + " to be ranked: add \"ranks\" to each line, 1 for the best, save them as " + rankings
                    + ", and give the command again with --resume");
        }
        return rankings;
    }

    private void write(int round, Path policy, Path answers, Path rankings) throws IOException {
        Collect collect = config.collect();
        RunOptions options = stages.options();
        List<String> laidOut = new ArrayList<>();
        List<String> ranked = new ArrayList<>();
        RewardFunction rule = rule(collect.rule());
        try (Scope scope = Scope.open()) {
            Answerer answerer =
                    Answerer.open(policy, options.device(), config.seed(), collect.maxTokens(), collect.temperature());
            List<EncodedPrompt> prompts = prompts(round, answerer);
            Integer set = reward(List.of(rankings.toString())).model().context();
            int room = Math.min(
                    set == null ? Integer.MAX_VALUE : set, answerer.base().context());
            List<Rollout> written = answerer.answer(prompts, config.seed() + round);
            for (int from = 0; from < written.size(); from += collect.answers()) {
                int[] ids = prompts.get(from).ids();
                SequencedSet<String> texts = new LinkedHashSet<>();
                written.subList(from, from + collect.answers()).stream()
                        .map(Rollout::text)
                        .filter(text -> answerer.format().joined(ids, text).length <= room)
                        .forEach(texts::add);
                texts.removeIf(String::isBlank);
                if (texts.size() > 1) {
                    add(prompts.get(from), List.copyOf(texts), rule, laidOut, ranked);
                }
            }
        }
        if ((rule == null ? laidOut : ranked).isEmpty()) {
            throw new IllegalArgumentException(
                    "round " + round
                            + " has nothing to rank: the answers to each prompt were the same, or worth the same, or did not end within the context");
        }
        if (rule != null) {
            DurableFiles.write(rankings, lines(ranked));
        }
        DurableFiles.write(answers, lines(laidOut));
    }

    /** The prompts of a round, each as often as it is answered. */
    private List<EncodedPrompt> prompts(int round, Answerer answerer) throws IOException {
        Collect collect = config.collect();
        List<EncodedPrompt> all = ChatData.prompts(
                        config.data(),
                        stages.options().datasets(),
                        answerer.format(),
                        answerer.base().context(),
                        config.seed(),
                        monitor)
                .train();
        int count = Math.min(collect.prompts(), all.size());
        List<EncodedPrompt> chosen = new ArrayList<>();
        for (int row : new RowOrder(all.size(), config.seed()).range((long) (round - 1) * count, count)) {
            for (int k = 0; k < collect.answers(); k++) {
                chosen.add(all.get(row));
            }
        }
        return chosen;
    }

    private @Nullable RewardFunction rule(@Nullable Rule rule) throws IOException {
        return rule == null
                ? null
                : PoetRule.open(rule, config.data(), stages.options().datasets());
    }

    private static void add(
            EncodedPrompt prompt,
            List<String> answers,
            @Nullable RewardFunction rule,
            List<String> laidOut,
            List<String> ranked) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put(
                "messages",
                prompt.messages().stream()
                        .map(message -> Map.of("role", message.role().id(), "content", message.content()))
                        .toList());
        line.put("answers", answers);
        laidOut.add(JsonMapper.shared().writeValueAsString(line));
        if (rule != null) {
            double[] scores = rule.rewards(prompt.messages(), answers);
            if (Arrays.stream(scores).distinct().count() > 1) {
                line.put("ranks", ranks(scores));
                ranked.add(JsonMapper.shared().writeValueAsString(line));
            }
        }
    }

    /** 1 for the highest score, the same rank for the same score. */
    private static List<Integer> ranks(double[] scores) {
        return Arrays.stream(scores)
                .mapToObj(score -> 1
                        + (int) Arrays.stream(scores)
                                .distinct()
                                .filter(other -> other > score)
                                .count())
                .toList();
    }

    private static String lines(List<String> lines) {
        return lines.stream().map(line -> line + "\n").collect(Collectors.joining());
    }
}
